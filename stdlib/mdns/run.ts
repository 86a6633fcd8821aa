/** Multicast DNS while the appliance runs. RFC 6762, 6763. */
import { Bytes } from "../core/bytes";
import { Level } from "../core/level";
import { Measures } from "../core/measures";
import { Heard, Listener } from "../net/listener";
import { Nic } from "../net/nic";
import { hear } from "./hear";
import { Lane, NEVER, State } from "./lane";
import { now as clock } from "./needs/clock";
import * as log from "./needs/log";
import { isReady, listen, nic, nics, own6, places, V4, V6 } from "./needs/multicast";
import { random } from "./needs/random";
import * as records from "./records";
import * as say from "./say";

const MILLISECOND: u64 = 1_000_000;
const SECOND: u64 = 1_000_000_000;
/** 224.0.0.251 and ff02::fb: RFC 6762 3. */
const GROUP4: u32 = 0xe000_00fb;
const GROUP6: u64 = 0xfb;
const PORT: u32 = 5353;
const MOST_NICS = 8;
/** RFC 6762 8.1. */
const PROBES: u32 = 3;
const PROBES_APART: u64 = 250 * MILLISECOND;
const ANNOUNCEMENTS: u32 = 2;
/** Who finds so many names taken within ten seconds waits for five, each time: RFC 6762 8.1. */
const MANY: u32 = 15;
const PATIENCE: u64 = 5 * SECOND;

/** An odd number without a pattern. */
const MIX: u64 = ((<u64>0x9e37_79b9) << 32) | 0x7f4a_7c15;

const lanes: Array<Lane> = [];
/** Null: all interfaces. */
let only: StaticArray<i32> | null = null;
let conflicts: u32 = 0;
let conflictAt: u64 = 0;
const counts = new StaticArray<u64>(2);

@final
class Ear extends Listener {
  heard(on: Nic, bytes: Bytes, from: Heard): void {
    const lane = laneOf(on, from.isIpv6);
    if (lane == null || !isNear(on, from)) return;
    counts[0] += 1;
    const now = clock();
    if (hear(lane, on, bytes, from, now)) conflict(lane, now);
  }
}

/** In `prepare`. */
export function attach(nets: i32[]): void {
  if (nets.length > 0) only = StaticArray.fromArray(nets);
  listen(GROUP4, GROUP6, PORT, new Ear());
  for (let n = 0; n < MOST_NICS; n++) {
    if (V4) lanes.push(new Lane(n, false));
    if (V6) lanes.push(new Lane(n, true));
  }
}

export function start(): void {
  records.begin();
  conflicts = 0;
  conflictAt = 0;
  for (let n = 0; n < lanes.length; n++) lanes[n].reset();
}

function isWanted(index: i32): bool {
  const wanted = only;
  return index < nics() && (wanted == null || wanted.includes(index));
}

function laneOf(on: Nic, isIpv6: bool): Lane | null {
  for (let n = 0; n < lanes.length; n++)
    if (lanes[n].index == on.index && lanes[n].isIpv6 == isIpv6) return isWanted(on.index) ? lanes[n] : null;
  return null;
}

/** RFC 6762 11: what was sent to us alone must be from our own network; to the group nothing comes from elsewhere. */
function isNear(on: Nic, from: Heard): bool {
  if (from.isToAll) return true;
  if (!from.isIpv6) return on.isNear(<u32>from.low);
  for (let n = 0; n < places(); n++) {
    const own = own6(on, n);
    if (own != null && own.high == from.high) return true;
  }
  return false;
}

/** RFC 6762 9: while we ask, the name is his. Later we ask again, and the answer shows whose it is. */
function conflict(lane: Lane, now: u64): void {
  counts[1] += 1;
  if (lane.state != State.probing) return lane.probe(now);
  if (now - conflictAt > 10 * SECOND) conflicts = 0;
  conflictAt = now;
  conflicts += 1;
  records.next();
  const at = now + (conflicts >= MANY ? PATIENCE : 0);
  for (let n = 0; n < lanes.length; n++) if (lanes[n].state != State.off) lanes[n].probe(at);
}

export function poll(now: u64): void {
  for (let n = 0; n < lanes.length; n++) {
    const lane = lanes[n];
    if (!isWanted(lane.index)) continue;
    const on = nic(lane.index);
    if (!isReady(on, lane.isIpv6)) {
      if (lane.state != State.off) lane.reset();
      continue;
    }
    const addresses = addressesOf(on);
    // RFC 6762 8.1: after a wait, so that not all ask at once when the power comes back.
    if (lane.state == State.off) lane.probe(now + (random() % 250) * MILLISECOND);
    else if (lane.addresses != addresses && lane.state != State.probing) announce(lane, now);
    lane.addresses = addresses;
    if (now >= lane.at) step(lane, now);
    if (now < lane.pendingAt) continue;
    const wanted = lane.pending;
    lane.pending = 0;
    lane.pendingAt = NEVER;
    lane.waitsForLow = 0;
    say.tell(lane, wanted, now);
  }
}

function step(lane: Lane, now: u64): void {
  if (lane.state == State.probing) {
    if (lane.sent < PROBES) {
      say.probe(lane);
      lane.sent += 1;
      lane.at = now + PROBES_APART;
      return;
    }
    announce(lane, now);
  }
  if (lane.state != State.telling) return;
  say.tell(lane, say.everything(), now);
  lane.sent += 1;
  lane.at = now + SECOND;
  if (lane.sent < ANNOUNCEMENTS) return;
  lane.state = State.answering;
  lane.at = NEVER;
}

function announce(lane: Lane, now: u64): void {
  if (lane.state == State.probing) tellName(lane);
  lane.state = State.telling;
  lane.sent = 0;
  lane.at = now;
}

function tellName(lane: Lane): void {
  if (!log.at(Level.notice)) return;
  log.text(nic(lane.index).name);
  log.text(lane.isIpv6 ? ": over IPv6 it is called " : ": over IPv4 it is called ");
  const name = records.host.bytes;
  log.bytes(name, 1, name.u8(0));
  log.text(".local");
  if (records.isRenamed()) log.text(", since another machine has the name that was wished for");
  log.end();
}

/** A number that is another one when addresses are others. */
function addressesOf(on: Nic): u64 {
  let mixed: u64 = <u64>on.address;
  for (let n = 0; n < places(); n++) {
    const own = own6(on, n);
    if (own != null) mixed = (mixed ^ own.high ^ rotl(own.low, 7)) * MIX;
  }
  return mixed;
}

export function deadline(): u64 {
  let next = NEVER;
  for (let n = 0; n < lanes.length; n++) next = min(next, lanes[n].deadline());
  return next;
}

export function measure(to: Measures): void {
  to.counter("mdns_messages_received", "Messages of multicast DNS that were looked at.");
  to.entry("", counts, 0);
  to.counter("mdns_conflicts", "Answers of others that have a name of this appliance.");
  to.entry("", counts, 1);
}
