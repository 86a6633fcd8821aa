/** One network interface as the stack sees it. Made in `prepare`, completed in `start` with what only the device knows. */
import { Others, Routes, Ways } from "./addresses";
import { Link } from "./link";

/** Null, and known to be to the compiler, where the description has none: then nothing that asks for them is in an image. */
let others: Others | null = null;
let routes: Routes | null = null;

/** In `prepare`: interfaces have further addresses of IPv4, which `them` knows. */
export function haveOthers(them: Others): void {
  others = them;
}

/** In `prepare`: the description says further ways of IPv4, which `them` knows. */
export function haveRoutes(them: Routes): void {
  routes = them;
}

/** The mask of a prefix of so many bits. */
export function maskOf(prefix: u32): u32 {
  return prefix == 0 ? 0 : u32.MAX_VALUE << (32 - prefix);
}

/** May interfaces have more than one address or way of IPv4? */
export function areMany(): bool {
  return others != null || routes != null;
}

/** Further addresses of all interfaces: how many, and each of them; 0 if it is not of this one. */
export function otherCount(): i32 {
  const more = others;
  return more == null ? 0 : more.count();
}
export function otherAt(nic: Nic, index: i32): u32 {
  return others!.at(nic, index);
}

/** May a further address be defended against somebody else who uses it? */
export function mayDefendOther(nic: Nic, address: u32, now: u64): bool {
  return others!.mayDefend(nic, address, now);
}

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

  /** Is it an address of ours on this interface? */
  @inline
  isOwn(address: u32): bool {
    return address == this.address || (others != null && others!.has(this, address));
  }

  /** The address that all hosts of the subnet listen to; RFC 1122 3.2.1.3. Point-to-point prefixes have none (RFC 3021). */
  isBroadcast(address: u32): bool {
    if (address == 0xffffffff || (this.mask < 0xfffffffe && address == (this.address | ~this.mask)))
      return true;
    return others != null && others!.isBroadcast(this, address);
  }

  @inline
  isNear(address: u32): bool {
    return this.isInFirst(address) || (others != null && others!.mask(this, address) != 0);
  }

  /** Is it in the network of the first address? */
  @inline
  private isInFirst(address: u32): bool {
    return ((address ^ this.address) & this.mask) == 0;
  }

  /** The mask of the longest network of this interface that has this address in it; 0: none. */
  private nearMask(address: u32): u32 {
    const first = this.isInFirst(address) ? this.mask : 0;
    const more = others;
    return more == null ? first : max(first, more.mask(this, address));
  }

  /** The address of ours that packets to this one come from: that in the network of who is next on the way. RFC 1122 3.3.4.3. */
  from(destination: u32): u32 {
    const more = others;
    if (more == null) return this.address;
    const next = this.hop(destination);
    const mask = more.mask(this, next);
    return mask == 0 || (this.isInFirst(next) && this.mask >= mask) ? this.address : more.own(this, next);
  }

  /** The neighbour that packets for `destination` go to; 0: there is no way. */
  hop(destination: u32): u32 {
    const written = routes;
    if (written != null) {
      const rank = written.rank(this, destination);
      if (rank >= 0 && (!this.isNear(destination) || rank / 2 > <i32>popcnt(this.nearMask(destination))))
        return written.router(this, destination);
    }
    if (this.isNear(destination)) return destination;
    const ways = this.ways;
    return ways == null ? this.gateway : ways.via(destination);
  }

  /** How well it leads there, to be compared with others: as `Routes.rank`. */
  rank(destination: u32): i32 {
    const written = routes;
    let best = written == null ? -1 : written.rank(this, destination);
    if (this.isNear(destination)) best = max(best, 2 * <i32>popcnt(this.nearMask(destination)) + 1);
    return best < 0 && this.hop(destination) != 0 ? 1 : best;
  }

  /** A neighbour does not answer: other ways are taken, if there are any. */
  failed(neighbour: u32): void {
    const written = routes;
    if (written != null) written.failed(this, neighbour);
  }
}
