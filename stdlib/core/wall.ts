/** The time of day, from a clock that may never have been set. */

/** 2020-01-01T00:00:00Z, in nanoseconds since 1970: whoever shows an earlier day does not know the time. */
const EARLIEST: u64 = 1_577_836_800_000_000_000;

/** What a clock shows, in nanoseconds since 1970; 0, nobody knows, if that cannot be. */
export function believable(nanoseconds: u64): u64 {
  return nanoseconds < EARLIEST ? 0 : nanoseconds;
}
