/** What is sent: probes, announcements, answers. */
import { Bytes } from "../core/bytes";
import { Heard } from "../net/listener";
import { Nic } from "../net/nic";
import { Lane } from "./lane";
import { begin, discard, nic, sendBack, sendToAll } from "./needs/multicast";
import {
  A,
  AAAA,
  count,
  HOST_NSEC,
  host,
  NSEC,
  PTR,
  SRV,
  SUBTYPES,
  serviceOf,
  services,
  TXT,
} from "./records";
import * as writer from "./writer";

/** A response of who has authority: RFC 6762 18. */
const RESPONSE: u32 = 0x8400;
const AUTHORITY: u32 = 2;

function bit(number: i32): u64 {
  return (<u64>1) << (<u64>number);
}

/** Are these names free? RFC 6762 8.1: with all that will be told of them. */
export function probe(lane: Lane): void {
  const on = nic(lane.index);
  const bytes = begin(on, lane.isIpv6);
  if (bytes == null) return;
  writer.begin(bytes, 0, 0, false, false);
  writer.probe(host);
  for (let n = 0; n < services.length; n++) writer.probe(services[n].instance);
  writer.record(A, AUTHORITY, on);
  writer.record(AAAA, AUTHORITY, on);
  for (let n = 0; n < services.length; n++) {
    writer.record(services[n].first + TXT, AUTHORITY, on);
    writer.record(services[n].first + SRV, AUTHORITY, on);
  }
  sendToAll(writer.length);
}

/** All that there is, but what says that something is not. */
export function everything(): u64 {
  let all: u64 = 0;
  for (let n = 0; n < count; n++) all |= bit(n);
  all &= ~bit(HOST_NSEC);
  for (let n = 0; n < services.length; n++) all &= ~bit(services[n].first + NSEC);
  return all;
}

/** To the group. Who asks for one thing usually wants another next: that is told too, if there is room. RFC 6763 12. */
export function tell(lane: Lane, records: u64, now: u64): void {
  const on = nic(lane.index);
  let left = records;
  while (left != 0) {
    const bytes = begin(on, lane.isIpv6);
    if (bytes == null) return;
    writer.begin(bytes, 0, RESPONSE, false, false);
    const rest = fill(left, on, lane, now);
    if (!writer.hasAny(1)) return discard();
    if (rest == 0) more(records, on);
    sendToAll(writer.length);
    left = rest;
  }
}

/** What finds room; gives what does not. A record that no message has room for is left out. */
function fill(records: u64, on: Nic, lane: Lane, now: u64): u64 {
  let left = records;
  let any = false;
  for (let n = 0; n < count; n++) {
    if ((left & bit(n)) == 0) continue;
    if (!writer.record(n, 1, on)) {
      if (any) return left;
    } else {
      any = true;
      lane.toldAt[n] = now;
    }
    left &= ~bit(n);
  }
  return left;
}

function more(answered: u64, on: Nic): void {
  const all = answered | additional(answered);
  for (let n = 0; n < count; n++)
    if ((all & bit(n)) != 0 && (answered & bit(n)) == 0) writer.record(n, 3, on);
}

/** RFC 6763 12: of who is pointed at, where it is and what it says. */
function additional(answered: u64): u64 {
  let all: u64 = 0;
  for (let n = 0; n < count; n++) {
    if ((answered & bit(n)) == 0) continue;
    const service = serviceOf(n);
    if (service == null) continue;
    const which = n - service.first;
    if (which == PTR || which >= SUBTYPES) all |= bit(service.first + SRV) | bit(service.first + TXT);
    if (which == PTR || which == SRV || which >= SUBTYPES) all |= bit(A) | bit(AAAA);
  }
  return all;
}

/** To one alone: RFC 6762 5.4, 6.7. `legacy` has the message of one who is no member of the group, and gets it back. */
export function reply(lane: Lane, records: u64, to: Heard, legacy: Bytes | null): void {
  const on = nic(lane.index);
  const bytes = begin(on, lane.isIpv6);
  if (bytes == null) return;
  const isLegacy = legacy != null;
  writer.begin(bytes, legacy == null ? 0 : legacy.be16(0), RESPONSE, true, isLegacy);
  if (legacy != null && !writer.questionOf(legacy)) return discard();
  for (let n = 0; n < count; n++) if ((records & bit(n)) != 0) writer.record(n, 1, on);
  if (!writer.hasAny(1)) return discard();
  more(records, on);
  sendBack(to, writer.length);
}
