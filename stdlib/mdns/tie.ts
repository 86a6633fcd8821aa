/**
 * Two ask for the same name at the same time, and each has said which records he will tell of it: RFC 6762 8.2, 8.2.1. Both sort them by class, type and content, and
 * compare one by one; at the first difference the greater one wins, and where one list ends, the longer one.
 *
 * Nothing is sorted here: the first difference is the least record that only one of the two has.
 */
import { Bytes } from "../core/bytes";
import { Nic } from "../net/nic";
import { Own } from "../net/own";
import { Name, same } from "./names";
import { own6, places } from "./needs/multicast";
import * as reader from "./reader";
import { host, Service, Type } from "./records";

const CLASS: u32 = 0x7fff;
const IN: u32 = 1;
/** Class and type. */
const KEY: u32 = 4;
/** Of SRV, before its name: RFC 2782. */
const SRV_FIXED: u32 = 6;
const POINTER: u32 = 0xc0;
const NONE: i32 = -1;
/** Records of one name that are looked at: nobody honest has more. */
const MOST_THEIRS: i32 = 32;

/** One record as it is compared: class, type, then its content, in which names are whole wherever they stand in the message. */
@final
class Cursor {
  private bytes: Bytes = new Bytes(new StaticArray<u8>(0), 0, 0);
  private key: u32 = 0;
  private sent: u32 = 0;
  private at: u32 = 0;
  private end: u32 = 0;
  /** Where a name begins; `end`: there is none. */
  private name: u32 = 0;
  /** Bytes of a label that are still to come. */
  private label: u32 = 0;
  private limit: u32 = 0;

  begin(bytes: Bytes, key: u32, at: u32, length: u32, name: u32): void {
    this.bytes = bytes;
    this.key = key;
    this.sent = 0;
    this.at = at;
    this.end = at + length;
    this.name = at + min(name, length);
    this.label = 0;
    this.limit = this.name;
  }

  /** The next byte, or NONE behind the last. */
  next(): i32 {
    if (this.sent < KEY) return <i32>((this.key >> (8 * (KEY - 1 - this.sent++))) & 255);
    if (this.at < this.name) return <i32>this.bytes.u8(this.at++);
    if (this.name == this.end) return NONE;
    if (this.label > 0) this.label -= 1;
    else if (!this.open()) return NONE;
    return this.bytes.has(this.at, 1) ? <i32>this.bytes.u8(this.at++) : NONE;
  }

  /** To where the next label's length is: a pointer leads to what comes before it. False behind the name. */
  private open(): bool {
    while (this.bytes.has(this.at, 2) && this.bytes.u8(this.at) >= POINTER) {
      const to = this.bytes.be16(this.at) & 0x3fff;
      if (to >= this.limit) return false;
      this.limit = to;
      this.at = to;
    }
    if (!this.bytes.has(this.at, 1)) return false;
    this.label = this.bytes.u8(this.at);
    if (this.label == 0) this.name = this.end = this.at;
    return true;
  }
}

const his = new Cursor();
const other = new Cursor();
const scratch = new Bytes(new StaticArray<u8>(<i32>(SRV_FIXED + 255)), 0, SRV_FIXED + 255);

/** Do our records of this name come before those that the message has from `from` on? False if it has none. `service`: null for the host. */
export function precedes(message: Bytes, from: u32, name: Name, service: Service | null, on: Nic): bool {
  const ours = countOf(service, on);
  /** Of ours those that he has too, as bits. */
  let shared: u64 = 0;
  let theirs = 0;
  /** Where the least of those is that only he has. */
  let least: u32 = 0;
  reader.back(from);
  for (let n = reader.count(2); n > 0; n--) {
    const at = reader.place();
    if (!reader.record()) break;
    if (!same(message, reader.nameAt, name.bytes, 0)) continue;
    if (++theirs > MOST_THEIRS) break;
    const equal = indexOf(message, at, ours, service, on);
    if (equal >= 0) shared |= (<u64>1) << (<u64>equal);
    else if (least == 0 || between(message, at, least) < 0) least = at;
  }
  if (theirs == 0) return false;
  const own = leastOwn(ours, shared, service, on);
  if (own < 0 && least == 0) return false;
  if (least != 0 && (own < 0 || against(message, least, own, service, on) < 0)) {
    for (let n = 0; n < ours; n++) if (against(message, least, n, service, on) < 0) return false;
    return true;
  }
  reader.back(from);
  for (let n = reader.count(2); n > 0; n--) {
    const at = reader.place();
    if (!reader.record()) break;
    if (same(message, reader.nameAt, name.bytes, 0) && against(message, at, own, service, on) > 0)
      return true;
  }
  return false;
}

