/** Interfaces in virtual networks: IEEE 802.1Q. Only an appliance that has such has this. */
import { Packet } from "../../core/packet";
import { FRAME_HEADER, Trunks } from "../frames";
import { Link } from "../link";
import { Nic } from "../nic";
import * as ethernet from "./needs/ethernet";
import { TaggedLink, untag } from "./tagged";

/** As many as there may be interfaces. */
const MOST = 8;

/** By the index of an interface: its virtual network; null: it has what comes without a tag. */
const networks = new StaticArray<TaggedLink | null>(MOST);
/** The device that each is on. */
const devices = new StaticArray<Link | null>(MOST);

@final
class Known extends Trunks {
  /** What the next interface is to have. */
  wanted: u32 = 0;

  override tag(nic: Nic): bool {
    networks[nic.index] = this.wanted == 0 ? null : new TaggedLink(nic.link, this.wanted);
    return this.wanted != 0;
  }

  override settle(nic: Nic, device: Link): void {
    devices[nic.index] = device;
    const network = networks[nic.index];
    if (network == null) nic.link = device;
    else {
      network.device = device;
      nic.link = network;
    }
  }

  override refresh(): void {
    for (let n = 0; n < MOST; n++) {
      const network = networks[n];
      if (network != null) network.refresh();
    }
  }

  /** The first interface on a device does it for all. */
  override device(index: i32): Link | null {
    const device = devices[index];
    for (let before = 0; before < index; before++) if (devices[before] == device) return null;
    return device;
  }

  override owner(index: i32, packet: Packet): Nic | null {
    if (packet.length < FRAME_HEADER) return null;
    const device = devices[index];
    const number = untag(packet);
    for (let n = index; n < ethernet.nics(); n++) {
      const network = networks[n];
      const own: u32 = network == null ? 0 : network.number;
      if (devices[n] == device && own == number) return ethernet.nic(n);
    }
    return null;
  }
}

let known: Known | null = null;

/**
 * In `prepare`: a new interface on the device of this number; below 0: on the next one. It is the virtual network of this number there; 0: it has
 * what comes without a tag. False when the target has no such device.
 */
export function placeTagged(name: string, mtu: u32, device: i32, number: u32, priority: u32): bool {
  let trunks = known;
  if (trunks == null) {
    trunks = new Known();
    known = trunks;
  }
  trunks.wanted = number == 0 ? 0 : (priority << 13) | number;
  return ethernet.placeTagged(name, mtu, device, trunks) != null;
}
