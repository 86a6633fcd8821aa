/** Messages of DNS as they are put together: names are written once, and pointed at after that. RFC 1035 4.1, RFC 6762 18. */
import { Bytes } from "../core/bytes";
import { Nic } from "../net/nic";
import { behind, Name, same } from "./names";
import { own6, places } from "./needs/multicast";
import {
  A,
  AAAA,
  HOST_NSEC,
  host,
  hostTtl,
  KIND,
  kinds,
  NSEC,
  OTHER_TTL,
  PTR,
  REVERSE,
  SRV,
  SUBTYPES,
  serviceOf,
  TXT,
  Type,
  unique,
} from "./records";
import * as reverse from "./reverse";

const HEADER: u32 = 12;
const IN: u32 = 1;
/** RFC 6762 10.2: what others have of this name is old. */
const FLUSH: u32 = 0x8000;
/** RFC 6762 6.7: who is no member of the group keeps it for so long at most. */
const LEGACY_TTL: u32 = 10;
const MOST_PLACES = 48;

let to: Bytes = new Bytes(new StaticArray<u8>(0), 0, 0);
export let length: u32 = 0;
let most: u32 = 0;
let isFull: bool = false;
let isLegacy: bool = false;
/** It goes to who has just asked, and to nobody else. */
let isAlone: bool = false;
/** Where names and ends of names stand. */
const known = new StaticArray<u32>(MOST_PLACES);
let knownCount = 0;

/** A message of these flags; sections are counted at `tally`. */
export function begin(bytes: Bytes, id: u32, flags: u32, alone: bool, legacy: bool): void {
  to = bytes;
  most = bytes.length;
  bytes.fill(0, HEADER, 0);
  bytes.setBe16(0, id);
  bytes.setBe16(2, flags);
  length = HEADER;
  isFull = false;
  isAlone = alone;
  isLegacy = legacy;
  knownCount = 0;
}

/** One more in a section: 0 questions, 1 answers, 2 authority, 3 additional. */
function tally(section: u32): void {
  to.setBe16(4 + 2 * section, to.be16(4 + 2 * section) + 1);
}

export function hasAny(section: u32): bool {
  return to.be16(4 + 2 * section) > 0;
}

function has(size: u32): bool {
  if (length + size > most) isFull = true;
  return !isFull;
}

function put16(value: u32): void {
  if (!has(2)) return;
  to.setBe16(length, value);
  length += 2;
}

function put(bytes: Bytes, at: u32, size: u32): void {
  if (!has(size)) return;
  to.copy(length, bytes, at, size);
  length += size;
}

function name(owner: Name): void {
  const bytes = owner.bytes;
  let at: u32 = 0;
  // What is begun here has no end yet.
  const complete = knownCount;
  while (bytes.u8(at) != 0) {
    for (let n = 0; n < complete; n++) {
      if (!same(to, known[n], bytes, at)) continue;
      return put16(0xc000 | known[n]);
    }
    const size = 1 + bytes.u8(at);
    if (!has(size)) return;
    if (knownCount < MOST_PLACES && length < 0x4000) known[knownCount++] = length;
    put(bytes, at, size);
    at += size;
  }
  put(bytes, at, 1);
}

/** A question for any record of a name, whose answer may come to us alone: RFC 6762 8.1, 5.4. */
export function probe(owner: Name): void {
  name(owner);
  put16(Type.any);
  put16(IN | FLUSH);
  tally(0);
}

/** The first question of somebody who wants it back: RFC 6762 6.7. False: it points somewhere else in his message, and cannot be copied. */
export function questionOf(message: Bytes): bool {
  const next = behind(message, HEADER);
  if (next == 0 || !message.has(next, 4)) return false;
  put(message, HEADER, next + 4 - HEADER);
  if (isFull) return false;
  to.setBe16(length - 2, to.be16(length - 2) & ~FLUSH);
  tally(0);
  return true;
}

