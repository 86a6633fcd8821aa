/** Switches at one value and back at another. */
import { Signal } from "../core/signal";
import * as switches from "./needs/switches";
import { NEVER, Rule, Unknown } from "./rule";

@final
export class Hysteresis extends Rule {
  private seen: u32 = 0;
  private isOn: bool = false;
  /** Nothing was known: what was driven before counts for nothing. */
  private isIdle: bool = true;
  /** Since when the value has been where the output would switch; `NEVER`: it is not there. */
  private since: u64 = NEVER;

  /** Cooling is on above `on` and off below `off`; heating the other way round. */
  constructor(
    private readonly input: Signal,
    private readonly on: i64,
    private readonly off: i64,
    private readonly isHeating: bool,
    private readonly output: i32,
    /** Nanoseconds. */
    private readonly hold: u64,
    private readonly unknown: u32,
  ) {
    super();
  }

  start(_now: u64): void {
    this.isOn = false;
    this.isIdle = true;
    this.since = NEVER;
    this.seen = this.input.changes;
  }

  poll(now: u64): void {
    this.seen = this.input.changes;
    if (!this.input.isKnown) {
      this.since = NEVER;
      if (this.isIdle || this.unknown == Unknown.keep) return;
      this.isIdle = true;
      this.isOn = false;
      switches.release(this.output);
      return;
    }
    const value = this.input.value;
    // Between the two values a rule that begins leaves the output off.
    if (this.isIdle) {
      this.isIdle = false;
      switches.want(this.output, false);
    }
    const limit = this.isOn ? this.off : this.on;
    const isPast = this.isOn == this.isHeating ? value > limit : value < limit;
    if (!isPast) {
      this.since = NEVER;
      return;
    }
    if (this.since == NEVER) this.since = now;
    if (now - this.since < this.hold) return;
    this.since = NEVER;
    this.isOn = !this.isOn;
    switches.want(this.output, this.isOn);
  }

  deadline(): u64 {
    if (this.seen != this.input.changes) return 0;
    return this.since == NEVER ? NEVER : this.since + this.hold;
  }
}
