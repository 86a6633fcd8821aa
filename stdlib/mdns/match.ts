/** What of a message is about us. */
import { Bytes } from "../core/bytes";
import { Nic } from "../net/nic";
import { Name, same } from "./names";
import { own6, places } from "./needs/multicast";
import * as reader from "./reader";
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
  services,
  TXT,
  Type,
} from "./records";
import * as reverse from "./reverse";

const IN: u32 = 1;
const ANY: u32 = 255;
export const TOP: u32 = 0x8000;

function bit(number: i32): u64 {
  return (<u64>1) << (<u64>number);
}

/** Records that answer the question that was read; also those that say that there is none. */
export function wanted(message: Bytes, on: Nic): u64 {
  const asked = reader.classOf & ~TOP;
  if (asked != IN && asked != ANY) return 0;
  const type = reader.type;
  const at = reader.nameAt;
  const isPtr = type == Type.ptr || type == Type.any;
  let found: u64 = 0;
  reverse.ask(isPtr ? reverse.indexOf(message, at, on) : reverse.ALL);
  if (reverse.asked != reverse.ALL) return bit(REVERSE);
  if (same(message, at, host.bytes, 0)) {
    const has4 = on.address != 0;
    if (type == Type.any) found |= bit(A) | bit(AAAA);
    else if (type == Type.a && has4) found |= bit(A);
    else if (type == Type.aaaa && on.hasIpv6) found |= bit(AAAA);
    else found |= bit(HOST_NSEC);
  }
  const isKinds = isPtr && same(message, at, kinds.bytes, 0);
  for (let n = 0; n < services.length; n++) {
    const service = services[n];
    const first = service.first;
    if (isKinds && isFirstOfKind(n)) found |= bit(first + KIND);
    if (isPtr && same(message, at, service.kind.bytes, 0)) found |= bit(first + PTR);
    for (let m = 0; m < service.subtypes.length && isPtr; m++)
      if (same(message, at, service.subtypes[m].bytes, 0)) found |= bit(first + SUBTYPES + m);
    if (!same(message, at, service.instance.bytes, 0)) continue;
    if (type == Type.any) found |= bit(first + SRV) | bit(first + TXT);
    else if (type == Type.srv) found |= bit(first + SRV);
    else if (type == Type.txt) found |= bit(first + TXT);
    else found |= bit(first + NSEC);
  }
  return found;
}

/** Several services of one kind are one entry of the list. */
function isFirstOfKind(n: i32): bool {
  for (let m = 0; m < n; m++) if (same(services[m].kind.bytes, 0, services[n].kind.bytes, 0)) return false;
  return true;
}

/** Records that are the one that was read, as far as who sent it knows them for long enough: RFC 6762 7.1. */
export function knownRecords(message: Bytes, on: Nic): u64 {
  const at = reader.nameAt;
  if ((reader.classOf & ~TOP) != IN) return 0;
  if (reader.type == Type.ptr) {
    if (leads(message, host) && isAsked(message, at, on)) return reader.ttl < hostTtl / 2 ? 0 : bit(REVERSE);
    if (reader.ttl < OTHER_TTL / 2) return 0;
    let found: u64 = 0;
    const isKinds = same(message, at, kinds.bytes, 0);
    for (let n = 0; n < services.length; n++) {
      const service = services[n];
      if (isKinds && leads(message, service.kind)) found |= bit(service.first + KIND);
      if (!leads(message, service.instance)) continue;
      if (same(message, at, service.kind.bytes, 0)) found |= bit(service.first + PTR);
      for (let m = 0; m < service.subtypes.length; m++)
        if (same(message, at, service.subtypes[m].bytes, 0)) found |= bit(service.first + SUBTYPES + m);
    }
    return found;
  }
  if (!same(message, at, host.bytes, 0) || reader.ttl < hostTtl / 2) return 0;
  if (reader.type == Type.a && isOwn4(message, on)) return bit(A);
  return reader.type == Type.aaaa && isOwn6(message, on) && isAlone(on) ? bit(AAAA) : 0;
}

/** Is it the name of the address that was asked about? */
function isAsked(message: Bytes, at: u32, on: Nic): bool {
  return reverse.asked != reverse.ALL && reverse.indexOf(message, at, on) == reverse.asked;
}

function leads(message: Bytes, to: Name): bool {
  return reader.dataLength > 0 && same(message, reader.dataAt, to.bytes, 0);
}

function isOwn4(message: Bytes, on: Nic): bool {
  return reader.dataLength == 4 && message.be32(reader.dataAt) == on.address;
}

function isOwn6(message: Bytes, on: Nic): bool {
  if (reader.dataLength != 16) return false;
  const high = message.be64(reader.dataAt);
  const low = message.be64(reader.dataAt + 8);
  for (let n = 0; n < places(); n++) {
    const own = own6(on, n);
    if (own != null && own.high == high && own.low == low) return true;
  }
  return false;
}

/** It has one address of IPv6: who knows that knows all. */
function isAlone(on: Nic): bool {
  let found = 0;
  for (let n = 0; n < places(); n++) if (own6(on, n) != null) found += 1;
  return found == 1;
}

/** Is the record that was read one of a name that is ours alone, and not what we say of it? RFC 6762 9. */
export function contradicts(message: Bytes, on: Nic): bool {
  if ((reader.classOf & ~TOP) != IN || reader.ttl == 0) return false;
  const at = reader.nameAt;
  if (same(message, at, host.bytes, 0)) {
    if (reader.type == Type.a) return !isOwn4(message, on);
    return reader.type == Type.aaaa && !isOwn6(message, on);
  }
  for (let n = 0; n < services.length; n++) {
    const service = services[n];
    if (!same(message, at, service.instance.bytes, 0)) continue;
    if (reader.type == Type.srv) return !isOwnService(message, service.port);
    if (reader.type == Type.txt) return !isEqual(message, service.txt);
    return false;
  }
  return false;
}

function isOwnService(message: Bytes, port: u32): bool {
  const data = reader.dataAt;
  if (reader.dataLength < 7 || message.be32(data) != 0 || message.be16(data + 4) != port) return false;
  return same(message, data + 6, host.bytes, 0);
}

function isEqual(message: Bytes, bytes: Bytes): bool {
  return reader.dataLength == bytes.length && message.equals(reader.dataAt, bytes, 0, bytes.length);
}
