/** Network devices of a simulated machine: each gives and takes one frame at a time. */
import { Bytes } from "../../../stdlib/core/bytes";
import { BUFFER, HEADROOM, Packet, PacketList } from "../../../stdlib/core/packet";
import { Link } from "../../../stdlib/net/link";
import { held, mac, mtu, offloads, receive, transmit, up } from "./simulator";

const MOST_LINKS = 8;
/** Packets that the stack may hold at once. */
const RECEIVED = 64;
const SENDING = 64;

/** Added to the length of a frame whose checksum the device has verified. */
const VERIFIED: i32 = 0x10000;
const NOT_THERE: u64 = u64.MAX_VALUE;
const FRAME_HEADER: u32 = 14;
/** Of IP; RFC 9293 3.1: the longest header of TCP, and that of IPv6. */
const MOST_CUT: u32 = 65535 - 60 - 40;

@final
export class SimulatedLink extends Link {
  private receivePackets: PacketList = new PacketList();
  private sendPackets: PacketList = new PacketList();
  private received: u32 = 0;
  private sending: u32 = 0;

  constructor(private index: u32) {
    super();
    const memory = new StaticArray<u8>(<i32>((RECEIVED + SENDING) * BUFFER));
    for (let n = 0; n < RECEIVED + SENDING; n++) {
      const packet = new Packet(new Bytes(memory, <u32>n * BUFFER, BUFFER));
      if (n < RECEIVED) this.receivePackets.give(packet);
      else this.sendPackets.give(packet);
    }
  }

  start(): void {
    this.mac = mac(this.index);
    this.present = this.mac != NOT_THERE;
    this.up = up(this.index) != 0;
    this.mtu = min<u32>(mtu(this.index), BUFFER - HEADROOM - FRAME_HEADER);
    this.completesChecksums = offloads(this.index) != 0;
    this.gathers = true;
    this.cuts = this.completesChecksums ? MOST_CUT : 0;
  }

  override receive(): Packet | null {
    const packet = this.receivePackets.take();
    if (packet == null) return null;
    const most = BUFFER - HEADROOM;
    const length = receive(this.index, packet.bytes.pointer(HEADROOM, most), most);
    if (length < 0) {
      this.up = up(this.index) != 0;
      this.receivePackets.give(packet);
      return null;
    }
    this.received += 1;
    packet.length = <u32>(length & (VERIFIED - 1));
    packet.verified = (length & VERIFIED) != 0;
    return packet;
  }

  override release(packet: Packet): void {
    this.received -= 1;
    this.receivePackets.give(packet);
  }

  override allocate(): Packet | null {
    const packet = this.sendPackets.take();
    if (packet == null) return null;
    this.sending += 1;
    packet.begin();
    return packet;
  }

  override transmit(packet: Packet): void {
    const tail = packet.tailLength;
    const length = packet.length - tail;
    transmit(
      this.index,
      packet.bytes.pointer(HEADROOM, length),
      length,
      packet.tail.pointer(0, tail),
      tail,
      packet.checksumStart,
      packet.checksumOffset,
      packet.segmentSize,
    );
    this.discard(packet);
  }

  override discard(packet: Packet): void {
    this.sending -= 1;
    this.sendPackets.give(packet);
  }

  override flush(): void {
    held(this.index, this.received, this.sending);
  }
}

const links = new StaticArray<SimulatedLink | null>(MOST_LINKS);

/** How many links there may be. */
export function count(): i32 {
  return MOST_LINKS;
}

export function link(index: i32): Link {
  let found = links[index];
  if (found == null) {
    found = new SimulatedLink(<u32>index);
    links[index] = found;
  }
  return found;
}

export function start(): void {
  for (let n = 0; n < MOST_LINKS; n++) {
    const each = links[n];
    if (each != null) each.start();
  }
}
