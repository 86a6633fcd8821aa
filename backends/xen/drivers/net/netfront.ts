/**
 * One network device of Xen's (include/public/io/netif.h). The other side, netback, is another guest: what it answers is copied before it is looked at, a
 * buffer is ours again only if it was away, and a frame that came is copied out of the page that the other side may go on writing to.
 */
import { Bytes } from "../../../../stdlib/core/bytes";
import { BUFFER, HEADROOM, Packet, PacketList } from "../../../../stdlib/core/packet";
import { Link } from "../../../../stdlib/net/link";
import { NONE, send } from "../calls";
import * as grants from "../grants";
import { physical, store64 } from "../hw";
import * as events from "./needs/events";
import { aligned, PAGE } from "./pages";
import { Ring } from "./ring";
import { MOST_CUT, Sender } from "./sender";
import { hardwareAddress, State, Xenbus } from "./xenbus";

/** Frames that may wait until they are looked at. */
const RECEIVE: u32 = 64;
const HELD_RECEIVED = 8;
const HELD_TO_SEND = 32;

const RECEIVE_ENTRY: u64 = 8;

/** Flags of what has come. */
namespace Came {
  export const validated: u32 = 1;
  export const blankChecksum: u32 = 2;
  export const more: u32 = 4;
  export const extra: u32 = 8;
}
/** Of an extra piece of information: another one follows. */
const EXTRA_MORE: u32 = 1;

@final
export class Netfront extends Link {
  readonly bus: Xenbus = new Xenbus();
  /** It has a device, whose other side it follows. */
  attached: bool = false;
  /** Both sides are ready. */
  connected: bool = false;
  /** The other side was seen to be: if it waits after that, it has started again. */
  private answered: bool = false;
  private port: u32 = NONE;
  private sender: Sender = new Sender();
  private received: Ring = new Ring(RECEIVE_ENTRY);
  /** Pages to receive into; buffers that hold what came. */
  private pages: Bytes;
  private copies: Bytes;
  private receivePackets: PacketList = new PacketList();
  private sendPackets: PacketList = new PacketList();
  /** Grants of the rings, and of each page. */
  private ringGrants: StaticArray<u32> = new StaticArray<u32>(2);
  private pageGrants: StaticArray<u32> = new StaticArray<u32>(<i32>RECEIVE);
  /** Which page the request at each place of the ring named. */
  private asked: StaticArray<u8> = new StaticArray<u8>(256);
  /** Counts connections: packets of a former one are nothing any more. */
  private life: u32 = 0;
  /** Copies that nobody holds. */
  private spare: StaticArray<u8> = new StaticArray<u8>(HELD_RECEIVED);
  private spares: i32 = 0;
  /** The rest of a frame in several pieces, which is not taken, is still coming. */
  private skipping: bool = false;
  private skipsExtra: bool = false;

  constructor() {
    super();
    this.pages = aligned(RECEIVE * PAGE);
    this.copies = aligned(HELD_RECEIVED * BUFFER);
    for (let n = 0; n < HELD_RECEIVED; n++)
      this.receivePackets.give(new Packet(new Bytes(new StaticArray<u8>(0), 0, 0)));
    for (let n = 0; n < HELD_TO_SEND; n++)
      this.sendPackets.give(new Packet(new Bytes(new StaticArray<u8>(0), 0, 0)));
  }

  /** Before it has a device. */
  start(token: u32): void {
    this.bus.token = token;
    this.present = false;
    this.attached = false;
    this.connected = false;
    this.up = false;
    this.port = NONE;
    this.completesChecksums = true;
    for (let n = 0; n < HELD_RECEIVED; n++) this.spare[n] = <u8>n;
    this.spares = HELD_RECEIVED;
    this.ringGrants[0] = NONE;
    this.mtu = 1500;
    this.mac = 0;
  }

  /** Takes this device, if there is one. A former life of this guest may have left it connected. */
  attach(device: u32): bool {
    this.bus.device = device;
    if (!this.find()) return false;
    this.attached = true;
    this.present = true;
    if (this.bus.state() == State.connected) this.bus.setState(State.closed);
    return true;
  }

  /** The other side is there, and the device's address is known. */
  private find(): bool {
    return this.bus.find() && this.readMac();
  }

  /** Something in our side's folder has changed, maybe by us: the other side may be elsewhere now. */
  checkPath(): void {
    if (this.attached && !this.connected) this.attached = this.find();
  }

  private readMac(): bool {
    if (!this.bus.own("mac")) return false;
    const mac = hardwareAddress();
    // One that has come back keeps its address: neighbours know it.
    if (this.mac == 0) this.mac = mac;
    return mac != 0;
  }

  /** What the other side's state asks for. True when something has changed. */
  follow(): bool {
    const state = this.bus.state();
    if (state == State.waiting) return this.connected && !this.answered ? false : this.connect();
    if (state == State.connected) {
      this.answered = true;
      return this.setUp(this.connected && this.bus.hasCarrier());
    }
    if (state == State.closing || state == State.closed || state == State.unknown)
      return this.disconnect(state);
    return false;
  }

  private setUp(up: bool): bool {
    const changed = this.up != up;
    this.up = up;
    return changed;
  }

