/** A switch: what asks for it, and how long it may be on and must rest. */
import { Signal } from "../core/signal";
import * as pins from "./needs/pins";

const NEVER: u64 = u64.MAX_VALUE;

@final
export class Output {
  private isOn: bool = false;
  /** A rule wants it on. */
  private isWanted: bool = false;
  /** Until when a pulse has it on; 0: there is none. */
  private pulseEnd: u64 = 0;
  private mayBeOnUntil: u64 = NEVER;
  private restsUntil: u64 = 0;
  /** It was on for as long as it may be. Whoever wants it on has to ask anew. */
  private isSpent: bool = false;

  constructor(
    private readonly pin: u32,
    private readonly isActiveHigh: bool,
    private readonly isSafeOn: bool,
    private readonly isOpenDrain: bool,
    /** How long it may be on, in nanoseconds; `NEVER`: as long as anybody likes. */
    private readonly most: u64,
    /** How long it is off at least. */
    private readonly rest: u64,
    private readonly state: Signal,
  ) {}

  /** Its safe state. When it was off last nobody knows, so it rests from now on. */
  start(now: u64): void {
    this.isOn = this.isSafeOn;
    this.isWanted = this.isSafeOn;
    this.pulseEnd = 0;
    this.mayBeOnUntil = NEVER;
    this.restsUntil = now + this.rest;
    this.isSpent = false;
    pins.output(this.pin, this.isOn == this.isActiveHigh, this.isOpenDrain);
    this.state.set(this.isOn ? 1 : 0);
  }

  want(on: bool, now: u64): void {
    if (on && !this.isWanted) this.isSpent = false;
    this.isWanted = on;
    this.update(now);
  }

  /** Nobody knows whether it should be on. */
  release(now: u64): void {
    this.pulseEnd = 0;
    this.want(this.isSafeOn, now);
  }

  /** On for so long from now; a pulse that lasts longer goes on. */
  pulse(length: u64, now: u64): void {
    this.isSpent = false;
    this.pulseEnd = max(this.pulseEnd, now + length);
    this.update(now);
  }

  /** What time has ended ends. */
  update(now: u64): void {
    if (this.pulseEnd <= now) this.pulseEnd = 0;
    if (this.isOn && now >= this.mayBeOnUntil) {
      this.isSpent = true;
      this.pulseEnd = 0;
    }
    const should = (this.isWanted || this.pulseEnd > 0) && !this.isSpent;
    if (should == this.isOn || (should && now < this.restsUntil)) return;
    this.isOn = should;
    if (should) this.mayBeOnUntil = this.most == NEVER ? NEVER : now + this.most;
    else this.restsUntil = now + this.rest;
    pins.drive(this.pin, should == this.isActiveHigh);
    this.state.set(should ? 1 : 0);
  }

  /** When `update` has something to do, if nobody asks for anything. */
  deadline(): u64 {
    const ends = this.pulseEnd > 0 ? this.pulseEnd : NEVER;
    if (!this.isOn) return !this.isSpent && (this.isWanted || this.pulseEnd > 0) ? this.restsUntil : ends;
    return min(this.mayBeOnUntil, this.isWanted ? NEVER : ends);
  }
}
