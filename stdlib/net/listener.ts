/** Datagrams of UDP to a group of the link and to a port (interface net.Multicast). */
import { Bytes } from "../core/bytes";
import { Nic } from "./nic";

/** Who sent a datagram, and to whom. One object for all. */
@final
export class Heard {
  isIpv6: bool = false;
  high: u64 = 0;
  low: u64 = 0;
  port: u32 = 0;
  hardware: u64 = 0;
  /** To the group, not to an address of ours. */
  isToAll: bool = false;
}

/** Takes datagrams. The implementation of net.Multicast exports `listen(four: u32, six: u64, port: u32, listener: Listener)`, and what sends. */
export abstract class Listener {
  /** The view and `from` do not outlive the call. */
  abstract heard(nic: Nic, bytes: Bytes, from: Heard): void;
}
