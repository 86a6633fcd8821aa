import { Bytes } from "../../core/bytes";
import { count, Dns } from "../counters";
import { AFTER_NAME, HEADER, ZONE_NUMBER } from "../layout";
import * as notices from "../notify/out";
import { notify, secondary, tcp, transfer, tsig } from "../parts";
import * as notice from "../secondary/notice";
import { identity, udpSize, version } from "../settings";
import { patience } from "../stream/limits";
import { STREAM_SIZE } from "../stream/whole";
import { records } from "../tables";
import { mayCopy } from "../transfer/access";
import * as zones from "../transfer/out";
import { isLater, readSerial, serial, serialOf } from "../transfer/serial";
import * as signature from "../tsig/signature";
import { ANY, AXFR, CLASS_ANY, CLASS_CH, CLASS_IN, IXFR, OPT, TXT } from "../types";
import { answer, counts, isAuthoritative, rcode } from "./answer";
import { high, low } from "./asker";
import { isIdentityName, isVersionName } from "./chaos";
import {
  AA,
  FORMERR,
  NOERROR,
  NOTAUTH,
  NOTIFY,
  NOTIMP,
  OPCODE,
  QR,
  RCODE,
  RD,
  REFUSED,
  SERVFAIL,
  TC,
} from "./codes";
import { begin, COURSES, course } from "./course";
import { exact, isUnavailable, lookUp, node } from "./lookup";
import { afterRecord } from "./names";
import { apexOf, zoneOf } from "./node";
import { startName } from "./place";
import * as out from "./reply";

/** BADVERS is 16: its high bits stand in the OPT record. RFC 6891 6.1.3. */
const BADVERS_HIGH = 1;

/** The counts of a header: one question, and nothing else. */
const ONE_QUESTION: u64 = (<u64>1) << 48;
const NAME_LIMIT: u32 = 255;
const OPT_SIZE: u32 = 11;
/** An answer without EDNS is at most this long. RFC 1035 4.2.1. */
const PLAIN_SIZE: u32 = 512;
/** RFC 7828 3.1: an option of EDNS, and its size with a time in it. */
const KEEPALIVE: u32 = 11;
const KEEPALIVE_SIZE: u32 = 6;

/** The OPT record of the query: RFC 6891 6.1.2. */
let hasOpt: bool = false;
let optSize: u32 = 0;
let optVersion: u32 = 0;
let isDnssecOk: bool = false;
/** The query came over TCP, and asks how long the connection may stay: RFC 7828. */
let isStream: bool = false;
let hasKeepalive: bool = false;

/**
 * Answers one DNS message that came over TCP: as `respond`, but for a buffer of at least `STREAM_SIZE` bytes. RFC 7766.
 */
export function respondStream(query: Bytes, reply: Bytes): u32 {
  isStream = true;
  const size = answered(query, reply);
  isStream = false;
  return size;
}

/**
 * Answers one DNS message. `reply` is a buffer of at least `udpSize` bytes that does not overlap with `query`; gives the length of
 * the reply in it, or 0 for silence. Nothing is allocated, and no bytes make it trap.
 */
export function respond(query: Bytes, reply: Bytes): u32 {
  if (COURSES) begin(null);
  return answered(query, reply);
}

