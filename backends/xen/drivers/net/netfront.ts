/**
 * One network device of Xen's (include/public/io/netif.h). The other side, netback, is another guest: what it answers is copied before it is looked at, a
 * buffer is ours again only if it was away, and what a former other side still uses is not granted to the next one.
 */
import { Bytes } from "../../../../stdlib/core/bytes";
import { Packet, PacketList } from "../../../../stdlib/core/packet";
import { Counter, count } from "../../../../stdlib/net/counters";
import { Link } from "../../../../stdlib/net/link";
import { NONE, send } from "../calls";
import * as grants from "../grants";
import { State } from "../xenbus";
import * as events from "./needs/events";
import { Receiver } from "./receiver";
import { MOST_CUT, Sender } from "./sender";
import { hardwareAddress, Vif } from "./vif";

const HELD_TO_SEND = 32;

@final
export class Netfront extends Link {
  readonly bus: Vif = new Vif();
  /** It has a device, whose other side it follows. */
  attached: bool = false;
  /** Both sides are ready. */
  connected: bool = false;
  /** The other side was seen to be: if it waits after that, it has started again. */
  private answered: bool = false;
  private port: u32 = NONE;
  private sender: Sender = new Sender();
  private receiver: Receiver = new Receiver();
  private sendPackets: PacketList = new PacketList();
  private hasGrants: bool = false;
  /** Counts connections: packets of a former one are nothing any more. */
  private life: u32 = 0;

  constructor() {
    super();
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
    // Linux's netback throws away what has no checksum yet and is not IP.
    this.leavesTagged = true;
    this.hasGrants = false;
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
    if (this.bus.otherNumber("feature-rx-copy") == 0 || !this.takeGrants()) return false;
    const domain = this.bus.domain;
    this.agree();
    const received = this.receiver.open(domain);
    const sent = this.sender.open(domain, this.gathers);
    if (received == grants.NONE || sent == grants.NONE) {
      count(Counter.linkNonsense);
      return false;
    }
    this.port = events.open(domain);
    if (this.port == NONE) return false;
    this.life += 256;
    if (!this.bus.connect(sent, received, this.port)) {
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
    if (!this.hasGrants) this.hasGrants = this.receiver.takeGrants() && this.sender.takeGrants();
    return this.hasGrants;
  }

  /** The other side goes, or is gone. It may come back: then it waits for us. */
  private disconnect(state: u32): bool {
    const changed = this.setUp(false);
    if (this.connected) {
      this.connected = false;
      events.close(this.port);
      this.port = NONE;
    }
    if (this.hasGrants) {
      this.receiver.close();
      this.sender.close();
    }
    if (state == State.closing) this.bus.setState(State.closed);
    else if (state == State.closed && this.find()) this.bus.setState(State.initialising);
    else this.attached = this.find();
    return changed;
  }

  override receive(): Packet | null {
    return this.connected ? this.receiver.next() : null;
  }

  override release(packet: Packet): void {
    this.receiver.release(packet);
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
    if (this.isOurs(packet) && this.sender.send(packet, packet.index & 255))
      return this.sendPackets.give(packet);
    count(Counter.linkLost);
    this.discard(packet);
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
    if (this.receiver.ring.publish() || toSend) send(this.port);
  }

  /** Before sleep: a frame will wake, and a free buffer if none is left. False when there is something to do already. */
  rest(): bool {
    if (!this.connected) return true;
    if (!this.sender.rest()) return false;
    return this.receiver.ring.rest(1);
  }
}
