import { Bytes } from "../../core/bytes";
import { AFTER_NAME, HEADER } from "../layout";
import { identity, udpSize, version } from "../settings";
import { ANY, AXFR, CLASS_ANY, CLASS_CH, CLASS_IN, IXFR, OPT, TXT } from "../types";
import { additionals, answer, answers, authorities, isAuthoritative, REFUSED, rcode } from "./answer";
import { isIdentityName, isVersionName } from "./chaos";
import { startName } from "./place";
import * as out from "./reply";

const FORMERR = 1;
const NOTIMP = 4;
/** BADVERS is 16: its high bits stand in the OPT record. RFC 6891 6.1.3. */
const BADVERS_HIGH = 1;

const QR = 0x8000;
const AA = 0x0400;
const TC = 0x0200;
const RD = 0x0100;
const OPCODE = 0x7800;
const RCODE = 0x000f;

const NAME_LIMIT: u32 = 255;
const OPT_SIZE = 11;
/** An answer without EDNS is at most this long. RFC 1035 4.2.1. */
const PLAIN_SIZE = 512;

/** The OPT record of the query: RFC 6891 6.1.2. */
let hasOpt: bool = false;
let optSize: u32 = 0;
let optVersion: u32 = 0;
let isDnssecOk: bool = false;

/**
 * Answers one DNS message. `reply` is a buffer of at least 4096 bytes that does not overlap with `query`; gives the length of the
 * reply in it, or 0 for silence. Nothing is allocated, and no bytes make it trap.
 */
export function respond(query: Bytes, reply: Bytes): u32 {
  const size = query.length;
  if (size < HEADER) return 0;
  const flags: u32 = query.be16(2);
  if ((flags & QR) != 0) return 0;
  if ((flags & OPCODE) != 0) return header(query, reply, flags, NOTIMP);
  if ((flags & RCODE) != 0 || query.be16(4) != 1 || query.be16(6) != 0)
    return header(query, reply, flags, FORMERR);

  let at: u32 = HEADER;
  let labels: u32 = 0;
  while (true) {
    if (at >= size) return header(query, reply, flags, FORMERR);
    const label = query.u8(at);
    if (label == 0) break;
    at += label + 1;
    labels++;
    if (label > 63 || at - HEADER >= NAME_LIMIT) return header(query, reply, flags, FORMERR);
  }
  const length = at + 1 - HEADER;
  const end = at + 1 + AFTER_NAME;
  if (end > size) return header(query, reply, flags, FORMERR);
  const type: u32 = query.be16(at + 1);
  const classOf: u32 = query.be16(at + 3);
  if (!readRecords(query, end, type)) return header(query, reply, flags, FORMERR);

  reply.copy(0, query, 0, end);
  if (hasOpt && optVersion != 0) return finish(reply, end, flags & RD, 0, 0, 0, BADVERS_HIGH);
  out.startReply(reply, end, mostBytes());
  startName(HEADER, length);
  if (classOf != CLASS_IN && classOf != CLASS_ANY) {
    if (classOf == CLASS_CH) return aboutServer(query, length, type, flags);
    const rest = header(query, reply, flags, REFUSED);
    return hasOpt ? withOpt(reply, rest, 0) : rest;
  }
  if (type == AXFR) return finish(reply, end, (flags & RD) | NOTIMP, 0, 0, 0, 0);
  if (type == IXFR) return finish(reply, end, (flags & RD) | REFUSED, 0, 0, 0, 0);

  answer(query, HEADER, labels, type, classOf == CLASS_IN);
  let result = (flags & RD) | rcode;
  if (isAuthoritative && classOf == CLASS_IN) result |= AA;
  if (out.truncated) result |= TC;
  return finish(reply, out.at, result, answers, authorities, additionals, 0);
}

/** The records after the question: one OPT at most, and for IXFR the SOA that the asker has. False if they are malformed. */
function readRecords(query: Bytes, end: u32, type: u32): bool {
  hasOpt = false;
  const before: u32 = query.be16(8);
  const count: u32 = query.be16(10);
  if ((before | count) == 0) return true;
  let at = end;
  if (before != 0) {
    if (before != 1 || type != IXFR) return false;
    at = afterRecord(query, at);
    if (at == 0) return false;
  }
  if (count == 0) return true;
  return count == 1 && readOpt(query, at);
}

function afterRecord(query: Bytes, from: u32): u32 {
  const size = query.length;
  let at = from;
  while (true) {
    if (at >= size) return 0;
    const label = query.u8(at);
    if (label >= 0xc0) {
      at += 2;
      break;
    }
    at += label + 1;
    if (label == 0) break;
  }
  if (at + 10 > size) return 0;
  at += 10 + query.be16(at + 8);
  return at > size ? 0 : at;
}

function readOpt(query: Bytes, at: u32): bool {
  const size = query.length;
  if (at + OPT_SIZE > size || query.u8(at) != 0 || query.be16(at + 1) != OPT) return false;
  hasOpt = true;
  optSize = query.be16(at + 3);
  optVersion = query.u8(at + 6);
  isDnssecOk = (query.u8(at + 7) & 0x80) != 0;
  let left: u32 = query.be16(at + 9);
  let option = at + OPT_SIZE;
  if (optVersion != 0) return true;
  if (option + left > size) return false;
  while (left >= 4) {
    const step: u32 = 4 + query.be16(option + 2);
    if (step > left) return false;
    left -= step;
    option += step;
  }
  return left == 0;
}

/** How long the reply may get before its OPT record. */
function mostBytes(): u32 {
  if (!hasOpt) return PLAIN_SIZE;
  return max(PLAIN_SIZE, min(optSize, udpSize)) - OPT_SIZE;
}

/** A reply of nothing but the header: never larger than what it answers. */
function header(query: Bytes, reply: Bytes, flags: u32, code: u32): u32 {
  reply.copy(0, query, 0, 2);
  reply.setBe16(2, QR | (flags & (OPCODE | RD)) | code);
  reply.setBe32(4, 0);
  reply.setBe32(8, 0);
  return HEADER;
}

function finish(
  reply: Bytes,
  end: u32,
  flags: u32,
  answered: u32,
  authority: u32,
  additional: u32,
  high: u32,
): u32 {
  reply.setBe16(2, QR | flags);
  reply.setBe32(4, 0x10000 | answered);
  reply.setBe32(8, (authority << 16) | additional);
  return hasOpt ? withOpt(reply, end, high) : end;
}

/** Appends the OPT record. RFC 6891 7: there is one in the reply if there was one in the query. */
function withOpt(reply: Bytes, end: u32, high: u32): u32 {
  reply.setU8(end, 0);
  reply.setBe16(end + 1, OPT);
  reply.setBe16(end + 3, udpSize);
  reply.setBe32(end + 5, (high << 24) | (isDnssecOk && high == 0 ? 0x8000 : 0));
  reply.setBe16(end + 9, 0);
  reply.setBe16(10, <u32>reply.be16(10) + 1);
  return end + OPT_SIZE;
}

/** Class CH: who this server is, if the description says so. RFC 4892. */
function aboutServer(query: Bytes, length: u32, type: u32, flags: u32): u32 {
  const isText = type == TXT || type == ANY;
  let text: Bytes | null = null;
  if (isText && isIdentityName(query, length)) text = identity;
  else if (isText && isVersionName(query, length)) text = version;
  if (text == null || text.length == 0) return finish(out.reply, out.at, (flags & RD) | REFUSED, 0, 0, 0, 0);
  const fits = out.putText(text);
  return finish(out.reply, out.at, (flags & RD) | (fits ? 0 : TC), fits ? 1 : 0, 0, 0, 0);
}