function answered(query: Bytes, reply: Bytes): u32 {
  if (query.length < HEADER) return 0;
  const head = query.be64(0);
  const flags = <u32>(head >> 32) & 0xffff;
  if ((flags & QR) != 0) {
    if (notify && (flags & OPCODE) == NOTIFY) notices.answered(query, high, low);
    return 0;
  }
  let size = query.length;
  let others = query.be32(8);
  let fault = NOERROR;
  if (tsig) {
    fault = signature.open(query);
    if (fault == FORMERR) return header(query, reply, flags, FORMERR);
    if (signature.isThere) {
      size = signature.end();
      others -= 1;
    }
  }
  if (secondary && (flags & OPCODE) == NOTIFY) return noticed(query, reply, size, flags, fault);
  if ((flags & OPCODE) != 0) return header(query, reply, flags, NOTIMP);
  if ((flags & RCODE) != 0 || <u32>head != 0x00010000) return header(query, reply, flags, FORMERR);

  let at: u32 = HEADER;
  let labels: u32 = 0;
  while (true) {
    if (at >= size) return header(query, reply, flags, FORMERR);
    const label = query.u8(at);
    if (label == 0) break;
    at += label + 1;
    labels++;
    if (label > 63) return header(query, reply, flags, FORMERR);
  }
  const length = at + 1 - HEADER;
  const end = at + 1 + AFTER_NAME;
  if (length > NAME_LIMIT || end > size) return header(query, reply, flags, FORMERR);
  const about = query.be32(at + 1);
  const type = about >> 16;
  const classOf = about & 0xffff;
  hasOpt = false;
  hasKeepalive = false;
  if (others != 0 && !readRecords(query, size, end, others, type))
    return header(query, reply, flags, FORMERR);

  reply.copy(0, query, 0, end);
  out.startReply(reply, end, roomForRecords());
  startName(length);
  if (tsig && fault != NOERROR) return finish(reply, (flags & RD) | fault, ONE_QUESTION, 0);
  const isData = type != AXFR && type != IXFR && (classOf == CLASS_IN || classOf == CLASS_ANY);
  if (!isData || (hasOpt && optVersion != 0)) return special(query, reply, length, type, classOf, flags);

  answer(query, HEADER, labels, type, classOf == CLASS_IN);
  let result = (flags & RD) | rcode;
  if (isAuthoritative && classOf == CLASS_IN) result |= AA;
  if (out.truncated) result |= TC;
  return finish(reply, result, counts, 0);
}

function roomForRecords(): u32 {
  let room = PLAIN_SIZE;
  if (tcp && isStream) room = STREAM_SIZE - OPT_SIZE - KEEPALIVE_SIZE;
  else if (hasOpt) room = max(PLAIN_SIZE, min(optSize, udpSize)) - OPT_SIZE;
  return tsig ? room - min(room, signature.room()) : room;
}

/** Questions that are not for the zones: a later version of EDNS, another class, a transfer. */
function special(query: Bytes, reply: Bytes, length: u32, type: u32, classOf: u32, flags: u32): u32 {
  if (hasOpt && optVersion != 0) return finish(reply, flags & RD, ONE_QUESTION, BADVERS_HIGH);
  if (classOf == CLASS_CH) return aboutServer(query, reply, length, type, flags & RD);
  if (transfer && classOf == CLASS_IN && (isStream || type == IXFR))
    return copyZone(query, reply, length, type, flags & RD);
  if (classOf == CLASS_IN || classOf == CLASS_ANY) {
    return finish(reply, (flags & RD) | (type == AXFR ? NOTIMP : REFUSED), ONE_QUESTION, 0);
  }
  out.startReply(reply, HEADER, HEADER);
  return finish(reply, (flags & RD) | REFUSED, 0, 0);
}

/**
 * A whole zone, message by message, or its SOA alone: for who has this version already, and over UDP, which has no room (RFC 1995 2, 4).
 */
function copyZone(query: Bytes, reply: Bytes, length: u32, type: u32, flags: u32): u32 {
  lookUp(query, HEADER, length, labelsOf(query));
  if (secondary && isUnavailable) return finish(reply, flags | SERVFAIL, ONE_QUESTION, 0);
  const zone = node == 0 ? 0 : zoneOf(node);
  if (node == 0 || !exact || apexOf(zone) != node) return finish(reply, flags | NOTAUTH, ONE_QUESTION, 0);
  if (!mayCopy(records.le32(zone + ZONE_NUMBER))) {
    count(Dns.copyRefused);
    return finish(reply, flags | REFUSED, ONE_QUESTION, 0);
  }
  if (type == IXFR && !readSerial(query, HEADER + length + AFTER_NAME))
    return finish(reply, flags | FORMERR, ONE_QUESTION, 0);
  if (type == IXFR && (!isStream || !isLater(serialOf(zone), serial))) zones.putSoa(zone);
  else {
    zones.putNext(zone);
    if (course().rest == 0) count(Dns.copied);
  }
  // A set that fills a message and leaves no room for a signature: nothing that real zones have.
  if (out.truncated) return finish(reply, flags | SERVFAIL, ONE_QUESTION, 0);
  return finish(reply, flags | AA, ONE_QUESTION | ((<u64>zones.count) << 32), 0);
}

/** The answer to who says that a zone has changed: the question, and that it was understood. RFC 1996 3.11. */
function noticed(query: Bytes, reply: Bytes, size: u32, flags: u32, fault: u32): u32 {
  const code = fault == NOERROR ? notice.receive(query, size) : fault;
  const end = fault == NOERROR ? notice.end : 0;
  if (end == 0) return header(query, reply, flags, code);
  reply.copy(0, query, 0, end);
  reply.setBe16(2, QR | AA | NOTIFY | code);
  reply.setBe64(4, ONE_QUESTION);
  return signed(reply, end);
}

