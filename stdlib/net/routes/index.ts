/**
 * Ways of IPv4 that the description says: `routes`, and gateways beside the first one. The longest prefix counts, then a router that answers, then
 * the order in which they are written. RFC 1122 3.3.1: a router that does not say where it is is passed over for a while.
 */
import { Routes } from "../addresses";
import { haveRoutes, maskOf, Nic } from "../nic";
import { now as clock } from "./needs/clock";
import * as ethernet from "./needs/ethernet";

/** As for routers of IPv6. */
const FAILED: u64 = 30_000_000_000;

@final
class Route {
  failedUntil: u64 = 0;

  constructor(
    public nic: Nic,
    public network: u32,
    public mask: u32,
    public router: u32,
  ) {}

  rank(now: u64): i32 {
    return 2 * <i32>popcnt(this.mask) + (this.failedUntil <= now ? 1 : 0);
  }
}

let all: StaticArray<Route> = new StaticArray<Route>(0);

@final
class Known extends Routes {
  override rank(nic: Nic, destination: u32): i32 {
    const best = choose(nic, destination);
    return best == null ? -1 : best.rank(clock());
  }

  override router(nic: Nic, destination: u32): u32 {
    const best = choose(nic, destination);
    return best == null ? 0 : best.router;
  }

  override failed(nic: Nic, neighbour: u32): void {
    const until = clock() + FAILED;
    for (let n = 0; n < all.length; n++)
      if (all[n].nic == nic && all[n].router == neighbour) all[n].failedUntil = until;
  }
}

function choose(nic: Nic, destination: u32): Route | null {
  // An interface without an address can send nothing.
  if (nic.address == 0) return null;
  const now = clock();
  let best: Route | null = null;
  for (let n = 0; n < all.length; n++) {
    const each = all[n];
    if (each.nic != nic || ((destination ^ each.network) & each.mask) != 0) continue;
    if (best == null || each.rank(now) > best.rank(now)) best = each;
  }
  return best;
}

/** In `prepare`: packets for this network go to this router by the interface of this name. */
export function addRoute(name: string, network: u32, prefix: u32, router: u32): void {
  const nic = ethernet.named(name)!;
  const mask = maskOf(prefix);
  if (all.length == 0) haveRoutes(new Known());
  const more = new StaticArray<Route>(all.length + 1);
  for (let n = 0; n < all.length; n++) more[n] = all[n];
  more[all.length] = new Route(nic, network & mask, mask, router);
  all = more;
}

export function start(): void {
  for (let n = 0; n < all.length; n++) all[n].failedUntil = 0;
}
