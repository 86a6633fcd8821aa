/**
 * Tells switches and routers which groups of IPv4 this host listens to: IGMPv3, RFC 3376, as far as a host does that takes all sources; and IGMPv2 (RFC 2236) or
 * IGMPv1 (RFC 1112), while a router asks in that.
 */
import { Bytes } from "../../core/bytes";
import { folded } from "../../core/checksum";
import { Counter, count } from "../counters";
import { Datagram, DatagramHandler, DESTINATION_ADDRESS, IP } from "../datagrams";
import { FRAME_HEADER } from "../frames";
import { count4, group4 } from "../groups";
import { Nic } from "../nic";
import * as ethernet from "./needs/ethernet";
import * as ipv4 from "./needs/ipv4";
import { random } from "./needs/random";

const NEVER: u64 = u64.MAX_VALUE;
const ETHERTYPE: u32 = 0x0800;
const IGMP: u32 = 2;
const QUERY: u32 = 0x11;
const REPORT1: u32 = 0x12;
const REPORT2: u32 = 0x16;
const REPORT3: u32 = 0x22;
/** RFC 3376 4.2.12: it takes all sources: since long, or from now on. */
const IS_EXCLUDE: u32 = 2;
const TO_EXCLUDE: u32 = 4;
/** 224.0.0.22, to which reports of IGMPv3 go. */
const ROUTERS3: u32 = 0xe000_0016;
/** RFC 2113: routers look into the packet. */
const ROUTER_ALERT: u32 = 0x9404_0000;
const HEADER: u32 = 24;
const OUT: u32 = IP + HEADER;
const RECORD: u32 = 8;
/** RFC 3376 8.11: a report is said again after up to a second. */
const AGAIN: u64 = 1_000_000_000;
/** RFC 3376 8.12: how long a router of an older version is believed to be there. */
const OLDER: u64 = 400_000_000_000;
/** Ten seconds, in tenths: a router of IGMPv1 waits for so long (RFC 2236 4), and longer nobody is made to. */
const PATIENCE: u32 = 100;
const MOST_NICS = 8;

const reportAt = new StaticArray<u64>(MOST_NICS);
const isNew = new StaticArray<bool>(MOST_NICS);
/** Until when a router of IGMPv2, or of IGMPv1, is there. */
const until2 = new StaticArray<u64>(MOST_NICS);
const until1 = new StaticArray<u64>(MOST_NICS);

/** Hardware address of a group: RFC 1112 6.4. */
export function groupHardware4(address: u32): u64 {
  return 0x0100_5e00_0000 | <u64>(address & 0x7f_ffff);
}

@final
class Queries extends DatagramHandler {
  receive(datagram: Datagram): void {
    queried(datagram);
  }
}

/** In `prepare`. */
export function attach(): void {
  ipv4.register(IGMP, new Queries());
}

export function begin(): void {
  for (let n = 0; n < MOST_NICS; n++) {
    reportAt[n] = NEVER;
    isNew[n] = false;
    until2[n] = 0;
    until1[n] = 0;
  }
}

/** The interface has an address now: it tells at once, and once more. */
export function joined(nic: Nic, now: u64): void {
  report(nic, TO_EXCLUDE, now);
  isNew[nic.index] = true;
  reportAt[nic.index] = now + AGAIN;
}

/** RFC 3376 5.2, 7.2.1. Who asks for all groups of this host, or one of them, gets a report of all. */
function queried(datagram: Datagram): void {
  const bytes = datagram.packet.bytes;
  const at = datagram.payload;
  const length = datagram.length;
  if (length < 8 || bytes.u8(at) != QUERY || folded(bytes.sum(at, length, 0)) != 0xffff)
    return count(Counter.icmpIgnored);
  const nic = datagram.nic;
  const code = bytes.u8(at + 1);
  const isOldest = length < 12 && code == 0;
  if (isOldest) until1[nic.index] = heardAt + OLDER;
  else if (length < 12) until2[nic.index] = heardAt + OLDER;
  const most = isOldest ? PATIENCE : min(max(code, 1), PATIENCE);
  const wanted = heardAt + (random() % <u64>most) * 100_000_000;
  reportAt[nic.index] = min(reportAt[nic.index], wanted);
}

/** The time of this turn. */
let heardAt: u64 = 0;

export function poll(now: u64): void {
  heardAt = now;
  for (let n = 0; n < ethernet.nics(); n++) {
    if (reportAt[n] > now) continue;
    reportAt[n] = NEVER;
    report(ethernet.nic(n), isNew[n] ? TO_EXCLUDE : IS_EXCLUDE, now);
    isNew[n] = false;
  }
}

export function deadline(): u64 {
  let next = NEVER;
  for (let n = 0; n < MOST_NICS; n++) next = min(next, reportAt[n]);
  return next;
}

function report(nic: Nic, kind: u32, now: u64): void {
  if (nic.address == 0 || !nic.link.present) return;
  const isOldest = now < until1[nic.index];
  if (isOldest || now < until2[nic.index]) {
    for (let n = 0; n < count4(); n++) reportOlder(nic, isOldest ? REPORT1 : REPORT2, group4(n));
    return;
  }
  const packet = nic.link.allocate();
  if (packet == null) return count(Counter.noBuffer);
  const bytes = packet.bytes;
  const records = <u32>count4();
  bytes.setBe64(OUT, ((<u64>REPORT3) << 56) | <u64>records);
  for (let n: u32 = 0; n < records; n++) {
    bytes.setBe32(OUT + 8 + n * RECORD, kind << 24);
    bytes.setBe32(OUT + 12 + n * RECORD, group4(<i32>n));
  }
  const length = 8 + records * RECORD;
  bytes.setBe16(OUT + 2, folded(bytes.sum(OUT, length, 0)) ^ 0xffff);
  packet.checksumStart = 0;
  packet.length = FRAME_HEADER + HEADER + length;
  header(nic, bytes, ROUTERS3, length);
  ethernet.send(nic, packet, groupHardware4(ROUTERS3), ETHERTYPE);
}

function reportOlder(nic: Nic, type: u32, group: u32): void {
  const packet = nic.link.allocate();
  if (packet == null) return count(Counter.noBuffer);
  const bytes = packet.bytes;
  bytes.setBe64(OUT, ((<u64>type) << 56) | <u64>group);
  bytes.setBe16(OUT + 2, folded(bytes.sum(OUT, 8, 0)) ^ 0xffff);
  packet.checksumStart = 0;
  packet.length = FRAME_HEADER + HEADER + 8;
  header(nic, bytes, group, 8);
  ethernet.send(nic, packet, groupHardware4(group), ETHERTYPE);
}

/** One hop, and the option that routers look for: RFC 3376 4. */
function header(nic: Nic, bytes: Bytes, to: u32, length: u32): void {
  bytes.setBe32(IP, 0x46c0_0000 | (HEADER + length));
  bytes.setBe32(IP + 4, 0);
  bytes.setBe32(IP + 8, (1 << 24) | (IGMP << 16));
  bytes.setBe32(IP + 12, nic.address);
  bytes.setBe32(IP + DESTINATION_ADDRESS, to);
  bytes.setBe32(IP + 20, ROUTER_ALERT);
  bytes.setBe16(IP + 10, folded(bytes.sum(IP, HEADER, 0)) ^ 0xffff);
}
