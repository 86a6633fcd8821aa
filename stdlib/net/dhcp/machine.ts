/** What a client does in each state, and when: RFC 2131 4.4. */
import { Bytes } from "../../core/bytes";
import { Client, NEVER, State } from "./client";
import { count, Dhcp } from "./counters";
import { apply, drop, halfway, SECOND } from "./lease";
import { Type } from "./message";
import * as arp from "./needs/arp";
import { random } from "./needs/random";
import { Offer } from "./offer";
import * as say from "./say";
import { decline, discover, request } from "./send";

/** RFC 2131 4.1: the first wait for an answer, and the longest; each twice the one before, and up to a second more or less. */
const FIRST_WAIT: u64 = 4 * SECOND;
const LONGEST_WAIT: u64 = 64 * SECOND;
/** Requests for what was offered, before servers are looked for again; such for the old address after the link was away. */
const REQUESTS: u32 = 4;
const REBOOTS: u32 = 3;
/** When so many questions had no answer, people are told. */
const SILENT: u32 = 3;
/** RFC 5227 1.1 has longer times, for networks that may be slow: on Ethernet somebody answers within a millisecond. */
const PROBES: u32 = 3;
const PROBE_WAIT: u64 = SECOND / 5;
/** RFC 2131 3.1, step 5. */
const DECLINED_WAIT: u64 = 10 * SECOND;

/** The message that is looked at. */
const message = new Offer();

/** At the beginning, and after a warm restart. */
export function restarted(client: Client, now: u64): void {
  const nic = client.nic;
  client.mtu = nic.mtu;
  client.wasUp = nic.link.up;
  nic.mask = 0xffffffff;
  if (!nic.link.present) return;
  if (client.wasUp) begin(client, now);
  else say.link(client, false);
}

export function poll(client: Client, now: u64): void {
  const up = client.nic.link.up;
  const present = client.nic.link.present;
  if (up != client.wasUp && present) linkChanged(client, up, now);
  if (now >= client.nextAt) tick(client, now);
}

function linkChanged(client: Client, isUp: bool, now: u64): void {
  client.wasUp = isUp;
  say.link(client, isUp);
  if (client.isHolding) {
    if (isUp) reboot(client, now);
    return;
  }
  drop(client);
  if (isUp) return begin(client, now);
  client.state = State.init;
  client.nextAt = NEVER;
}

/** Its time has come. */
function tick(client: Client, now: u64): void {
  switch (client.state) {
    case State.init:
      return begin(client, now);
    case State.selecting:
      return select(client, now);
    case State.requesting:
      client.tries += 1;
      if (client.tries >= REQUESTS) return begin(client, now);
      return ask(client, now);
    case State.probing:
      return probe(client, now);
    case State.rebooting:
      client.tries += 1;
      // 3.2, step 4: without an answer the lease holds as before.
      if (client.tries >= REBOOTS) return resume(client);
      return ask(client, now);
    default:
      return renew(client, now);
  }
}

/** Looks for servers. */
function begin(client: Client, now: u64): void {
  client.state = State.selecting;
  client.transaction = <u32>random();
  client.begunAt = now;
  client.tries = 0;
  discover(client, now);
  client.nextAt = now + patience(0);
}

function select(client: Client, now: u64): void {
  client.tries += 1;
  if (client.tries >= SILENT && !client.isSilenceTold) {
    client.isSilenceTold = true;
    say.silence(client);
  }
  discover(client, now);
  client.nextAt = now + patience(client.tries);
}

/** How long to wait for an answer. */
function patience(tries: u32): u64 {
  const wait = min(FIRST_WAIT << (<u64>min<u32>(tries, 4)), LONGEST_WAIT);
  return wait - SECOND + (random() % (2 * SECOND));
}

/** Requests what was offered, or what it had. */
function ask(client: Client, now: u64): void {
  request(client, now);
  client.nextAt = now + patience(client.tries);
}

