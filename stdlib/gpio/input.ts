/** A contact: its level counts when it has stayed for a while. */
import { Signal } from "../core/signal";
import * as pins from "./needs/pins";

@final
export class Input {
  private level: bool = false;
  /** Since when it has this level. */
  private since: u64 = 0;

  constructor(
    private readonly pin: u32,
    /** 0 none, 1 up, 2 down. */
    private readonly pull: u32,
    private readonly isClosedHigh: bool,
    /** Nanoseconds. */
    private readonly debounce: u64,
    private readonly closed: Signal,
  ) {}

  start(now: u64): void {
    this.closed.forget();
    pins.input(this.pin, this.pull);
    pins.watch(this.pin);
    this.level = pins.level(this.pin);
    this.since = now;
  }

  update(now: u64): void {
    const level = pins.level(this.pin);
    if (level != this.level) {
      this.level = level;
      this.since = now;
    }
    if (now - this.since >= this.debounce) this.closed.set(this.isClosed() ? 1 : 0);
  }

  private isClosed(): bool {
    return this.level == this.isClosedHigh;
  }

  /** When a level that is new counts, if it stays. A change of it ends sleep by itself. */
  deadline(): u64 {
    const isSettled = this.closed.isKnown && this.closed.isOn == this.isClosed();
    return isSettled ? u64.MAX_VALUE : this.since + this.debounce;
  }
}
