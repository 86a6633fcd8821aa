/** Messages of neighbour discovery that arrive: RFC 4861 7.1, 7.2.3, 7.2.5. */
import { Bytes } from "../../core/bytes";
import { Counter, count } from "../counters";
import { Datagram, IP } from "../datagrams";
import { ALL_NODES, groupHardware, HOP_LIMIT, isGroup, LINK_GROUPS } from "../header6";
import { Address } from "../own";
import { find } from "./addresses";
import { conflict, duplicate } from "./detection";
import { listener } from "./listener";
import {
  ADVERTISEMENT,
  advertise,
  HOPS,
  NONCE,
  OVERRIDE,
  ROUTER_ADVERTISEMENT,
  SOLICITATION,
  SOLICITED,
  SOURCE_HARDWARE,
  TARGET_HARDWARE,
} from "./messages";
import { advertised, heard } from "./resolve";

/** Type, checksum, a word, the target. */
const HEADER: u32 = 24;
const ROUTER: u32 = 0x80000000;

/** Do the options fill what is left, none of them empty? RFC 4861 6.1.1. */
export function areOptionsSound(bytes: Bytes, from: u32, end: u32): bool {
  let at = from;
  while (at < end) {
    if (end - at < 8) return false;
    const length = bytes.u8(at + 1) * 8;
    if (length == 0 || length > end - at) return false;
    at += length;
  }
  return true;
}

/** Six bytes of the first option of this kind; 0 if there is none. The options are sound. */
function optionOf(bytes: Bytes, from: u32, end: u32, kind: u32): u64 {
  for (let at = from; at < end; at += bytes.u8(at + 1) * 8)
    if (bytes.u8(at) == kind && bytes.u8(at + 1) == 1) return bytes.be48(at + 2);
  return 0;
}

/** A message of ICMPv6 from 133 to 137, its checksum right. */
export function receive(datagram: Datagram, type: u32, now: u64): void {
  const bytes = datagram.packet.bytes;
  // RFC 4861 6.1, 7.1: it comes from this link. RFC 6980 5: and in one piece.
  const isNear = bytes.u8(IP + HOP_LIMIT) == HOPS && datagram.isWhole && bytes.u8(datagram.payload + 1) == 0;
  const fixed: u32 = type == ROUTER_ADVERTISEMENT ? 16 : HEADER;
  const end = datagram.payload + datagram.length;
  if (!isNear || datagram.length < fixed || !areOptionsSound(bytes, datagram.payload + fixed, end))
    return count(Counter.ndpIgnored);
  if (type == SOLICITATION) return solicitation(datagram, now);
  if (type == ADVERTISEMENT) return advertisement(datagram, now);
  const to = listener();
  if (type == ROUTER_ADVERTISEMENT && to != null) return to.advertised(datagram, now);
  // Redirects are not followed, and questions to routers are not for us.
  count(Counter.ndpIgnored);
}

function solicitation(datagram: Datagram, now: u64): void {
  const nic = datagram.nic;
  const bytes = datagram.packet.bytes;
  const at = datagram.payload;
  const high = bytes.be64(at + 8);
  const low = bytes.be64(at + 16);
  if (isGroup(high)) return count(Counter.ndpIgnored);
  const own = find(nic, high, low);
  if (own == null) return;
  const end = at + datagram.length;
  const isDetection = datagram.sourceHigh == 0;
  if (isDetection) {
    // RFC 4861 7.1.1: it goes to the group, and says nothing of who asks.
    const isSound = datagram.toAll && optionOf(bytes, at + HEADER, end, SOURCE_HARDWARE) == 0;
    if (!isSound) return count(Counter.ndpIgnored);
  }
  if (own.state == Address.tentative) {
    // RFC 7527 4.2: what carries our nonce is our own question, which a loop has brought back.
    const isOther = isDetection && optionOf(bytes, at + HEADER, end, NONCE) != own.nonce;
    if (isOther) duplicate(own, datagram.hardware, now);
    return;
  }
  if (own.state != Address.ready) return;
  if (isDetection) return advertise(own, OVERRIDE, LINK_GROUPS, ALL_NODES, groupHardware(ALL_NODES));
  const told = optionOf(bytes, at + HEADER, end, SOURCE_HARDWARE);
  if (told != 0) heard(nic, datagram.sourceHigh, datagram.source, told, now);
  // The answer goes where the question came from, whatever that says of itself: nobody can send it to a third one.
  advertise(own, SOLICITED | OVERRIDE, datagram.sourceHigh, datagram.source, datagram.hardware);
}

function advertisement(datagram: Datagram, now: u64): void {
  const nic = datagram.nic;
  const bytes = datagram.packet.bytes;
  const at = datagram.payload;
  const flags = bytes.be32(at + 4);
  const high = bytes.be64(at + 8);
  const low = bytes.be64(at + 16);
  // RFC 4861 7.1.2.
  if (isGroup(high) || datagram.sourceHigh == 0 || (datagram.toAll && (flags & SOLICITED) != 0))
    return count(Counter.ndpIgnored);
  const own = find(nic, high, low);
  if (own != null) {
    if (own.state == Address.tentative) duplicate(own, datagram.hardware, now);
    else if (own.state == Address.ready) conflict(own, datagram.hardware, now);
    return;
  }
  const mac = optionOf(bytes, at + HEADER, at + datagram.length, TARGET_HARDWARE);
  // A group has no place as somebody's address.
  if ((mac & 0x010000000000) != 0) return count(Counter.ndpIgnored);
  const isAnswer = (flags & SOLICITED) != 0;
  advertised(nic, high, low, mac, isAnswer, (flags & OVERRIDE) != 0, (flags & ROUTER) != 0, now);
}
