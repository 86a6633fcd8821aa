/**
 * How much may be on its way: CUBIC, RFC 9438, with HyStart++ (RFC 9406) in slow start. The rest of TCP knows only the methods of
 * Congestion: another algorithm would be another class with them. Bytes, and times in milliseconds.
 */
import { HyStart } from "./hystart";

/** RFC 6928 2: ten segments. */
const INITIAL: u32 = 10;
/** RFC 5681 3.1: not below two segments after a loss. */
const LEAST: u32 = 2;
const MOST: u32 = 1 << 28;

const noStart = new HyStart();

@final
export class Congestion {
  window: u32 = 0;
  threshold: u32 = u32.MAX_VALUE;
  /** RFC 9438 4.1.2: W_max, the start of the epoch, K, W_est and what is left of its last step. */
  private most: u32 = 0;
  private since: u64 = 0;
  private turning: u64 = 0;
  private friendly: u64 = 0;
  private before: u32 = 0;
  private segment: u32 = 536;
  private rest: u64 = 0;
  start: HyStart = noStart;

  begin(segment: u32): void {
    this.segment = segment;
    this.window = INITIAL * segment;
    this.threshold = u32.MAX_VALUE;
    this.most = 0;
    this.since = 0;
    this.rest = 0;
    this.before = this.window;
    this.start.begin();
  }

  /** So many bytes were acknowledged while the window was in use. `trip`: the smoothed round trip. */
  acknowledged(bytes: u32, now: u64, trip: u64): void {
    if (this.window < this.threshold) return this.slowStart(bytes);
    const time = now / 1_000_000;
    if (this.since == 0) this.beginEpoch(time);
    // RFC 9438 4.2: the window one round trip from now, and no more than half as much again.
    const ahead = time - this.since + trip / 1_000_000;
    const goal = min(max(this.cubic(ahead), this.window), this.window + this.window / 2);
    this.grow(goal, bytes);
    this.estimate(bytes);
    if (this.friendly > <u64>this.window) this.window = min(<u32>this.friendly, MOST);
  }

  private slowStart(bytes: u32): void {
    // RFC 9406 4.2: without pacing at most eight segments at once.
    const more = this.start.growth(min(bytes, 8 * this.segment));
    this.window = min(this.window + more, MOST);
    if (this.start.isOver()) this.threshold = this.window;
  }

  /** A round trip was measured; `acknowledged` and `next` are the sequence numbers of RFC 9406 4.2. */
  measured(trip: u64, acknowledged: u32, next: u32): void {
    if (this.window < this.threshold) this.start.measured(trip, acknowledged, next);
  }

  private beginEpoch(time: u64): void {
    this.since = time;
    this.friendly = <u64>this.window;
    this.rest = 0;
    if (this.most <= this.window) {
      this.most = this.window;
      this.turning = 0;
      return;
    }
    // RFC 9438 4.2: K = cbrt((W_max - cwnd) / C), C = 0.4 segments a second cubed; in milliseconds.
    this.turning = cubeRoot((<u64>(this.most - this.window) * 2_500_000_000) / <u64>this.segment);
  }

  /** RFC 9438 4.2: C (t - K)^3 + W_max. */
  private cubic(time: u64): u32 {
    const isLater = time >= this.turning;
    // A minute more than this makes any window too large.
    const far = min(isLater ? time - this.turning : this.turning - time, 60_000);
    const step = (((far * far * far) / 10_000) * <u64>this.segment * 4) / 1_000_000;
    if (isLater) return <u32>min<u64>(<u64>this.most + step, <u64>MOST);
    return step > <u64>this.most ? 0 : this.most - <u32>step;
  }

  /** RFC 9438 4.4, 4.5: towards the goal within a round trip. */
  private grow(goal: u32, bytes: u32): void {
    this.rest += <u64>(goal - this.window) * <u64>bytes;
    const more = this.rest / <u64>this.window;
    this.rest %= <u64>this.window;
    this.window = <u32>min<u64>(<u64>this.window + more, <u64>MOST);
  }

  /** RFC 9438 4.3: what Reno would do with the same losses: alpha = 3 (1 - 0.7) / (1 + 0.7) until it is where it was, then 1. */
  private estimate(bytes: u32): void {
    const step = (<u64>this.segment * <u64>bytes) / <u64>max(this.window, 1);
    this.friendly += this.friendly < <u64>this.before ? (step * 9) / 17 : step;
  }

  /** A loss, told by acknowledgements: once for each window. */
  lost(): void {
    this.before = this.window;
    // RFC 9438 4.7: fast convergence. Who had less than before leaves room to others.
    this.most = this.window < this.most ? <u32>((<u64>this.window * 17) / 20) : this.window;
    this.threshold = max(<u32>((<u64>this.window * 7) / 10), LEAST * this.segment);
    this.window = this.threshold;
    this.since = 0;
  }

  /** A timeout: RFC 9438 4.8, RFC 5681 3.1. `isFirst`: not the same segment once more. */
  timedOut(isFirst: bool): void {
    if (isFirst) this.lost();
    this.window = this.segment;
    this.since = 0;
  }

  /** Nothing was sent for longer than a timeout: RFC 5681 4.1. */
  idle(): void {
    this.window = min(this.window, INITIAL * this.segment);
    this.since = 0;
  }

  /** Segments are to be shorter from now on. */
  resize(segment: u32): void {
    this.segment = segment;
  }
}

/** The largest number whose cube is not larger. */
export function cubeRoot(value: u64): u64 {
  let root: u64 = 0;
  let bit: u64 = 1 << 20;
  while (bit > 0) {
    const next = root | bit;
    if (next * next * next <= value) root = next;
    bit >>= 1;
  }
  return root;
}
