/** Who listens to routers (interfaces net.Ndp and net.Slaac). */
import { Datagram } from "./datagrams";
import { Nic } from "./nic";

/** Takes all that routers tell: there is none where everything is written in the description. */
export abstract class RouterListener {
  /** An address of its link is ready: routers can be asked. */
  abstract ready(nic: Nic, now: u64): void;
  /** An advertisement came from this link, and its options can be read. */
  abstract advertised(datagram: Datagram, now: u64): void;
}

/** Takes up what routers leave to servers of DHCPv6: RFC 4861 4.2. */
export abstract class ManagedListener {
  /** Addresses are for a server to give, or what is no address. False: not on this interface. */
  abstract told(nic: Nic, isManaged: bool, isOther: bool, now: u64): bool;
}
