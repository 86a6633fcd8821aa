/** Addresses of IPv4 that interfaces have besides their first one: RFC 1122 3.3.4.1. All are written; only an appliance that has such has this. */
import { Others } from "../addresses";
import { haveOthers, maskOf, Nic } from "../nic";
import * as ethernet from "./needs/ethernet";

/** RFC 5227 2.4: no address is defended more often. */
const DEFEND_INTERVAL: u64 = 10_000_000_000;

@final
class Further {
  /** 0: never. */
  defendedAt: u64 = 0;

  constructor(
    public nic: Nic,
    public address: u32,
    public mask: u32,
  ) {}

  isNear(address: u32): bool {
    return ((address ^ this.address) & this.mask) == 0;
  }
}

let all: StaticArray<Further> = new StaticArray<Further>(0);

@final
class Known extends Others {
  override has(nic: Nic, address: u32): bool {
    return find(nic, address) != null;
  }

  override isBroadcast(nic: Nic, address: u32): bool {
    for (let n = 0; n < all.length; n++) {
      const each = all[n];
      // Networks of two addresses have none: RFC 3021.
      if (each.nic == nic && each.mask < 0xfffffffe && address == (each.address | ~each.mask)) return true;
    }
    return false;
  }

  override mask(nic: Nic, address: u32): u32 {
    const best = nearest(nic, address);
    return best == null ? 0 : best.mask;
  }

  override own(nic: Nic, address: u32): u32 {
    const best = nearest(nic, address);
    return best == null ? 0 : best.address;
  }

  override mayDefend(nic: Nic, address: u32, now: u64): bool {
    const each = find(nic, address);
    if (each == null || (each.defendedAt != 0 && now - each.defendedAt < DEFEND_INTERVAL)) return false;
    each.defendedAt = now;
    return true;
  }

  override count(): i32 {
    return all.length;
  }

  override at(nic: Nic, index: i32): u32 {
    const each = all[index];
    return each.nic == nic ? each.address : 0;
  }
}

function find(nic: Nic, address: u32): Further | null {
  for (let n = 0; n < all.length; n++) if (all[n].address == address && all[n].nic == nic) return all[n];
  return null;
}

/** The first of those whose network is the longest that has this address in it. */
function nearest(nic: Nic, address: u32): Further | null {
  let best: Further | null = null;
  for (let n = 0; n < all.length; n++) {
    const each = all[n];
    if (each.nic == nic && each.isNear(address) && (best == null || each.mask > best.mask)) best = each;
  }
  return best;
}

/** In `prepare`: the interface of this name has this address, too. */
export function addAddress(name: string, address: u32, prefix: u32): void {
  const nic = ethernet.named(name)!;
  if (all.length == 0) haveOthers(new Known());
  const more = new StaticArray<Further>(all.length + 1);
  for (let n = 0; n < all.length; n++) more[n] = all[n];
  more[all.length] = new Further(nic, address, maskOf(prefix));
  all = more;
}

export function start(): void {
  for (let n = 0; n < all.length; n++) all[n].defendedAt = 0;
}
