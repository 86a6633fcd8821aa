/** One network interface as the stack sees it. Made in `prepare`, completed in `start` with what only the device knows. */
import { Ways } from "./addresses";
import { Link } from "./link";

@final
export class Nic {
  /** 0: none yet, or no longer. */
  address: u32 = 0;
  mask: u32 = 0;
  /** 0: none. */
  gateway: u32 = 0;
  mtu: u32 = 1500;
  /** Of IPv6, which routers may make smaller: RFC 4861 6.3.4. */
  mtu6: u32 = 1500;
  mac: u64 = 0;
  /** Those that lead elsewhere than the gateway, or in its place. */
  ways: Ways | null = null;
  /** An address that it would like to have, and asks whether anybody else does: RFC 5227 2.1. 0: none. */
  tentative: u32 = 0;
  /** When it last defended its address. 0: never. */
  defendedAt: u64 = 0;
  /** It has IPv6, and so an address of its link. */
  hasIpv6: bool = false;

  constructor(
    public index: i32,
    public name: string,
    public link: Link,
  ) {}

  /** The address that all hosts of the subnet listen to; RFC 1122 3.2.1.3. Point-to-point prefixes have none (RFC 3021). */
  isBroadcast(address: u32): bool {
    return address == 0xffffffff || (this.mask < 0xfffffffe && address == (this.address | ~this.mask));
  }

  @inline
  isNear(address: u32): bool {
    return ((address ^ this.address) & this.mask) == 0;
  }

  /** The neighbour that packets for `destination` go to; 0: there is no way. */
  hop(destination: u32): u32 {
    if (this.isNear(destination)) return destination;
    const ways = this.ways;
    return ways == null ? this.gateway : ways.via(destination);
  }
}
