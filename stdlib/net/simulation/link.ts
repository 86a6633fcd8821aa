/** Two links for tests: frames come from the test, and what is sent waits until the test takes it. Implements net.Link. */
import { Bytes } from "../../core/bytes";
import { BUFFER, HEADROOM, Packet, PacketList } from "../../core/packet";
import { Link } from "../link";

const LINKS = 2;
/** Packets of one link in each direction. */
const PACKETS: u32 = 64;

/** First in, first out; as long as a link has packets. */
@final
class Queue {
  private packets: StaticArray<Packet | null> = new StaticArray<Packet | null>(<i32>PACKETS);
  private from: u32 = 0;
  length: u32 = 0;

  push(packet: Packet): void {
    assert(this.length < PACKETS);
    this.packets[(this.from + this.length) % PACKETS] = packet;
    this.length += 1;
  }

  first(): Packet | null {
    return this.length == 0 ? null : this.packets[this.from];
  }

  shift(): Packet | null {
    const packet = this.first();
    if (packet == null) return null;
    this.from = (this.from + 1) % PACKETS;
    this.length -= 1;
    return packet;
  }
}

@final
export class SimulatedLink extends Link {
  private receiving: PacketList = freePackets();
  private sending: PacketList = freePackets();
  arrived: Queue = new Queue();
  sent: Queue = new Queue();
  /** Handed over, and not yet flushed. */
  waiting: Queue = new Queue();
  /** Packets that the stack holds: must come back to 0 when nothing waits for an address. */
  held: i32 = 0;

  receive(): Packet | null {
    const packet = this.arrived.shift();
    if (packet != null) this.held += 1;
    return packet;
  }

  release(packet: Packet): void {
    this.held -= 1;
    this.receiving.give(packet);
  }

  allocate(): Packet | null {
    const packet = this.sending.take();
    if (packet == null) return null;
    this.held += 1;
    packet.begin();
    return packet;
  }

  transmit(packet: Packet): void {
    assert(packet.length >= 14 && packet.length <= 14 + this.mtu);
    this.held -= 1;
    this.waiting.push(packet);
  }

  discard(packet: Packet): void {
    this.held -= 1;
    this.sending.give(packet);
  }

  flush(): void {
    while (true) {
      const packet = this.waiting.shift();
      if (packet == null) return;
      this.sent.push(packet);
    }
  }

  /** For the test: a frame arrives. False when it is lost because no buffer was free. */
  arrive(from: usize, length: u32, verified: bool): bool {
    const packet = this.receiving.take();
    if (packet == null) return false;
    memory.copy(packet.bytes.pointer(HEADROOM, length), from, length);
    packet.length = length;
    packet.verified = verified;
    this.arrived.push(packet);
    return true;
  }

  /** For the test: the frame that was sent first is taken from the wire. */
  taken(): void {
    const packet = this.sent.shift();
    if (packet != null) this.sending.give(packet);
  }
}

function freePackets(): PacketList {
  const list = new PacketList();
  for (let n: u32 = 0; n < PACKETS; n++)
    list.give(new Packet(new Bytes(new StaticArray<u8>(<i32>BUFFER), 0, BUFFER)));
  return list;
}

const links = new StaticArray<SimulatedLink>(LINKS);
for (let n = 0; n < LINKS; n++) links[n] = new SimulatedLink();

export function count(): i32 {
  return LINKS;
}

export function link(index: i32): Link {
  return links[index];
}

export function simulated(index: i32): SimulatedLink {
  return links[index];
}
