/** Addresses that come and go while an appliance runs, and who has to know. */
import { Nic } from "./nic";

/** Is told when an interface no longer has an address. The implementations of net.Ip and net.Ipv4 export `watch(watcher)`. */
export abstract class AddressWatcher {
  /** Kept by who tells. */
  next: AddressWatcher | null = null;

  /** As in `Datagram`: IPv4 has no upper half. */
  abstract gone(nic: Nic, high: u64, low: u64): void;
}

/** Is told who else uses the address of an interface: the one that it tries (`Nic.tentative`), or for the second time within ten seconds the one that it has. */
export abstract class ConflictWatcher {
  abstract conflict(nic: Nic, mac: u64): void;
}

/** Ways to other networks besides the gateway, as a server tells them. */
export abstract class Ways {
  /** The neighbour that packets for `destination` go to: a router, or itself; 0: there is no way. */
  abstract via(destination: u32): u32;
}

/** Addresses of IPv4 that an interface has besides its first one (module `several`). */
export abstract class Others {
  /** Is it one of them? */
  abstract has(nic: Nic, address: u32): bool;
  /** Does everybody in a network of theirs listen to it? */
  abstract isBroadcast(nic: Nic, address: u32): bool;
  /** The mask of the longest network of theirs that has this address in it; 0: none. */
  abstract mask(nic: Nic, address: u32): u32;
  /** The one of them that is in a network with this address, by that mask. */
  abstract own(nic: Nic, address: u32): u32;
  /** Somebody else uses it: may it be defended, for the first time within ten seconds? */
  abstract mayDefend(nic: Nic, address: u32, now: u64): bool;
  /** How many there are, in all, and each of them; 0 if it is another interface's. */
  abstract count(): i32;
  abstract at(nic: Nic, index: i32): u32;
}

/** Ways that the description says (module `routes`). */
export abstract class Routes {
  /** The best that leads there by this interface: twice the length of its prefix, and one more if its router answers; -1: none. */
  abstract rank(nic: Nic, destination: u32): i32;
  /** The router of that one. */
  abstract router(nic: Nic, destination: u32): u32;
  /** This neighbour does not say where it is. */
  abstract failed(nic: Nic, neighbour: u32): void;
}
