/** What a client does in each state, and when: RFC 9915 18.2. */
import { Bytes } from "../../core/bytes";
import { Address, NEVER } from "../own";
import { Answer } from "./answer";
import { Client, State } from "./client";
import { count, Dhcp6 } from "./counters";
import { enter, mostTries, patience, SECOND } from "./exchange";
import { apply, drop, tellNameServers, until } from "./lease";
import { Status, Type } from "./message";
import * as ndp from "./needs/ndp";
import { random } from "./needs/random";
import * as slaac from "./needs/slaac";
import * as say from "./say";
import { send } from "./send";

/** When so many questions had no answer, people are told. */
const SILENT: u32 = 3;
/** Who was refused begins again after twice the time of before, up to this. */
const LONGEST_WAIT: u64 = 64 * SECOND;
/** 18.2.3, CNF_MAX_RD: so long it is asked whether the network is still the same. */
const CONFIRMING: u64 = 10 * SECOND;
/** Without an address of the link, or a buffer, nothing can be sent: it is tried again. */
const SOON: u64 = SECOND / 4;
/** 18.2.9: with this preference nobody else is waited for. */
const MOST_PREFERRED: u32 = 255;

/** The message that is looked at. */
const answer = new Answer();

/** At the beginning, and after a warm restart. */
export function restarted(client: Client): void {
  client.state = State.idle;
  client.nextAt = NEVER;
  client.isManaged = false;
  client.isOther = false;
  client.high = 0;
  client.endsAt = NEVER;
  client.isTold = false;
  client.wasUp = client.nic.link.up;
}

/** A router has told which addresses are a server's to give: RFC 4861 4.2. What it does not say another one may: nothing ends by that. */
export function told(client: Client, isManaged: bool, isOther: bool, now: u64): void {
  if (isManaged) client.isManaged = true;
  if (isOther) client.isOther = true;
  const isIdle = client.state == State.idle;
  const isStateless = client.state == State.informing || client.state == State.informed;
  if (client.isManaged && (isIdle || isStateless)) solicit(client, now);
  else if (client.isOther && isIdle) later(client, State.informing, now);
}

/** The same for all that hear the same router at once is sent within a second: 18.2.3, 18.2.6. */
function later(client: Client, state: i32, now: u64): void {
  enter(client, state, now);
  client.nextAt = now + (random() % SECOND);
}

export function poll(client: Client, now: u64): void {
  const up = client.nic.link.up;
  if (up != client.wasUp) linkChanged(client, up, now);
  if (client.isHolding && !client.isTold) detect(client, now);
  if (client.endsAt <= now) expire(client, now);
  if (now >= client.nextAt) tick(client, now);
}

/** It may be another network now: its routers are asked what they leave to servers. */
function linkChanged(client: Client, isUp: bool, now: u64): void {
  client.wasUp = isUp;
  client.isManaged = false;
  client.isOther = false;
  if (isUp) slaac.askAgain(client.nic, now);
  if (client.isHolding) {
    if (isUp) later(client, State.confirming, now);
    return;
  }
  client.state = State.idle;
  client.nextAt = NEVER;
}

/** Has neighbour discovery found out whether somebody else has the new address? */
function detect(client: Client, now: u64): void {
  const own = ndp.find(client.nic, client.high, client.low);
  if (own == null || own.state == Address.tentative) return;
  if (own.state == Address.duplicate) return decline(client, now);
  client.isTold = true;
  client.failures = 0;
  client.isSilenceTold = false;
  say.held(client);
}

/** 18.2.8. */
function decline(client: Client, now: u64): void {
  count(Dhcp6.conflicts);
  say.declined(client);
  drop(client);
  enter(client, State.declining, now);
  ask(client, now);
}

function expire(client: Client, now: u64): void {
  count(Dhcp6.expiries);
  say.givenUp(client, "nobody has renewed it");
  drop(client);
  solicit(client, now);
}

/** Its time has come. */
function tick(client: Client, now: u64): void {
  switch (client.state) {
    case State.waiting:
      return solicit(client, now);
    case State.bound:
      enter(client, State.renewing, now);
      break;
    case State.informed:
      return later(client, State.informing, now);
    case State.soliciting:
      if (client.isAdvertised) return request(client, now);
      break;
    case State.confirming:
      // Without an answer the address holds as before.
      if (now - client.begunAt >= CONFIRMING) return resume(client);
      break;
  }
  if (client.state == State.renewing && now >= client.rebindAt) {
    say.notRenewed(client);
    enter(client, State.rebinding, now);
  }
  const most = mostTries(client);
  if (most != 0 && client.tries >= most) return retreat(client, now);
  ask(client, now);
}

/** Sends what the state is for, and waits for the answer. */
function ask(client: Client, now: u64): void {
  const isLooking = client.state == State.soliciting || client.state == State.informing;
  if (isLooking && client.tries == SILENT && !client.isSilenceTold) {
    client.isSilenceTold = true;
    say.silence(client);
  }
  client.nextAt = now + (send(client, now) ? patience(client) : SOON);
  if (client.state == State.renewing) client.nextAt = min(client.nextAt, client.rebindAt);
}

