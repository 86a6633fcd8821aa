/**
 * The client of DHCPv6, RFC 9915: interfaces whose addresses of IPv6, or name servers, a server gives. It asks when a router has said so (the flags M and O of
 * its advertisements, RFC 4861 4.2), and releases nothing when it is switched off: it is not told that it will be.
 */
import { Bytes } from "../../core/bytes";
import { Reasons } from "../../core/reasons";
import { bytesOf } from "../../core/text";
import { Nic } from "../nic";
import { NEVER } from "../own";
import { ManagedListener } from "../routers";
import { Client } from "./client";
import { Receiver } from "./datagram";
import { received, restarted, told, poll as turn } from "./machine";
import { now as clock } from "./needs/clock";
import * as ethernet from "./needs/ethernet";
import * as slaac from "./needs/slaac";

export { measure } from "./counters";

let clients: Client | null = null;

@final
class Incoming extends Receiver {
  take(nic: Nic, payload: Bytes, high: u64, low: u64): void {
    const client = clientOf(nic);
    if (client != null) received(client, payload, high, low, clock());
  }
}

let incoming: Incoming | null = null;

@final
class Listener extends ManagedListener {
  told(nic: Nic, isManaged: bool, isOther: bool, now: u64): bool {
    const client = clientOf(nic);
    if (client != null) told(client, isManaged, isOther, now);
    return client != null;
  }
}

function clientOf(nic: Nic): Client | null {
  let each = clients;
  while (each != null && each.nic != nic) each = each.next;
  return each;
}

/** In `prepare`: the interface of this name asks servers if routers say so. */
export function configure(label: string, hostName: string): void {
  if (clients == null) {
    incoming = new Incoming();
    slaac.setManaged(new Listener());
  }
  clients = new Client(ethernet.named(label)!, bytesOf(hostName), clients);
}

export function start(): void {
  incoming!.attach();
  let each = clients;
  while (each != null) {
    each.identify(ethernet.nic(0).mac);
    restarted(each);
    each = each.next;
  }
}

export function poll(now: u64): void {
  let each = clients;
  while (each != null) {
    turn(each, now);
    each = each.next;
  }
}

export function deadline(): u64 {
  let soonest = NEVER;
  let each = clients;
  while (each != null) {
    soonest = min(soonest, min(each.nextAt, each.endsAt));
    each = each.next;
  }
  return soonest;
}

/** Interfaces without the address that a server is to give: see `core/reasons.ts`. */
export function health(to: Reasons): void {
  let each = clients;
  while (each != null) {
    if (each.isManaged && !each.isHolding) {
      to.text(each.nic.name);
      to.text(": no address of a DHCPv6 server");
      to.end();
    }
    each = each.next;
  }
}
