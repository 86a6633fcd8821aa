/** When slow start is to end before there is a loss: HyStart++, RFC 9406. */
import { before } from "./sequence";

const NONE: u64 = u64.MAX_VALUE;
/** RFC 9406 4.3: MIN_RTT_THRESH, MAX_RTT_THRESH, MIN_RTT_DIVISOR, N_RTT_SAMPLE, CSS_GROWTH_DIVISOR, CSS_ROUNDS. */
const LEAST: u64 = 4_000_000;
const MOST: u64 = 16_000_000;
const DIVISOR: u64 = 8;
const SAMPLES: u32 = 8;
const SLOWER: u32 = 4;
const ROUNDS: u32 = 5;

@final
export class HyStart {
  private roundEnd: u32 = 0;
  private hasRound: bool = false;
  private current: u64 = NONE;
  private last: u64 = NONE;
  private samples: u32 = 0;
  /** In conservative slow start: what the round trip was before. */
  private baseline: u64 = NONE;
  private isCareful: bool = false;
  private rounds: u32 = 0;

  begin(): void {
    this.hasRound = false;
    this.current = NONE;
    this.last = NONE;
    this.samples = 0;
    this.isCareful = false;
    this.rounds = 0;
  }

  growth(bytes: u32): u32 {
    return this.isCareful ? bytes / SLOWER : bytes;
  }

  isOver(): bool {
    return this.isCareful && this.rounds >= ROUNDS;
  }

  measured(trip: u64, acknowledged: u32, next: u32): void {
    if (!this.hasRound || !before(acknowledged, this.roundEnd)) this.newRound(next);
    this.current = min(this.current, trip);
    this.samples += 1;
    if (this.samples < SAMPLES || this.last == NONE) return;
    if (this.isCareful) {
      // The round trip has shrunk again: it was not the queue.
      if (this.current < this.baseline) {
        this.isCareful = false;
        this.baseline = NONE;
      }
      return;
    }
    const more = max(LEAST, min(this.last / DIVISOR, MOST));
    if (this.current < this.last + more) return;
    this.baseline = this.current;
    this.isCareful = true;
    this.rounds = 0;
  }

  private newRound(next: u32): void {
    if (this.isCareful) this.rounds += 1;
    this.hasRound = true;
    this.roundEnd = next;
    this.last = this.current;
    this.current = NONE;
    this.samples = 0;
  }
}
