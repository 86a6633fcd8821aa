/**
 * The client of DHCP, RFC 2131: interfaces whose addresses a server gives. It asks as soon as it is switched on, because an appliance is to answer soon (4.4.1
 * would have it wait up to ten seconds), and releases nothing when it is switched off: it is not told that it will be.
 */

import { Bytes } from "../../core/bytes";
import { Reasons } from "../../core/reasons";
import { bytesOf } from "../../core/text";
import { ConflictWatcher } from "../addresses";
import { Nic } from "../nic";
import { Client, NEVER } from "./client";
import { Receiver } from "./datagram";
import { clashed, received, restarted, poll as turn } from "./machine";
import * as arp from "./needs/arp";
import { now as clock } from "./needs/clock";
import * as ethernet from "./needs/ethernet";

export { measure } from "./measures";

let clients: Client | null = null;

@final
class Incoming extends Receiver {
  take(nic: Nic, payload: Bytes): void {
    const client = clientOf(nic);
    if (client != null) received(client, payload, clock());
  }
}

let incoming: Incoming | null = null;

@final
class Watcher extends ConflictWatcher {
  conflict(nic: Nic, mac: u64): void {
    const client = clientOf(nic);
    if (client != null) clashed(client, mac, clock());
  }
}

function clientOf(nic: Nic): Client | null {
  let each = clients;
  while (each != null && each.nic != nic) each = each.next;
  return each;
}

/** In `prepare`: the interface that was added last has its address from a server. `gateway`: a router that counts more than the server's, or 0. */
export function configure(gateway: u32, hostName: string): void {
  if (clients == null) {
    incoming = new Incoming();
    arp.watchConflicts(new Watcher());
  }
  clients = new Client(ethernet.nic(ethernet.nics() - 1), gateway, bytesOf(hostName), clients);
}

export function start(): void {
  incoming!.attach();
  let each = clients;
  while (each != null) {
    each.identify(ethernet.nic(0).mac);
    restarted(each, clock());
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
    soonest = min(soonest, each.nextAt);
    each = each.next;
  }
  return soonest;
}

/** Interfaces without an address: see `core/reasons.ts`. */
export function health(to: Reasons): void {
  let each = clients;
  while (each != null) {
    if (!each.isHolding) {
      to.text(each.nic.name);
      to.text(": no lease of a DHCP server");
      to.end();
    }
    each = each.next;
  }
}