function indexOf(message: Bytes, at: u32, ours: i32, service: Service | null, on: Nic): i32 {
  for (let n = 0; n < ours; n++) if (against(message, at, n, service, on) == 0) return n;
  return NONE;
}

/** The least of those that only we have. */
function leastOwn(ours: i32, shared: u64, service: Service | null, on: Nic): i32 {
  let least = NONE;
  for (let n = 0; n < ours; n++)
    if (((shared >> <u64>n) & 1) == 0 && (least < 0 || (service == null && isBefore(on, n, least))))
      least = n;
  return least;
}

/** A record of his against one of ours: below 0 if it comes before. */
function against(message: Bytes, at: u32, own: i32, service: Service | null, on: Nic): i32 {
  beginHis(his, message, at);
  beginOwn(other, own, service, on);
  return compared();
}

function between(message: Bytes, at: u32, second: u32): i32 {
  beginHis(his, message, at);
  beginHis(other, message, second);
  return compared();
}

function compared(): i32 {
  while (true) {
    const one = his.next();
    const two = other.next();
    if (one != two || one < 0) return one - two;
  }
}

/** Of the record that stands there, which was read before. */
function beginHis(cursor: Cursor, message: Bytes, at: u32): void {
  const next = reader.place();
  reader.back(at);
  reader.record();
  const type = reader.type;
  const length = reader.dataLength;
  const name = type == Type.srv ? SRV_FIXED : type == Type.ptr ? 0 : length;
  cursor.begin(message, ((reader.classOf & CLASS) << 16) | type, reader.dataAt, length, name);
  reader.back(next);
}

// ------------------------------------------------------------------------------------------------ ours

/** Of a service TXT and SRV; of the host its addresses, that of IPv4 first. */
function countOf(service: Service | null, on: Nic): i32 {
  if (service != null) return 2;
  let count = first6(on);
  for (let n = 0; n < places(); n++) if (own6(on, n) != null) count += 1;
  return count;
}

/** The index of the first address of IPv6. */
function first6(on: Nic): i32 {
  return on.address != 0 ? 1 : 0;
}

/** Null: it is the address of IPv4. */
function address6(on: Nic, index: i32): Own | null {
  let left = index - first6(on);
  for (let n = 0; n < places() && left >= 0; n++) {
    const own = own6(on, n);
    if (own != null && left-- == 0) return own;
  }
  return null;
}

function isBefore(on: Nic, index: i32, second: i32): bool {
  const one = address6(on, index);
  const two = address6(on, second);
  if (one == null || two == null) return one == null;
  return one.high == two.high ? one.low < two.low : one.high < two.high;
}

function beginOwn(cursor: Cursor, index: i32, service: Service | null, on: Nic): void {
  if (service != null)
    return index == 1 ? beginSrv(cursor, service) : begin(cursor, Type.txt, service.txt, service.txt.length);
  const own = address6(on, index);
  if (own == null) {
    scratch.setBe32(0, on.address);
    return begin(cursor, Type.a, scratch, 4);
  }
  scratch.setBe64(0, own.high);
  scratch.setBe64(8, own.low);
  begin(cursor, Type.aaaa, scratch, 16);
}

function beginSrv(cursor: Cursor, service: Service): void {
  scratch.setBe32(0, 0);
  scratch.setBe16(4, service.port);
  scratch.copy(SRV_FIXED, host.bytes, 0, host.length);
  begin(cursor, Type.srv, scratch, SRV_FIXED + host.length);
}

function begin(cursor: Cursor, type: u32, bytes: Bytes, length: u32): void {
  cursor.begin(bytes, (IN << 16) | type, 0, length, length);
}
