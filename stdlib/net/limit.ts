/** A bucket of tokens: at most `burst` at once, refilled at `rate` a second. */
@final
export class Limit {
  private tokens: u64;
  private last: u64 = 0;

  constructor(
    private rate: u64,
    private burst: u64,
  ) {
    this.tokens = burst;
  }

  /** Takes one token; false if there is none. `now` in nanoseconds. */
  take(now: u64): bool {
    const unit: u64 = 1_000_000_000 / this.rate;
    const more = (now - this.last) / unit;
    if (more >= this.burst) {
      this.tokens = this.burst;
      this.last = now;
    } else if (more > 0) {
      this.tokens = min(this.burst, this.tokens + more);
      this.last += more * unit;
    }
    if (this.tokens == 0) return false;
    this.tokens -= 1;
    return true;
  }
}
