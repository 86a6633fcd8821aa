/** Who takes what routers tell (interface net.Ndp): nobody, where everything is written in the description. */
import { Datagram } from "./datagrams";
import { Nic } from "./nic";

export abstract class RouterListener {
  /** An address of its link is ready: routers can be asked. */
  abstract ready(nic: Nic, now: u64): void;
  /** An advertisement came from this link, and its options can be read. */
  abstract advertised(datagram: Datagram, now: u64): void;
}
