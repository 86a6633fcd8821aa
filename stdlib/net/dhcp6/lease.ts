/** What an answer changes in the stack, and how long it holds: RFC 9915 18.2.10.1, 14.2. */
import { Address, NEVER } from "../own";
import { Told } from "../resolvers";
import { Answer } from "./answer";
import { Client } from "./client";
import { SECOND } from "./exchange";
import { FOREVER } from "./message";
import * as ndp from "./needs/ndp";
import * as resolvers from "./needs/resolvers";

/**
 * The interface has the address that was answered, from when nobody else has it: it is looked for, as any other (18.2.10.1). False: there is no place, or
 * it is one of ours anyway.
 */
export function apply(client: Client, answer: Answer, now: u64): bool {
  const nic = client.nic;
  const isSame = answer.high == client.high && answer.low == client.low;
  if (!isSame) drop(client);
  let own = ndp.find(nic, answer.high, answer.low);
  if (own != null && !isSame) return false;
  if (own == null) own = ndp.claim(nic, answer.high, answer.low, now);
  if (own == null) return false;
  client.lease.copy(answer);
  client.high = answer.high;
  client.low = answer.low;
  setTimes(client, now);
  own.preferredUntil = until(answer.preferred, now);
  own.validUntil = client.endsAt;
  ndp.renewed(own);
  tellNameServers(client, answer);
  return true;
}

/** The address is the interface's no more. */
export function drop(client: Client): void {
  const nic = client.nic;
  if (client.high != 0) {
    const own = ndp.find(nic, client.high, client.low);
    if (own != null) own.state = Address.free;
    resolvers.forget(Told.byDhcp6, nic.index);
  }
  client.high = 0;
  client.low = 0;
  client.isTold = false;
  client.endsAt = NEVER;
}

/** Those that were told before hold no more. */
export function tellNameServers(client: Client, answer: Answer): void {
  const index = client.nic.index;
  resolvers.forget(Told.byDhcp6, index);
  for (let n = 0; n < answer.nameServerCount; n++)
    resolvers.add(Told.byDhcp6, index, 6, answer.nameServerHighs[n], answer.nameServerLows[n]);
}

/** 14.2, 21.4: what the server leaves open is 0.5 and 0.8 of the time that the address is preferred. */
function setTimes(client: Client, now: u64): void {
  const lease = client.lease;
  client.endsAt = until(lease.valid, now);
  const base = <u64>(lease.preferred == 0 ? lease.valid : lease.preferred);
  const isForEver = base == <u64>FOREVER;
  const rebinding = lease.rebinding != 0 ? <u64>lease.rebinding : isForEver ? base : (base * 4) / 5;
  const renewal = lease.renewal != 0 ? <u64>lease.renewal : isForEver ? base : base / 2;
  client.rebindAt = min(until(<u32>rebinding, now), client.endsAt);
  client.renewAt = min(until(<u32>renewal, now), client.rebindAt);
}

/** All ones is for ever. */
export function until(seconds: u32, now: u64): u64 {
  return seconds == FOREVER ? NEVER : now + <u64>seconds * SECOND;
}
