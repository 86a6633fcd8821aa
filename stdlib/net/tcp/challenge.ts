/** Answers to segments that might be forged: RFC 5961 3 to 5, and RFC 9293 3.10.7.4 to what lies outside of the window. */
import { Control } from "./block";
import { count, Tcp } from "./counters";
import { markDirty } from "./dirty";

/**
 * RFC 5961 7 wants a limit. One for all connections tells others what happens to one (CVE-2016-5696), so each has its own: as often as
 * Linux answers. It also ends storms of two sides that answer each other.
 */
const INTERVAL: u64 = 500_000_000;

export function challenge(c: Control, now: u64): void {
  if (c.challengedAt != 0 && now - c.challengedAt < INTERVAL) return;
  c.challengedAt = now;
  count(Tcp.challenges);
  c.owesNow = true;
  markDirty(c);
}
