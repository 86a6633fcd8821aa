/** UDP to and from a group of the link, on every interface: what protocols need that find each other without a server. RFC 1112, 4541; IGMP and MLD tell of the groups. */
import { Bytes } from "../../core/bytes";
import { folded, foldedNumber, halves } from "../../core/checksum";
import { Packet } from "../../core/packet";
import { Counter, count } from "../counters";
import { Datagram, DatagramHandler, DESTINATION_ADDRESS, IP, IP_HEADER, IP6_HEADER } from "../datagrams";
import { FRAME_HEADER } from "../frames";
import { join } from "../groups";
import { ETHERTYPE6, groupHardware, LINK_GROUPS, LINK_LOCAL, writeHeader6 } from "../header6";
import { Heard, Listener } from "../listener";
import { Nic } from "../nic";
import { Address, Own } from "../own";
import { complete, pseudo4, pseudo6 } from "../transport";
import * as igmp from "./igmp";
import * as ethernet from "./needs/ethernet";
import * as v4 from "./needs/ipv4";
import * as v6 from "./needs/ipv6";
import * as ndp from "./needs/ndp";
import { ipv4, ipv6 } from "./parts";

export const V4: bool = ipv4;
export const V6: bool = ipv6;

const ETHERTYPE: u32 = 0x0800;
const UDP: u32 = 17;
const UDP_HEADER: u32 = 8;
/** What comes from the link itself says so: RFC 6762 11. */
const HOPS: u32 = 255;
const MOST_NICS = 8;

let group4: u32 = 0;
let group6: u64 = 0;
let port: u32 = 0;
let listener: Listener | null = null;
let receiver4: Receiver | null = null;
let receiver6: Receiver | null = null;
const heard = new Heard();
const nothing = new StaticArray<u8>(0);
const content = new Bytes(nothing, 0, 0);
const payload = new Bytes(nothing, 0, 0);
/** The address that each interface had when its groups were told. */
const told = new StaticArray<u32>(MOST_NICS);

@final
class Receiver extends DatagramHandler {
  constructor(private readonly isIpv6: bool) {
    super();
  }

  receive(datagram: Datagram): void {
    const bytes = datagram.packet.bytes;
    const at = datagram.payload;
    if (datagram.length >= UDP_HEADER && bytes.be16(at + 2) == port) return input(datagram, this.isIpv6);
    if (this.isIpv6) {
      if (V6) v6.others(this, datagram);
    } else if (V4) v4.others(this, datagram);
  }
}

/** In `prepare`: one listener, to one pair of groups. */
export function listen(four: u32, six: u64, to: u32, by: Listener): void {
  group4 = four;
  group6 = six;
  port = to;
  listener = by;
  join(four, six);
  if (V4) {
    receiver4 = new Receiver(false);
    igmp.attach();
  }
  if (V6) receiver6 = new Receiver(true);
}

/** When all others are there: what comes to the port goes to nobody else. */
export function start(): void {
  for (let n = 0; n < MOST_NICS; n++) told[n] = 0;
  if (V4) {
    igmp.begin();
    v4.register(UDP, receiver4!);
  }
  if (V6) v6.register(UDP, receiver6!);
}

export function poll(now: u64): void {
  if (!V4) return;
  for (let n = 0; n < ethernet.nics(); n++) {
    const nic = ethernet.nic(n);
    const address = nic.link.up ? nic.address : 0;
    if (address == told[n]) continue;
    told[n] = address;
    if (address != 0) igmp.joined(nic, now);
  }
  igmp.poll(now);
}

export function deadline(): u64 {
  return V4 ? igmp.deadline() : u64.MAX_VALUE;
}

export function nics(): i32 {
  return ethernet.nics();
}

export function nic(index: i32): Nic {
  return ethernet.nic(index);
}

/** Address `n` of IPv6 of this interface; null: it has none of that number, or it is not ready. They are `places()`. */
export function own6(on: Nic, n: i32): Own | null {
  if (!V6) return null;
  const own = ndp.addressAt(n);
  return own.state == Address.ready && own.nic == on ? own : null;
}
export function places(): i32 {
  return V6 ? ndp.addressPlaces() : 0;
}

/** Can something be said to the group on this interface? */
export function isReady(on: Nic, isIpv6: bool): bool {
  if (!on.link.present || !on.link.up) return false;
  if (!isIpv6) return V4 && on.address != 0;
  return V6 && ndp.from(on, LINK_LOCAL, group6) != null;
}

