/** Switches an output on for a while, again and again. */
import { Signal } from "../core/signal";
import * as switches from "./needs/switches";
import { Rule } from "./rule";

@final
export class Every extends Rule {
  private next: u64 = 0;
  private isFirst: bool = true;
  /** Contacts and sensors need a moment after the start: the first time waits until the condition is known, which it was not when it had changed so often. */
  private isWaiting: bool = false;
  private seen: u32 = 0;

  /** Times in nanoseconds; null: nothing has to be true. */
  constructor(
    private readonly period: u64,
    private readonly first: u64,
    private readonly condition: Signal | null,
    private readonly output: i32,
    private readonly length: u64,
  ) {
    super();
  }

  start(now: u64): void {
    this.next = now + this.first;
    this.isFirst = true;
    this.isWaiting = false;
  }

  poll(now: u64): void {
    if (now < this.next) return;
    const condition = this.condition;
    this.isWaiting = this.isFirst && condition != null && !condition.isKnown && now - this.next < this.period;
    if (this.isWaiting) {
      this.seen = condition!.changes;
      return;
    }
    this.isFirst = false;
    this.next += this.period * (1 + (now - this.next) / this.period);
    if (condition == null || condition.isOn) switches.pulse(this.output, this.length);
  }

  deadline(): u64 {
    if (!this.isWaiting) return this.next;
    return this.seen == this.condition!.changes ? this.next + this.period : 0;
  }
}
