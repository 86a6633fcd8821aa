/** Ethernet II frames, and who takes them (interface net.Ethernet). */
import { Packet } from "../core/packet";
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
