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

/** Ways to other networks besides the gateway. */
export abstract class Ways {
  /** The neighbour that packets for `destination` go to: a router, or itself; 0: there is no way. */
  abstract via(destination: u32): u32;
}