function input(datagram: Datagram, isIpv6: bool): void {
  const bytes = datagram.packet.bytes;
  const at = datagram.payload;
  const length = bytes.be16(at + 4);
  if (length < UDP_HEADER || length > datagram.length) return count(Counter.udpBadLength);
  const checksum = bytes.be16(at + 6);
  if (!datagram.packet.verified && (checksum != 0 || isIpv6)) {
    const share = isIpv6
      ? pseudo6(
          datagram.sourceHigh,
          datagram.source,
          datagram.destinationHigh,
          datagram.destination,
          UDP,
          length,
        )
      : pseudo4(datagram.source, datagram.destination, UDP, length);
    if (checksum == 0 || folded(bytes.sum(at, length, share)) != 0xffff) return count(Counter.udpBadChecksum);
  }
  count(Counter.udpIn);
  heard.isIpv6 = isIpv6;
  heard.high = datagram.sourceHigh;
  heard.low = datagram.source;
  heard.port = bytes.be16(at);
  heard.hardware = datagram.hardware;
  heard.isToAll = datagram.toAll;
  content.window(bytes, at + UDP_HEADER, length - UDP_HEADER);
  listener!.heard(datagram.nic, content, heard);
}

let started: Packet | null = null;
let startedOn: Nic | null = null;
let isStarted6: bool = false;

/** Begins a datagram: the view takes its payload, then `send` or `discard`. Null when there is no buffer. */
export function begin(on: Nic, isIpv6: bool): Bytes | null {
  discard();
  const packet = on.link.allocate();
  if (packet == null) {
    count(Counter.noBuffer);
    return null;
  }
  started = packet;
  startedOn = on;
  isStarted6 = isIpv6;
  const headers = isIpv6 ? IP6_HEADER : IP_HEADER;
  const room = (isIpv6 ? on.mtu6 : on.mtu) - headers - UDP_HEADER;
  payload.window(packet.bytes, IP + headers + UDP_HEADER, room);
  return payload;
}

export function discard(): void {
  const packet = started;
  if (packet != null) startedOn!.link.discard(packet);
  started = null;
}

/** Sends it to the group. */
export function sendToAll(size: u32): void {
  if (isStarted6) finish(LINK_GROUPS, group6, groupHardware(group6), port, size);
  else finish(0, <u64>group4, igmp.groupHardware4(group4), port, size);
}

/** Sends it to who was heard. */
export function sendBack(to: Heard, size: u32): void {
  finish(to.high, to.low, to.hardware, to.port, size);
}

function finish(high: u64, low: u64, hardware: u64, to: u32, size: u32): void {
  const packet = started!;
  const on = startedOn!;
  const length = UDP_HEADER + size;
  const headers = isStarted6 ? IP6_HEADER : IP_HEADER;
  const at = IP + headers;
  const bytes = packet.bytes;
  bytes.setBe64(at, ((<u64>((port << 16) | to)) << 32) | <u64>(length << 16));
  if (isStarted6) {
    if (!V6) return discard();
    // What is for the group comes from an address of the link: RFC 6724 5, rule 2.
    const own = high == LINK_GROUPS ? ndp.from(on, LINK_LOCAL, low) : ndp.from(on, high, low);
    if (own == null) return discard();
    complete(on, packet, at, 6, length, pseudo6(own.high, own.low, high, low, UDP, length));
    writeHeader6(packet, own.high, own.low, high, low, UDP, HOPS, length);
  } else {
    complete(on, packet, at, 6, length, pseudo4(<u64>on.address, low, UDP, length));
    header4(packet, on.address, <u32>low, length);
  }
  if (packet.checksumStart == 0 && bytes.be16(at + 6) == 0) bytes.setBe16(at + 6, 0xffff);
  started = null;
  count(Counter.udpOut);
  ethernet.send(on, packet, hardware, isStarted6 ? ETHERTYPE6 : ETHERTYPE);
}

function header4(packet: Packet, from: u32, to: u32, length: u32): void {
  const bytes = packet.bytes;
  const first: u64 = ((<u64>(0x45000000 | (IP_HEADER + length))) << 32) | 0x4000;
  const second: u64 = ((<u64>((HOPS << 24) | (UDP << 16))) << 32) | <u64>from;
  const checksum = foldedNumber(halves(first) + halves(second) + <u64>to) ^ 0xffff;
  bytes.setBe64(IP, first);
  bytes.setBe64(IP + 8, second | ((<u64>checksum) << 32));
  bytes.setBe32(IP + DESTINATION_ADDRESS, to);
  packet.length = FRAME_HEADER + IP_HEADER + length;
}