/** Labels of the question's name, which is valid. */
function labelsOf(query: Bytes): u32 {
  let count: u32 = 0;
  for (let at = HEADER; query.u8(at) != 0; at += query.u8(at) + 1) count++;
  return count;
}

/** The records after the question: one OPT at most, and for IXFR the SOA that the asker has. False if they are malformed. */
function readRecords(query: Bytes, size: u32, end: u32, others: u32, type: u32): bool {
  if (others == 1) return readOpt(query, size, end);
  if (others >> 16 != 1 || type != IXFR) return others == 0;
  const at = afterRecord(query, end);
  const more = others & 0xffff;
  return at != 0 && (more == 0 || (more == 1 && readOpt(query, size, at)));
}

function readOpt(query: Bytes, size: u32, at: u32): bool {
  let option = at + OPT_SIZE;
  if (option > size) return false;
  // Root, type, size, extended code, version, and half of the flags.
  const head = query.be64(at);
  if (head >> 40 != OPT) return false;
  hasOpt = true;
  optSize = <u32>(head >> 24) & 0xffff;
  optVersion = <u32>(head >> 8) & 0xff;
  isDnssecOk = (head & 0x80) != 0;
  let left: u32 = query.be16(at + 9);
  if (optVersion != 0) return true;
  if (option + left > size) return false;
  while (left >= 4) {
    const step: u32 = 4 + query.be16(option + 2);
    if (step > left) return false;
    if (tcp && isStream && query.be16(option) == KEEPALIVE) {
      // RFC 7828 3.3.1: only an answer tells a time.
      if (step != 4) return false;
      hasKeepalive = true;
    }
    left -= step;
    option += step;
  }
  return left == 0;
}

/** A reply of nothing but the header: never larger than what it answers. */
function header(query: Bytes, reply: Bytes, flags: u32, code: u32): u32 {
  reply.setBe32(0, (query.be16(0) << 16) | QR | (flags & (OPCODE | RD)) | code);
  reply.setBe64(4, 0);
  return signed(reply, HEADER);
}

function signed(reply: Bytes, length: u32): u32 {
  return tsig && signature.isThere ? signature.sign(reply, length) : length;
}

/** Completes the header, and appends OPT if there was one in the query: RFC 6891 7. `high` is the upper part of the code. */
function finish(reply: Bytes, flags: u32, sections: u64, high: u64): u32 {
  const end = out.at;
  reply.setBe16(2, QR | flags);
  if (!hasOpt) {
    reply.setBe64(4, sections);
    return signed(reply, end);
  }
  reply.setBe64(4, sections + 1);
  const bits: u64 = isDnssecOk && high == 0 ? 0x80 : 0;
  reply.setBe64(end, ((<u64>OPT) << 40) | ((<u64>udpSize) << 24) | (high << 16) | bits);
  reply.setBe16(end + 8, 0);
  reply.setU8(end + 10, 0);
  return signed(reply, tcp && hasKeepalive ? keepalive(reply, end) : end + OPT_SIZE);
}

/** How long the connection may be idle: RFC 7828 3.3.2. */
function keepalive(reply: Bytes, opt: u32): u32 {
  reply.setBe16(opt + 9, KEEPALIVE_SIZE);
  reply.setBe32(opt + OPT_SIZE, (KEEPALIVE << 16) | 2);
  reply.setBe16(opt + OPT_SIZE + 4, patience());
  return opt + OPT_SIZE + KEEPALIVE_SIZE;
}

/** Class CH: who this server is, if the description says so. RFC 4892. */
function aboutServer(query: Bytes, reply: Bytes, length: u32, type: u32, flags: u32): u32 {
  const isText = type == TXT || type == ANY;
  let text: Bytes | null = null;
  if (isText && isIdentityName(query, length)) text = identity;
  else if (isText && isVersionName(query, length)) text = version;
  if (text == null || text.length == 0) return finish(reply, flags | REFUSED, ONE_QUESTION, 0);
  if (!out.putText(text)) return finish(reply, flags | TC, ONE_QUESTION, 0);
  return finish(reply, flags, ONE_QUESTION | ((<u64>1) << 32), 0);
}