/** Begins again, later each time that it leads to nothing. */
function retreat(client: Client, now: u64, least: u64): void {
  client.state = State.init;
  const wait = client.failures == 0 ? 0 : min(SECOND << (<u64>min<u32>(client.failures, 6)), LONGEST_WAIT);
  client.failures += 1;
  client.nextAt = now + max(wait, least);
}

/** A message has come. */
export function received(client: Client, payload: Bytes, now: u64): void {
  count(Dhcp.messagesIn);
  const state = client.state;
  const nic = client.nic;
  if (!message.read(payload, client.transaction, nic.mac, client.identifier)) return count(Dhcp.ignored);
  if (message.type == Type.offer) {
    if (state != State.selecting) return count(Dhcp.unexpected);
    return choose(client, now);
  }
  const isOpen = state == State.rebinding || state == State.rebooting;
  const isAsked = state == State.requesting || state == State.renewing;
  if (!isOpen && !(isAsked && message.server == client.lease.server)) return count(Dhcp.unexpected);
  if (message.type == Type.refuse) return refused(client, now);
  if (message.address != client.lease.address) return count(Dhcp.unexpected);
  if (state == State.requesting) return granted(client, now);
  count(Dhcp.renewals);
  const isNews = state != State.renewing && state != State.rebooting;
  const differs = !client.lease.equals(message);
  client.lease.copy(message);
  apply(client, isNews || differs);
  resume(client);
}

/** The first offer that is sane is taken: 4.4.1 leaves the choice. */
function choose(client: Client, now: u64): void {
  client.lease.copy(message);
  client.state = State.requesting;
  client.tries = 0;
  client.requestedAt = now;
  ask(client, now);
}

function granted(client: Client, now: u64): void {
  client.lease.copy(message);
  client.state = State.probing;
  client.tries = 0;
  client.nic.tentative = client.lease.address;
  probe(client, now);
}

/** Asks whether anybody has the address; when nobody says so, it is ours. */
function probe(client: Client, now: u64): void {
  if (client.tries < PROBES) {
    client.tries += 1;
    arp.probe(client.nic, client.lease.address);
    client.nextAt = now + PROBE_WAIT;
    return;
  }
  apply(client, true);
  resume(client);
}

/** The lease holds; what comes next is to renew it. */
function resume(client: Client): void {
  client.state = State.bound;
  client.nextAt = client.renewAt;
}

/** 4.4.5: the server that gave the lease is asked from T1 on, all from T2 on; then it is over. */
function renew(client: Client, now: u64): void {
  if (now >= client.endsAt) {
    count(Dhcp.expiries);
    say.expired(client);
    drop(client);
    return begin(client, now);
  }
  const isLate = now >= client.rebindAt;
  if (isLate && client.state != State.rebinding) say.notRenewed(client);
  if (client.state == State.bound) client.begunAt = now;
  client.state = isLate ? State.rebinding : State.renewing;
  client.transaction = <u32>random();
  client.requestedAt = now;
  request(client, now);
  client.nextAt = halfway(client, now, isLate ? client.endsAt : client.rebindAt);
}

/** The link was away: the network may be another one, or somebody else may have the address by now. */
function reboot(client: Client, now: u64): void {
  client.state = State.rebooting;
  client.transaction = <u32>random();
  client.begunAt = now;
  client.requestedAt = now;
  client.tries = 0;
  arp.announce(client.nic);
  ask(client, now);
}

function refused(client: Client, now: u64): void {
  count(Dhcp.refusals);
  say.refused(client, message.server);
  drop(client);
  retreat(client, now, 0);
}

/** Somebody else has the address. */
export function clashed(client: Client, mac: u64, now: u64): void {
  if (!client.isHolding && client.state != State.probing) return;
  count(Dhcp.conflicts);
  say.declined(client, mac);
  drop(client);
  client.state = State.init;
  client.transaction = <u32>random();
  decline(client, now);
  retreat(client, now, DECLINED_WAIT);
}
