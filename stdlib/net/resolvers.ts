/**
 * Name servers that the description or this network's own servers tell of (interface net.Resolvers). Bounded; who tells more is not heard. The implementation
 * exports `forget(source, nic)`, `add(source, nic, family, high, low)` and `hear(source, nic, high, low, until, now)` for those who tell, `count(now)` and
 * `resolver(index)` for those who ask.
 */
import { NEVER } from "./own";

/** Who told. */
export namespace Told {
  /** RFC 2132 3.8. */
  export const byDhcp: i32 = 0;
  /** RFC 8106 5.1. */
  export const byRouter: i32 = 1;
  /** `net … { dns = … }`: then the others are not believed. */
  export const byDescription: i32 = 2;
  /** RFC 3646 3. */
  export const byDhcp6: i32 = 3;
}

@final
export class Resolver {
  source: i32 = 0;
  /** Index of the interface that it was told on. */
  nic: i32 = 0;
  /** 4 or 6. */
  family: u8 = 4;
  /** IPv6: the upper half; IPv4: 0. */
  high: u64 = 0;
  /** IPv6: the lower half; IPv4: the address. */
  low: u64 = 0;
  /** NEVER: whoever told takes it back. */
  until: u64 = NEVER;
}
