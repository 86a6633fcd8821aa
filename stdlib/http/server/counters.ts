/** What has been answered: for tests, the console and whoever collects numbers. */

@final
class Counters {
  requests: u64 = 0;
  /** 4xx and 5xx. */
  failures: u64 = 0;
  /** Connections that were refused because there are too many. */
  refused: u64 = 0;

  answered(status: u32): void {
    this.requests += 1;
    if (status >= 400) this.failures += 1;
  }
}

export const counters = new Counters();
