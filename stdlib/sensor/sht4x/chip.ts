/** One chip: it is told to measure, and read when it has. SHT4x data sheet, sections 3.2 and 4. */
import { Bytes } from "../../core/bytes";
import { Level } from "../../core/level";
import { Signal } from "../../core/signal";
import { Outcome } from "../../i2c/outcome";
import { isSound } from "./check";
import * as bus from "./needs/bus";
import { now as clock } from "./needs/clock";
import * as log from "./needs/log";

/** A value that has not come so often is no longer known. */
const MOST_FAILURES: u32 = 3;
/** Of the power, before it can be asked: section 3.2, with a margin. */
const START_UP: u64 = 2_000_000;
const NEVER: u64 = u64.MAX_VALUE;

/** Besides those of the bus. */
const GARBLED: u32 = 5;
/** By `Outcome`, measurements that came at 0. */
export const counts = new StaticArray<u64>(6);

const room = new Bytes(new StaticArray<u8>(6), 0, 6);

@final
export class Chip {
  private next: u64 = 0;
  /** When the measurement under way can be read; `NEVER`: there is none. */
  private readyAt: u64 = NEVER;
  private failures: u32 = 0;

  constructor(
    private readonly label: string,
    private readonly wires: i32,
    private readonly address: u32,
    /** Nanoseconds. */
    private readonly every: u64,
    private readonly command: u32,
    /** How long that takes at most, in nanoseconds. */
    private readonly takes: u64,
    /** Millionths of a degree. */
    private readonly offset: i64,
    private readonly temperature: Signal,
    private readonly humidity: Signal,
  ) {}

  start(now: u64): void {
    this.next = now + START_UP;
    this.readyAt = NEVER;
    this.failures = 0;
    this.temperature.forget();
    this.humidity.forget();
  }

  poll(now: u64): void {
    if (now >= this.readyAt) this.finish();
    if (now < this.next) return;
    this.next += this.every * (1 + (now - this.next) / this.every);
    room.setU8(0, this.command);
    const outcome = bus.write(this.wires, this.address, room, 1);
    if (outcome == Outcome.done) this.readyAt = clock() + this.takes;
    else this.fail(outcome);
  }

  deadline(): u64 {
    return min(this.next, this.readyAt);
  }

  private finish(): void {
    this.readyAt = NEVER;
    const outcome = bus.read(this.wires, this.address, room, 6);
    if (outcome != Outcome.done) return this.fail(outcome);
    if (!isSound(room, 0) || !isSound(room, 3)) return this.fail(GARBLED);
    counts[Outcome.done] += 1;
    if (this.failures >= MOST_FAILURES && log.at(Level.notice)) {
      log.text(this.label);
      log.text(": measures again");
      log.end();
    }
    this.failures = 0;
    // Section 4.6, to a hundredth of a degree and of a percent, which is what the chip resolves.
    const degrees = (<i64>room.be16(0) * 175_000_000) / 65_535 - 45_000_000 + this.offset;
    const percent = (<i64>room.be16(3) * 125_000_000) / 65_535 - 6_000_000;
    this.temperature.set(rounded(degrees));
    this.humidity.set(rounded(min(max(percent, 0), 100_000_000)));
  }

  private fail(why: u32): void {
    counts[<i32>why] += 1;
    this.failures += 1;
    if (this.failures != MOST_FAILURES) return;
    this.temperature.forget();
    this.humidity.forget();
    if (!log.at(Level.warning)) return;
    log.text(this.label);
    log.text(": not known any more: ");
    log.text(this.reason(why));
    log.end();
  }

  private reason(why: u32): string {
    if (why == GARBLED) return "its answers are garbled";
    if (why == Outcome.refused) return "it does not answer";
    if (why == Outcome.stretched) return "the clock of its bus is held down";
    return "the data line of its bus is held down";
  }

  get isLost(): bool {
    return this.failures >= MOST_FAILURES;
  }

  get name(): string {
    return this.label;
  }
}

function rounded(millionths: i64): i64 {
  const half: i64 = millionths < 0 ? -5000 : 5000;
  return ((millionths + half) / 10_000) * 10_000;
}

/** In the order of the description. */
export const chips: Array<Chip> = [];
