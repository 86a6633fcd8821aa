/**
 * Tells switches and routers which groups this host listens to: MLDv2, RFC 3810, as far as a host does that only solicits; and MLDv1, RFC 2710, while a router asks in
 * that. Without it a switch that
 * watches MLD (RFC 4541) would keep solicitations away, and nobody would find this host.
 */
import { Bytes } from "../../core/bytes";
import { folded } from "../../core/checksum";
import { Packet } from "../../core/packet";
import { Counter, count } from "../counters";
import { Datagram, IP, IP6_HEADER } from "../datagrams";
import { count6, group6 } from "../groups";
import {
  ETHERTYPE6,
  groupHardware,
  HOP_LIMIT,
  ICMP6,
  isLinkLocal,
  LINK_GROUPS,
  MLD_ROUTERS,
  solicitedGroup,
  writeHeader6,
} from "../header6";
import { Nic } from "../nic";
import { Address, NEVER } from "../own";
import { pseudo6 } from "../transport";
import { each, linkLocal, places } from "./addresses";
import * as ethernet from "./needs/ethernet";
import { random } from "./needs/random";

export const QUERY: u32 = 130;
const REPORT1: u32 = 131;
const REPORT: u32 = 143;
/** Bytes of a query, or a report, of MLDv1: RFC 3810 8.1. */
const LENGTH1: u32 = 24;
/** RFC 3810 9.12: how long a router of that version is believed to be there. */
const OLDER: u64 = 260_000_000_000;
/** RFC 3810 5.2.12: it listens to all sources: since long, or from now on. */
const IS_EXCLUDE: u32 = 2;
const TO_EXCLUDE: u32 = 4;
/** RFC 3810 9.14.1 has a report repeated after up to a second: one may be lost. */
const AGAIN: u64 = 1_000_000_000;
const MOST_NICS = 8;

const HOP_BY_HOP: u32 = 0;
/** Next header ICMPv6, 8 bytes; router alert of MLD (RFC 2711), two bytes of padding. */
const ROUTER_ALERT: u64 = ((<u64>0x3a000502) << 32) | 0x0100;
const OPTIONS: u32 = 8;
const OUT: u32 = IP + IP6_HEADER + OPTIONS;
const RECORD: u32 = 20;

/** For each interface: when it reports; what has changed, and is told so. */
const reportAt = new StaticArray<u64>(MOST_NICS);
const changes = new StaticArray<u8>(MOST_NICS);
const olderUntil = new StaticArray<u64>(MOST_NICS);
let next: u64 = NEVER;

/** At every start. */
export function begin(): void {
  for (let n = 0; n < MOST_NICS; n++) {
    reportAt[n] = NEVER;
    changes[n] = 0;
    olderUntil[n] = 0;
  }
  next = NEVER;
}

/** This interface has joined a group: it tells at once, and once more. */
export function joined(nic: Nic, now: u64): void {
  report(nic, TO_EXCLUDE, now);
  changes[nic.index] = 1;
  plan(nic, now + AGAIN);
}

function plan(nic: Nic, at: u64): void {
  reportAt[nic.index] = min(reportAt[nic.index], at);
  next = min(next, at);
}

/** A router asks: RFC 3810 5.1, 6.2. It must be one of this link; who asks for ten seconds of patience gets an answer within them. */
export function queried(datagram: Datagram, now: u64): void {
  const bytes = datagram.packet.bytes;
  const isSound =
    isLinkLocal(datagram.sourceHigh) && bytes.u8(IP + HOP_LIMIT) == 1 && datagram.length >= LENGTH1;
  if (!isSound) return count(Counter.icmpIgnored);
  if (datagram.length == LENGTH1) olderUntil[datagram.nic.index] = now + OLDER;
  const most = min(max(bytes.be16(datagram.payload + 4), 1), 10_000);
  plan(datagram.nic, now + (random() % <u64>most) * 1_000_000);
}

export function poll(now: u64): void {
  if (now < next) return;
  next = NEVER;
  for (let n = 0; n < ethernet.nics(); n++) {
    const nic = ethernet.nic(n);
    if (reportAt[n] <= now) {
      reportAt[n] = NEVER;
      report(nic, changes[n] != 0 ? TO_EXCLUDE : IS_EXCLUDE, now);
      changes[n] = 0;
    }
    next = min(next, reportAt[n]);
  }
}

export function deadline(): u64 {
  return next;
}

/** All groups of solicited nodes, and those that modules listen to; that of all nodes is never told (RFC 3810 6). */
function report(nic: Nic, kind: u32, now: u64): void {
  if (now < olderUntil[nic.index]) return reportEach(nic);
  const packet = nic.link.allocate();
  if (packet == null) return count(Counter.noBuffer);
  const bytes = packet.bytes;
  let records: u32 = 0;
  for (let n = 0; n < places(); n++) {
    if (!isFirstOf(nic, n)) continue;
    record(bytes, records, kind, solicitedGroup(each(n).low));
    records += 1;
  }
  for (let n = 0; n < count6(); n++) {
    record(bytes, records, kind, group6(n));
    records += 1;
  }
  if (records == 0) return nic.link.discard(packet);
  const length = 8 + records * RECORD;
  bytes.setBe64(OUT, ((<u64>REPORT) << 56) | <u64>records);
  send(nic, packet, length, MLD_ROUTERS);
}

/** The same in MLDv1: a message for each, to the group itself. RFC 2710 3. */
function reportEach(nic: Nic): void {
  for (let n = 0; n < places(); n++) if (isFirstOf(nic, n)) report1(nic, solicitedGroup(each(n).low));
  for (let n = 0; n < count6(); n++) report1(nic, group6(n));
}

function report1(nic: Nic, low: u64): void {
  const packet = nic.link.allocate();
  if (packet == null) return count(Counter.noBuffer);
  const bytes = packet.bytes;
  bytes.setBe64(OUT, (<u64>REPORT1) << 56);
  bytes.setBe64(OUT + 8, LINK_GROUPS);
  bytes.setBe64(OUT + 16, low);
  send(nic, packet, LENGTH1, low);
}

function send(nic: Nic, packet: Packet, length: u32, to: u64): void {
  const bytes = packet.bytes;
  const own = linkLocal(nic);
  const high: u64 = own == null ? 0 : own.high;
  const low: u64 = own == null ? 0 : own.low;
  bytes.setBe64(IP + IP6_HEADER, ROUTER_ALERT);
  const sum = pseudo6(high, low, LINK_GROUPS, to, ICMP6, length);
  bytes.setBe16(OUT + 2, folded(bytes.sum(OUT, length, sum)) ^ 0xffff);
  packet.checksumStart = 0;
  writeHeader6(packet, high, low, LINK_GROUPS, to, HOP_BY_HOP, 1, OPTIONS + length);
  ethernet.send(nic, packet, groupHardware(to), ETHERTYPE6);
}

function record(bytes: Bytes, number: u32, kind: u32, low: u64): void {
  const at = OUT + 8 + number * RECORD;
  bytes.setBe32(at, kind << 24);
  bytes.setBe64(at + 4, LINK_GROUPS);
  bytes.setBe64(at + 12, low);
}

/** Is it an address of this interface, and the first one with its group? */
function isFirstOf(nic: Nic, index: i32): bool {
  const own = each(index);
  if (own.state == Address.free || own.nic != nic) return false;
  for (let n = 0; n < index; n++) {
    const other = each(n);
    const same = solicitedGroup(other.low) == solicitedGroup(own.low);
    if (same && other.nic == nic && other.state != Address.free) return false;
  }
  return true;
}
