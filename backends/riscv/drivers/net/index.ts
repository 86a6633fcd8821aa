/** Network devices: those over virtio first, then Cadence GEMs in the order of the device tree. */
import { Packet } from "../../../../stdlib/core/packet";
import { Link } from "../../../../stdlib/net/link";
import { VirtioLink } from "../../../common/drivers/virtio/link";
import { GemLink } from "./gem";

const MOST_LINKS = 4;

/** Which kind of device it is, is found out at the start. */
@final
export class BoardLink extends Link {
  gem: GemLink;
  private virtio: VirtioLink = new VirtioLink();
  private used: Link;

  constructor() {
    super();
    const gem = new GemLink();
    this.gem = gem;
    this.used = gem;
  }

  /** `gems`: how many of them others drive already. */
  start(gems: i32): void {
    this.gem.present = false;
    this.virtio.start();
    this.used = this.virtio;
    if (!this.virtio.present) {
      this.gem.start(gems);
      this.used = this.gem;
    }
    this.present = this.used.present;
    this.mac = this.used.mac;
    this.mtu = this.used.mtu;
    this.up = this.used.up;
    this.completesChecksums = this.used.completesChecksums;
    this.gathers = this.used.gathers;
    this.cuts = this.used.cuts;
  }

  override receive(): Packet | null {
    const packet = this.used.receive();
    if (packet == null) this.up = this.used.up;
    return packet;
  }
  override release(packet: Packet): void {
    this.used.release(packet);
  }
  override allocate(): Packet | null {
    return this.used.allocate();
  }
  override transmit(packet: Packet): void {
    this.used.transmit(packet);
  }
  override discard(packet: Packet): void {
    this.used.discard(packet);
  }
  override flush(): void {
    this.used.flush();
  }
}

const links = new StaticArray<BoardLink | null>(MOST_LINKS);

/** How many links there may be. */
export function count(): i32 {
  return MOST_LINKS;
}

export function link(index: i32): Link {
  let found = links[index];
  if (found == null) {
    found = new BoardLink();
    links[index] = found;
  }
  return found;
}

/** Devices become links in the order in which they are found. */
export function start(): void {
  let gems = 0;
  for (let n = 0; n < MOST_LINKS; n++) {
    const each = links[n];
    if (each == null) continue;
    each.start(gems);
    if (each.gem.present) gems++;
  }
}

/** Before sleep: every device will interrupt. False when there is something to do already. */
export function rest(): bool {
  for (let n = 0; n < MOST_LINKS; n++) {
    const each = links[n];
    if (each != null && !each.gem.rest()) return false;
  }
  return true;
}

/** After sleep: the devices behind these interrupts let go of their lines. */
export function woken(bits: u64): void {
  for (let n = 0; n < MOST_LINKS; n++) {
    const each = links[n];
    if (each != null) each.gem.woken(bits);
  }
}
