/** Ethernet II: takes frames from every link and hands them on by their type. */
import { Measures } from "../../core/measures";
import { HEADROOM, Packet } from "../../core/packet";
import { Reasons } from "../../core/reasons";
import { Counter, count, show, showDrops } from "../counters";
import { DESTINATION, FRAME_HEADER, FrameHandler, SOURCE, Trunks, TYPE } from "../frames";
import { Nic } from "../nic";
import { ANY, addNic, interfaces, nicCount } from "./places";

/** Frames that one turn takes from one link at most, so that timers run in a flood. */
const BUDGET = 64;
/** Group bit of a hardware address: broadcast and multicast. IEEE 802-2014 8.2. */
const GROUP: u64 = 0x010000000000;

/** The one that was registered last: IPv4 comes after ARP, and nearly all frames are its. */
let handlers: FrameHandler | null = null;
/** Null, and known to be to the compiler, where there are no virtual networks. */
let trunks: Trunks | null = null;
/** The next turn must come at once: something waits for `flush`, or more frames have arrived than one turn takes. */
let busy = false;

/** In `prepare`: frames of `type` go to `handler`. */
export function register(type: u32, handler: FrameHandler): void {
  handler.type = type;
  handler.next = handlers;
  handlers = handler;
}

/** In `prepare`: the interface of this name; a new one is on the next link. Null when the target has no further one. */
export function add(name: string, mtu: u32): Nic | null {
  const known = named(name);
  return known == null ? addNic(name, mtu, ANY, null) : known;
}

/** In `prepare`: a new interface on the device of this number; below 0: on the next one. Null when the target has none. */
export function place(name: string, mtu: u32, device: i32): Nic | null {
  return addNic(name, mtu, device, null);
}

/** As `place`, where devices carry virtual networks: for all interfaces of such an appliance. */
export function placeTagged(name: string, mtu: u32, device: i32, networks: Trunks): Nic | null {
  trunks = networks;
  return addNic(name, mtu, device, networks);
}

/** In `prepare`: the interface of this name. */
export function named(name: string): Nic | null {
  for (let n = 0; n < nicCount(); n++) if (interfaces[n]!.name == name) return interfaces[n];
  return null;
}

export function nics(): i32 {
  return nicCount();
}

export function nic(index: i32): Nic {
  return interfaces[index]!;
}

export function start(): void {
  if (trunks != null) trunks!.refresh();
  for (let n = 0; n < nicCount(); n++) {
    const each = interfaces[n]!;
    each.mac = each.link.mac;
    each.mtu = min(each.mtu, each.link.mtu);
    each.mtu6 = each.mtu;
  }
}

export function poll(_now: u64): void {
  let full = false;
  if (trunks != null) trunks!.refresh();
  for (let n = 0; n < nicCount(); n++) {
    const each = interfaces[n]!;
    const from = trunks == null ? each.link : trunks!.device(n);
    if (from == null || !from.present) continue;
    let taken = 0;
    while (taken < BUDGET) {
      const packet = from.receive();
      if (packet == null) break;
      const owner = trunks == null ? each : trunks!.owner(n, packet);
      if (owner == null) count(Counter.notForUs);
      else input(owner, packet);
      from.release(packet);
      taken += 1;
    }
    if (taken == BUDGET) full = true;
  }
  // After all of them: what arrives at one interface may be answered through another.
  for (let n = 0; n < nicCount(); n++) {
    const each = trunks == null ? interfaces[n]!.link : trunks!.device(n);
    if (each == null || !each.present) continue;
    each.flush();
  }
  busy = full;
}

/** What others send after this turn's `poll` goes with the next one, which follows at once. */
export function deadline(): u64 {
  return busy ? 0 : u64.MAX_VALUE;
}

function input(at: Nic, packet: Packet): void {
  count(Counter.framesIn);
  if (packet.length < FRAME_HEADER) return count(Counter.tooShort);
  const bytes = packet.bytes;
  const destination = bytes.be48(HEADROOM + DESTINATION);
  if (destination != at.mac && (destination & GROUP) == 0) return count(Counter.notForUs);
  const type = bytes.be16(HEADROOM + TYPE);
  let handler: FrameHandler | null = handlers;
  while (handler != null) {
    if (handler.type == type) return handler.receive(at, packet);
    handler = handler.next;
  }
  count(Counter.unknownType);
}

/** Writes the header and sends; `packet.length` is that of the whole frame. */
export function send(at: Nic, packet: Packet, destination: u64, type: u32): void {
  const bytes = packet.bytes;
  const source = at.mac;
  // Destination and the first third of the source; the rest of it.
  bytes.setBe64(HEADROOM + DESTINATION, (destination << 16) | (source >> 32));
  bytes.setBe32(HEADROOM + SOURCE + 2, <u32>source);
  bytes.setBe16(HEADROOM + TYPE, type);
  count(Counter.framesOut);
  busy = true;
  at.link.transmit(packet);
}

/** What is counted: see `core/measures.ts`. */
export function measure(to: Measures): void {
  to.counter("net_frames_received", "Ethernet frames that have arrived.");
  show(to, "", Counter.framesIn);
  to.counter("net_frames_sent", "Ethernet frames that were handed to devices.");
  show(to, "", Counter.framesOut);
  showDrops(to);
  show(to, 'layer="link",reason="nonsense"', Counter.linkNonsense);
  show(to, 'layer="link",reason="refused"', Counter.linkRefused);
  show(to, 'layer="link",reason="lost"', Counter.linkLost);
  show(to, 'layer="ethernet",reason="not_for_us"', Counter.notForUs);
  show(to, 'layer="ethernet",reason="unknown_type"', Counter.unknownType);
  show(to, 'layer="ethernet",reason="too_short"', Counter.tooShort);
  show(to, 'layer="ethernet",reason="no_buffer"', Counter.noBuffer);
}

/** Devices that are not there, and links that carry nothing: see `core/reasons.ts`. */
export function health(to: Reasons): void {
  for (let n = 0; n < nicCount(); n++) {
    const each = interfaces[n]!;
    if (each.link.present && each.link.up) continue;
    to.text(each.name);
    to.text(each.link.present ? ": the link is down" : ": no device");
    to.end();
  }
}
