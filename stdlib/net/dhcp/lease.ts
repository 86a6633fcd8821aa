/** What a lease changes in the stack, and how long it holds: RFC 2131 4.4.5. */
import { Told } from "../resolvers";
import { Client, NEVER } from "./client";
import { FOREVER } from "./message";
import * as ipv4 from "./needs/ipv4";
import { random } from "./needs/random";
import * as resolvers from "./needs/resolvers";
import * as say from "./say";

export const SECOND: u64 = 1_000_000_000;
/** RFC 2131 4.4.5: who renews waits half of the time that is left, but not less than this. */
const LEAST_WAIT: u64 = 60 * SECOND;
/** Of short leases a part of them: else there would be one try. */
const PARTS: u64 = 16;

/** The interface has what `client.lease` says; `isNews`: people are told. */
export function apply(client: Client, isNews: bool): void {
  const nic = client.nic;
  const lease = client.lease;
  nic.tentative = 0;
  setTimes(client);
  const written = client.gateway;
  nic.ways = written == 0 && lease.routes.count > 0 ? lease.routes : null;
  nic.mtu = lease.mtu == 0 ? client.mtu : min(lease.mtu, client.mtu);
  const gateway = written != 0 ? written : lease.routes.count > 0 ? 0 : lease.router;
  if (nic.address != lease.address || nic.mask != lease.mask || nic.gateway != gateway)
    ipv4.assign(nic, lease.address, lease.mask, gateway);
  resolvers.forget(Told.byDhcp, nic.index);
  for (let n = 0; n < lease.nameServerCount; n++)
    resolvers.add(Told.byDhcp, nic.index, 4, 0, <u64>lease.nameServers[n]);
  client.failures = 0;
  client.isSilenceTold = false;
  if (isNews) say.held(client);
}

/** The interface has no address any more. */
export function drop(client: Client): void {
  const nic = client.nic;
  nic.tentative = 0;
  nic.ways = null;
  nic.mtu = client.mtu;
  resolvers.forget(Told.byDhcp, nic.index);
  if (nic.address != 0) ipv4.assign(nic, 0, 0, 0);
}

/** From when the request was sent on: so it never ends later here than for the server. Not all machines of a network are to ask at once. */
function setTimes(client: Client): void {
  const lease = client.lease;
  const requestedAt = client.requestedAt;
  client.renewAt = NEVER;
  client.rebindAt = NEVER;
  client.endsAt = NEVER;
  if (lease.lease == FOREVER) return;
  client.renewAt = requestedAt + varied(<u64>lease.renewal * SECOND);
  client.rebindAt = requestedAt + <u64>lease.rebinding * SECOND;
  client.endsAt = requestedAt + <u64>lease.lease * SECOND;
}

/** Up to a sixteenth less. */
function varied(time: u64): u64 {
  return time - (random() % (time / 16 + 1));
}

/** When to ask again while it is not yet `until`. */
export function halfway(client: Client, now: u64, until: u64): u64 {
  const least = min(LEAST_WAIT, (<u64>client.lease.lease * SECOND) / PARTS);
  const left = until > now ? until - now : 0;
  return min(until, now + max(left / 2, least));
}