/** Looks for servers. RFC 9915 18.2.1 would have it wait up to a second before the first question: an appliance is to answer soon. */
function solicit(client: Client, now: u64): void {
  client.isAdvertised = false;
  enter(client, State.soliciting, now);
  ask(client, now);
}

function request(client: Client, now: u64): void {
  enter(client, State.requesting, now);
  ask(client, now);
}

/** Begins again, later each time that it leads to nothing. */
function retreat(client: Client, now: u64): void {
  client.state = State.waiting;
  const wait = client.failures == 0 ? 0 : min(SECOND << (<u64>min<u32>(client.failures, 6)), LONGEST_WAIT);
  client.failures += 1;
  client.nextAt = now + wait;
}

/** The address holds; what comes next is to renew it. */
function resume(client: Client): void {
  client.state = State.bound;
  client.nextAt = client.renewAt;
}

/** A message has come. */
export function received(client: Client, payload: Bytes, high: u64, low: u64, now: u64): void {
  count(Dhcp6.messagesIn);
  if (!answer.read(payload, client.transaction, client.duid, client.identity, client.high, client.low))
    return count(Dhcp6.ignored);
  answer.fromHigh = high;
  answer.from = low;
  // 18.2.9, 18.2.10: even of those that have nothing to give.
  if (answer.solicitMost != 0) client.solicitMost = answer.solicitMost;
  if (answer.informationMost != 0) client.informationMost = answer.informationMost;
  const state = client.state;
  if (answer.type == Type.advertise) {
    if (state != State.soliciting) return count(Dhcp6.unexpected);
    return advertised(client, now);
  }
  const isOfAny = state == State.rebinding || state == State.confirming || state == State.informing;
  const isOfOne = state == State.requesting || state == State.renewing || state == State.declining;
  const isRapid = state == State.soliciting && answer.isRapid;
  // Nothing was asked before there was a first question.
  const isAsked = client.tries > 0 && (isOfAny || isRapid || (isOfOne && answer.isOfServer(client.lease)));
  if (!isAsked) return count(Dhcp6.unexpected);
  replied(client, now);
}

/** 18.2.9: the one that is preferred most, and of these the first. */
function advertised(client: Client, now: u64): void {
  if (answer.high == 0 || answer.status != Status.success) return refuse(client);
  if (client.isAdvertised && answer.preference <= client.lease.preference) return;
  client.lease.copy(answer);
  client.isAdvertised = true;
  // After the first wait nobody else is waited for.
  if (answer.preference == MOST_PREFERRED || client.tries > 1) request(client, now);
}

/** A server says that it has no address. People are told once, until there is one. */
function refuse(client: Client): void {
  count(Dhcp6.refusals);
  if (client.isSilenceTold) return;
  client.isSilenceTold = true;
  const status = answer.status != Status.success ? answer.status : answer.identityStatus;
  say.refused(client, status, answer.fromHigh, answer.from);
}

/** 18.2.10. */
function replied(client: Client, now: u64): void {
  const state = client.state;
  if (state == State.declining) return retreat(client, now);
  if (state == State.informing) return informed(client, now);
  if (state == State.confirming) return confirmed(client, now);
  const isNew = state == State.soliciting || state == State.requesting;
  if (answer.status == Status.success && answer.high != 0) {
    if (!isNew) count(Dhcp6.renewals);
    if (apply(client, answer, now)) return resume(client);
    count(Dhcp6.unexpected);
    return retreat(client, now);
  }
  if (isNew) {
    refuse(client);
    return retreat(client, now);
  }
  if (answer.isTaken) return giveUp(client, "its server wants it back", now);
  if (answer.identityStatus != Status.noBinding) return count(Dhcp6.refusals);
  // 18.2.10.1: the server that does not know it is asked whether it would give it.
  client.lease.copyServer(answer);
  client.lease.high = client.high;
  client.lease.low = client.low;
  request(client, now);
}

function confirmed(client: Client, now: u64): void {
  if (answer.status == Status.notOnLink) return giveUp(client, "it is of another network", now);
  if (answer.status == Status.success) resume(client);
}

function giveUp(client: Client, why: string, now: u64): void {
  count(Dhcp6.refusals);
  say.givenUp(client, why);
  drop(client);
  solicit(client, now);
}

/** 18.2.10.4, 21.23. */
function informed(client: Client, now: u64): void {
  if (answer.status != Status.success) return refuse(client);
  const next = until(answer.refresh, now);
  const isNews = !client.isTold;
  client.isTold = true;
  client.isSilenceTold = false;
  tellNameServers(client, answer);
  client.state = State.informed;
  client.nextAt = next;
  if (isNews) say.informed(client, answer.nameServerCount, answer.fromHigh, answer.from);
}
