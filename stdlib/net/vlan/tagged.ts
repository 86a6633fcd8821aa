/**
 * A virtual network on a device that carries several: IEEE 802.1Q. Frames of it have four bytes behind the hardware addresses, its number among them. They
 * are put in and taken out here, so that to everybody else it is a link like others.
 */
import { BUFFER, HEADROOM, Packet } from "../../core/packet";
import { FRAME_HEADER, TYPE } from "../frames";
import { Link } from "../link";

/** 9.6: what is in the place of the type, and in the two bytes behind it the number. */
const TAGGED: u32 = 0x8100;
const NUMBER: u32 = 0xfff;
const TAG: u32 = 4;

@final
export class TaggedLink extends Link {
  /** `tag`: number and priority, as they go on the wire. */
  constructor(
    public device: Link,
    public tag: u32,
  ) {
    super();
  }

  get number(): u32 {
    return this.tag & NUMBER;
  }

  /** What the device says of itself may change while it runs. Segments are not cut for it: not every device knows them with a tag. */
  refresh(): void {
    const device = this.device;
    this.present = device.present;
    this.up = device.up;
    this.mac = device.mac;
    this.mtu = min<u32>(device.mtu, BUFFER - HEADROOM - FRAME_HEADER - TAG);
    this.completesChecksums = device.completesChecksums && !device.leavesTagged;
    this.gathers = device.gathers;
  }

  /** Frames of a device are taken from the device. */
  override receive(): Packet | null {
    return null;
  }

  override release(packet: Packet): void {
    this.device.release(packet);
  }

  override allocate(): Packet | null {
    return this.device.allocate();
  }

  override transmit(packet: Packet): void {
    const bytes = packet.bytes;
    const at = HEADROOM + TYPE;
    const rest = packet.length - packet.tailLength - TYPE;
    bytes.move(at + TAG, at, rest);
    bytes.setBe32(at, (TAGGED << 16) | this.tag);
    packet.length += TAG;
    if (packet.checksumStart != 0) packet.checksumStart += TAG;
    this.device.transmit(packet);
  }

  override discard(packet: Packet): void {
    this.device.discard(packet);
  }

  /** The device does it for all that are on it. */
  override flush(): void {}
}

/** The number in the tag of a frame of at least `FRAME_HEADER` bytes, which is taken out; 0: none, or one that only says a priority. */
export function untag(packet: Packet): u32 {
  const bytes = packet.bytes;
  const at = HEADROOM + TYPE;
  if (bytes.be16(at) != TAGGED || packet.length < FRAME_HEADER + TAG) return 0;
  const number = bytes.be16(at + 2) & NUMBER;
  bytes.move(at, at + TAG, packet.length - TYPE - TAG);
  packet.length -= TAG;
  return number;
}