  /** Rings, grants and a port for the other side, which waits. */
  private connect(): bool {
    if (this.connected) this.disconnect(State.closed);
    if (this.bus.otherNumber("feature-rx-copy") == 0) return false;
    const domain = this.bus.domain;
    this.received.open();
    if (this.ringGrants[0] == NONE && !this.takeGrants()) return false;
    this.agree();
    this.sender.open(domain, this.gathers);
    grants.allow(this.ringGrants[0], domain, this.sender.ring.address, false);
    grants.allow(this.ringGrants[1], domain, this.received.address, false);
    for (let n: u32 = 0; n < RECEIVE; n++)
      grants.allow(this.pageGrants[<i32>n], domain, physical(this.pages.pointer(n * PAGE, 1)), false);
    this.port = events.open(domain);
    if (this.port == NONE) return false;
    this.life += 256;
    this.skipping = false;
    this.skipsExtra = false;
    for (let n: u32 = 0; n < RECEIVE; n++) this.ask(n);
    this.received.publish();
    if (!this.bus.connect(this.ringGrants[0], this.ringGrants[1], this.port)) {
      events.close(this.port);
      this.port = NONE;
      return false;
    }
    this.connected = true;
    this.answered = false;
    this.bus.setState(State.connected);
    return this.setUp(true);
  }

  /** What the other side does for us. One that completes only some checksums completes none, and only what it completes can be cut. */
  private agree(): void {
    const bus = this.bus;
    this.completesChecksums =
      bus.otherNumber("feature-no-csum-offload") == 0 && bus.otherNumber("feature-ipv6-csum-offload") != 0;
    this.gathers =
      this.completesChecksums &&
      bus.otherNumber("feature-sg") != 0 &&
      bus.otherNumber("feature-gso-tcpv4") != 0 &&
      bus.otherNumber("feature-gso-tcpv6") != 0;
    this.cuts = this.gathers ? MOST_CUT : 0;
  }

  private takeGrants(): bool {
    for (let n = 0; n < this.pageGrants.length; n++) this.pageGrants[n] = grants.take();
    this.sender.takeGrants();
    this.ringGrants[1] = grants.take();
    this.ringGrants[0] = grants.take();
    return this.ringGrants[0] != NONE;
  }

  /** The other side goes, or is gone. It may come back: then it waits for us. */
  private disconnect(state: u32): bool {
    const changed = this.setUp(false);
    if (this.connected) {
      this.connected = false;
      events.close(this.port);
      this.port = NONE;
    }
    if (state == State.closing) this.bus.setState(State.closed);
    else if (state == State.closed && this.find()) this.bus.setState(State.initialising);
    else this.attached = this.find();
    return changed;
  }

  /** A page for the other side to write a frame to. */
  private ask(page: u32): void {
    const ring = this.received;
    this.asked[<i32>ring.requestSlot] = <u8>page;
    store64(ring.next, <u64>page | ((<u64>this.pageGrants[<i32>page]) << 32));
    ring.advance();
  }

  override receive(): Packet | null {
    const ring = this.received;
    while (this.connected && this.spares > 0 && ring.hasAnswer()) {
      const page = <u32>this.asked[<i32>ring.answerSlot];
      const answer = ring.answer();
      const packet = this.taken(page, answer);
      this.ask(page);
      if (packet != null) return packet;
    }
    return null;
  }

  /** The frame of which `answer` tells; null if it is none, or one of several pieces. Id, offset, flags and size or error: 16 bits each. */
  private taken(page: u32, answer: u64): Packet | null {
    if (this.skipsExtra) {
      this.skipsExtra = ((<u32>answer >> 8) & EXTRA_MORE) != 0;
      return null;
    }
    const offset = <u32>(answer >> 16) & 0xffff;
    const flags = <u32>(answer >> 32) & 0xffff;
    const size = <u32>(answer >> 48);
    this.skipsExtra = (flags & Came.extra) != 0;
    const isPiece = this.skipping || (flags & Came.more) != 0;
    this.skipping = (flags & Came.more) != 0;
    if (isPiece || size == 0 || size > BUFFER - HEADROOM || offset > PAGE - size) return null;
    const packet = this.receivePackets.take();
    if (packet == null) return null;
    const copy = <u32>this.spare[--this.spares];
    packet.bytes.window(this.copies, copy * BUFFER, BUFFER);
    packet.bytes.copy(HEADROOM, this.pages, page * PAGE + offset, size);
    packet.index = copy;
    packet.length = size;
    packet.verified = (flags & (Came.validated | Came.blankChecksum)) != 0;
    return packet;
  }

  override release(packet: Packet): void {
    this.spare[this.spares++] = <u8>packet.index;
    this.receivePackets.give(packet);
  }

  override allocate(): Packet | null {
    if (!this.connected) return null;
    const sender = this.sender;
    if (sender.isShort) sender.reclaim();
    if (sender.isShort) return null;
    const packet = this.sendPackets.take();
    if (packet == null) return null;
    packet.index = sender.give(packet) | this.life;
    packet.begin();
    return packet;
  }

  /** One for which there is too little room is lost, as on any network. */
  override transmit(packet: Packet): void {
    if (!this.isOurs(packet) || !this.sender.send(packet, packet.index & 255)) return this.discard(packet);
    this.sendPackets.give(packet);
  }

  override discard(packet: Packet): void {
    if (this.isOurs(packet)) this.sender.giveBack(packet.index & 255);
    this.sendPackets.give(packet);
  }

  private isOurs(packet: Packet): bool {
    return this.connected && (packet.index & ~(<u32>255)) == this.life;
  }

  override flush(): void {
    if (!this.connected) return;
    const toSend = this.sender.ring.publish();
    if (this.received.publish() || toSend) send(this.port);
  }

  /** Before sleep: a frame will wake, and a free buffer if none is left. False when there is something to do already. */
  rest(): bool {
    if (!this.connected) return true;
    if (!this.sender.rest()) return false;
    return this.received.rest(1);
  }
}
