/** Keeps copies in step with where they come from: when each is looked after, and when it is too old. RFC 1034 4.3.5. */
import { count, Dns } from "../counters";
import { now as clock } from "../needs/clock";
import * as random from "../needs/random";
import * as notices from "../notify/out";
import { notify } from "../parts";
import { countVersion } from "../tables";
import * as build from "./build";
import { Built } from "./build";
import * as client from "./client";
import { Outcome } from "./client";
import { all, Copy, NEVER } from "./copies";
import * as reader from "./reader";
import * as say from "./say";
import { Fault } from "./say";

const SECOND: u64 = 1_000_000_000;
/** However short the times of a SOA are. */
const LEAST: u64 = SECOND;
/** However long: then it is looked after all the same. RFC 1982 would lose count of later ones. */
const MOST: u64 = 7 * 86_400 * SECOND;
/** While nothing has come yet: at first so soon, then twice as late each time. */
const FIRST: u64 = SECOND;
const DOUBLED: u32 = 8;

let busy: Copy | null = null;
let isBuilding: bool = false;
/** When something is to be done next. */
let next: u64 = 0;

export function start(now: u64): void {
  busy = null;
  isBuilding = false;
  client.reset();
  for (let n = 0; n < all.length; n++) all[n].reset(now);
  next = now;
}

export function deadline(): u64 {
  if (busy == null) return next;
  return client.outcome == Outcome.pending ? min(client.deadline, next) : 0;
}

export function poll(now: u64): void {
  const copy = busy;
  if (copy != null) {
    if (client.outcome == Outcome.pending && now >= client.deadline) client.expire();
    if (client.outcome != Outcome.pending) work(copy, now);
  }
  if (now >= next) look(now);
}

/** What is expired, and who is next. */
function look(now: u64): void {
  next = NEVER;
  let first: Copy | null = null;
  for (let n = 0; n < all.length; n++) {
    const copy = all[n];
    if (copy.expiresAt <= now && !copy.isExpired) {
      copy.isExpired = true;
      countVersion();
      count(Dns.expiredZones);
      say.expired(copy);
    }
    if (!copy.isExpired) next = min(next, copy.expiresAt);
    if (copy == busy) continue;
    if (copy.due <= now && (first == null || copy.due < first.due)) first = copy;
    else next = min(next, copy.due);
  }
  if (first == null) return;
  if (busy != null) return;
  busy = first;
  isBuilding = false;
  first.isTold = false;
  client.begin(first, false);
  next = min(next, now);
}

/** The connection is over, or what has come of it is being made a zone of. */
function work(copy: Copy, now: u64): void {
  if (client.outcome == Outcome.current) return succeeded(copy, now);
  if (client.outcome == Outcome.failed) return failed(copy, client.fault);
  if (!isBuilding) {
    isBuilding = true;
    build.begin(copy.spare, copy.name, copy.number);
  }
  const how = build.step();
  if (how == Built.more) return;
  isBuilding = false;
  if (how == Built.astray) return again(copy);
  if (how != Built.done) return failed(copy, how == Built.full ? Fault.full : Fault.unsound);
  const isChanged = copy.current == null || copy.serial != reader.serial;
  copy.current = copy.spare;
  copy.serial = reader.serial;
  copy.refresh = bounded(reader.refresh);
  copy.retry = bounded(reader.retry);
  copy.expire = copy.ownExpire != 0 ? copy.ownExpire : max(<u64>reader.expire * SECOND, LEAST);
  countVersion();
  count(Dns.zonesTaken);
  say.copied(copy);
  succeeded(copy, now);
  if (notify && isChanged) notices.changed(copy.number, now);
}

function bounded(seconds: u32): u64 {
  return max(LEAST, min(<u64>seconds * SECOND, MOST));
}

function succeeded(copy: Copy, now: u64): void {
  copy.failures = 0;
  copy.server = 0;
  copy.isExpired = false;
  copy.fault = Fault.none;
  copy.expiresAt = now + copy.expire;
  release(copy, copy.refresh);
}

/** Asks the same server for the zone as a whole. */
function again(copy: Copy): void {
  client.close();
  client.begin(copy, true);
}

/** The next server, or a pause when all have failed. */
function failed(copy: Copy, fault: i32): void {
  if (client.wantsWhole) return again(copy);
  count(Dns.zonesFailed);
  say.failed(copy, fault, reader.code);
  copy.server += 1;
  if (copy.server < copy.servers.addresses.length / 2) {
    client.close();
    return client.begin(copy, false);
  }
  copy.server = 0;
  const wait = copy.current == null ? FIRST << (<u64>min(copy.failures, DOUBLED)) : copy.retry;
  copy.failures += 1;
  release(copy, wait);
}

/** It is looked after again in a while: a little sooner by chance, so that not all zones come at once. */
function release(copy: Copy, wait: u64): void {
  client.close();
  busy = null;
  const at = clock();
  copy.due = copy.isTold ? at : at + wait - (random.random() % (wait / 8 + 1));
  copy.isTold = false;
  next = 0;
}

/** Somebody says that the zone has changed: RFC 1996 3.11, 4.3. */
export function told(copy: Copy): void {
  if (copy == busy) {
    copy.isTold = true;
    return;
  }
  copy.due = clock();
  next = 0;
}