/** Adds the records of a bit. False: there is no room, and nothing of it is there. */
export function record(bit: i32, section: u32, on: Nic): bool {
  const before = length;
  const places = knownCount;
  const count = to.be16(4 + 2 * section);
  add(bit, section, on);
  if (!isFull) return true;
  isFull = false;
  length = before;
  knownCount = places;
  to.setBe16(4 + 2 * section, count);
  return false;
}

function add(bit: i32, section: u32, on: Nic): void {
  if (bit == A) {
    if (on.address == 0) return;
    const at = head(host, Type.a, bit, section);
    if (has(4)) to.setBe32(length, on.address);
    length += 4;
    return end(at);
  }
  if (bit == AAAA) {
    for (let n = 0; n < places(); n++) {
      const own = own6(on, n);
      if (own == null) continue;
      const at = head(host, Type.aaaa, bit, section);
      if (has(16)) {
        to.setBe64(length, own.high);
        to.setBe64(length + 8, own.low);
      }
      length += 16;
      end(at);
    }
    return;
  }
  if (bit == REVERSE) return reversed(on, bit, section);
  if (bit == HOST_NSEC) return nsec(host, bit, section, on.address != 0, on.hasIpv6);
  const service = serviceOf(bit)!;
  const which = bit - service.first;
  if (which == SRV) {
    const at = head(service.instance, Type.srv, bit, section);
    put16(0);
    put16(0);
    put16(service.port);
    name(host);
    return end(at);
  }
  if (which == TXT) {
    const at = head(service.instance, Type.txt, bit, section);
    put(service.txt, 0, service.txt.length);
    return end(at);
  }
  if (which == NSEC) return services(service.instance, bit, section);
  const owner = which == PTR ? service.kind : which == KIND ? kinds : service.subtypes[which - SUBTYPES];
  const at = head(owner, Type.ptr, bit, section);
  name(which == KIND ? service.kind : service.instance);
  end(at);
}

/** Back to the host: from the address that was asked about, if that is answered to one alone, else from each. */
function reversed(on: Nic, bit: i32, section: u32): void {
  for (let n = 0; n < reverse.most(); n++) {
    if (isAlone && reverse.asked != reverse.ALL && reverse.asked != n) continue;
    if (!reverse.make(on, n)) continue;
    const at = head(reverse.name, Type.ptr, bit, section);
    name(host);
    end(at);
  }
}

function head(owner: Name, type: u32, bit: i32, section: u32): u32 {
  name(owner);
  put16(type);
  const isUnique = ((unique >> <u64>bit) & 1) != 0;
  put16(isUnique && section != 2 && !isLegacy ? IN | FLUSH : IN);
  const ttl = isUnique && type != Type.txt ? hostTtl : OTHER_TTL;
  if (has(4)) to.setBe32(length, isLegacy ? min(ttl, LEGACY_TTL) : ttl);
  length += 4;
  put16(0);
  tally(section);
  return length;
}

/** What stands from there on is the record's content. */
function end(from: u32): void {
  if (!isFull) to.setBe16(from - 2, length - from);
}

/** Which records there are of a name, and so that there are no others: RFC 6762 6.1, RFC 4034 4.1.2. */
function nsec(owner: Name, bit: i32, section: u32, hasA: bool, hasAaaa: bool): void {
  const at = head(owner, Type.nsec, bit, section);
  name(owner);
  put16(4);
  // A is bit 1, AAAA bit 28.
  put16(hasA ? 0x4000 : 0);
  put16(hasAaaa ? 0x0008 : 0);
  end(at);
}

/** TXT is bit 16, SRV bit 33. */
function services(owner: Name, bit: i32, section: u32): void {
  const at = head(owner, Type.nsec, bit, section);
  name(owner);
  put16(5);
  put16(0);
  put16(0x8000);
  if (has(1)) to.setU8(length, 0x40);
  length += 1;
  end(at);
}
