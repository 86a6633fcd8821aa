/** Interfaces whose addresses the machine is given when it starts: slots have their values before anything else runs. */
import { Level } from "../../core/level";
import { Reasons } from "../../core/reasons";
import { AddressSlot } from "../../core/slots/address";
import { maskOf, Nic } from "../nic";
import { isHostOf } from "../sane";
import * as ethernet from "./needs/ethernet";
import * as ipv4 from "./needs/ipv4";
import * as log from "./needs/log";

@final
class GivenAddress {
  constructor(
    readonly nic: Nic,
    readonly address: AddressSlot,
    readonly gateway: AddressSlot | null,
    readonly written: u32,
    readonly next: GivenAddress | null,
  ) {}
}

let all: GivenAddress | null = null;

/** In `prepare`: the address of the interface that was added last, and its gateway: a slot as well, or `written`, 0 for none. */
export function configure(address: AddressSlot, gateway: AddressSlot | null, written: u32): void {
  all = new GivenAddress(ethernet.nic(ethernet.nics() - 1), address, gateway, written, all);
}

export function start(): void {
  let each = all;
  while (each != null) {
    assign(each);
    each = each.next;
  }
}

/** An address that no machine can have is as good as none; so is a gateway that is not near. */
function assign(it: GivenAddress): void {
  const address = it.address.v4;
  const mask = maskOf(it.address.length);
  const slot = it.gateway;
  let gateway = slot == null ? it.written : slot.v4;
  if (!isHostOf(address, mask)) return complain(it.nic, address, " is no machine's address");
  if (gateway != 0 && ((gateway ^ address) & mask) != 0) {
    complain(it.nic, gateway, " is no gateway: it is not in this interface's network");
    gateway = 0;
  }
  ipv4.assign(it.nic, address, mask, gateway);
}

function complain(nic: Nic, address: u32, what: string): void {
  if (!log.at(Level.error)) return;
  log.text(nic.name);
  log.text(": ");
  log.address(address);
  log.text(what);
  log.end();
}

/** Interfaces that have nothing of what they were given: see `core/reasons.ts`. */
export function health(to: Reasons): void {
  let each = all;
  while (each != null) {
    const nic = each.nic;
    each = each.next;
    if (nic.address != 0) continue;
    to.text(nic.name);
    to.text(": was given no address that a machine can have");
    to.end();
  }
}
