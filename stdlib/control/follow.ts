/** Does with an output what a signal does. */
import { Signal } from "../core/signal";
import * as switches from "./needs/switches";
import { NEVER, Rule, Unknown } from "./rule";

@final
export class Follow extends Rule {
  private seen: u32 = 0;
  private isOn: bool = false;
  private isIdle: bool = true;
  /** When the output goes off after the signal; `NEVER`: it does not. */
  private ends: u64 = NEVER;

  constructor(
    private readonly input: Signal,
    private readonly isInverse: bool,
    private readonly output: i32,
    /** Nanoseconds. */
    private readonly linger: u64,
    private readonly unknown: u32,
  ) {
    super();
  }

  start(_now: u64): void {
    this.seen = this.input.changes;
    this.isOn = false;
    this.isIdle = true;
    this.ends = NEVER;
  }

  poll(now: u64): void {
    this.seen = this.input.changes;
    if (!this.input.isKnown) {
      if (this.isIdle || this.unknown == Unknown.keep) return;
      this.isIdle = true;
      this.isOn = false;
      this.ends = NEVER;
      switches.release(this.output);
      return;
    }
    const should = this.input.isOn != this.isInverse;
    if (this.isIdle) {
      this.isIdle = false;
      switches.want(this.output, should);
      this.isOn = should;
      return;
    }
    if (should) {
      this.ends = NEVER;
      if (!this.isOn) switches.want(this.output, true);
      this.isOn = true;
    } else if (this.isOn) {
      if (this.ends == NEVER) this.ends = now + this.linger;
      if (now < this.ends) return;
      this.ends = NEVER;
      this.isOn = false;
      switches.want(this.output, false);
    }
  }

  deadline(): u64 {
    return this.seen != this.input.changes ? 0 : this.ends;
  }
}
