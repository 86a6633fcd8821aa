/** Ethernet II frames, and who takes them (interface net.Ethernet). */
import { Packet } from "../core/packet";
import { Link } from "./link";
import { Nic } from "./nic";

/** Header of an Ethernet II frame: destination, source, type. */
export const DESTINATION: u32 = 0;
export const SOURCE: u32 = 6;
export const TYPE: u32 = 12;
export const FRAME_HEADER: u32 = 14;

export const BROADCAST: u64 = 0xffffffffffff;

/** Takes frames of one type. The implementation of net.Ethernet exports `register(type, handler)`, `nics()`, `add(nic)`. */
export abstract class FrameHandler {
  /** What it takes, and who is asked when this is not it: kept by the implementation of net.Ethernet. */
  type: u32 = 0;
  next: FrameHandler | null = null;

  /** The frame begins at HEADROOM in the packet; it is not kept after the call. */
  abstract receive(nic: Nic, packet: Packet): void;
}

/** Knows the virtual networks on devices (module `vlan`). */
export abstract class Trunks {
  /** In `prepare`: is this new interface one of them? Else it has what comes without a tag. */
  abstract tag(nic: Nic): bool;
  /** In `prepare`: an interface is on this device. */
  abstract settle(nic: Nic, device: Link): void;
  /** What devices say of themselves holds for the networks on them. */
  abstract refresh(): void;
  /** The device whose frames this interface takes from it for all; null: another one does. */
  abstract device(index: i32): Link | null;
  /** Whose a frame is that this interface has taken; its tag is taken out. Null: nobody's. */
  abstract owner(index: i32, packet: Packet): Nic | null;
}
