/** IPv4 as every host has it: interfaces with their addresses, ARP, ICMP. */

import { Bytes } from "../../core/bytes";
import { Level } from "../../core/level";
import { Packet } from "../../core/packet";
import { maskOf, Nic, otherAt, otherCount } from "../nic";
import * as arp from "./needs/arp";
import * as ethernet from "./needs/ethernet";
import * as icmp from "./needs/icmp";
import * as ipv4 from "./needs/ipv4";
import * as log from "./needs/log";

let attached = false;

/** In `prepare`: the IPv4 address of an interface. False when the target has no further link. */
export function configure(name: string, address: u32, prefix: u32, gateway: u32, mtu: u32): bool {
  const nic: Nic | null = ethernet.add(name, mtu);
  if (nic == null) return false;
  nic.address = address;
  nic.mask = maskOf(prefix);
  nic.gateway = gateway;
  if (!attached) {
    attached = true;
    const spare = new Packet(new Bytes(new StaticArray<u8>(0), 0, 0));
    arp.attach();
    ipv4.attach(nic, spare);
    icmp.attach();
  }
  return true;
}

export function start(): void {
  for (let n = 0; n < ethernet.nics(); n++) {
    const nic = ethernet.nic(n);
    if (!nic.link.present) {
      if (!log.at(Level.error)) continue;
      log.text(nic.name);
      log.text(": no device");
      log.end();
      continue;
    }
    if (!log.at(Level.info)) continue;
    log.text(nic.name);
    log.text(": ");
    if (nic.address == 0) log.text("asks for an address,");
    else log.address(nic.address);
    for (let each = 0; each < otherCount(); each++) {
      const further = otherAt(nic, each);
      if (further == 0) continue;
      log.text(", ");
      log.address(further);
    }
    log.text(" ");
    log.hardware(nic.mac);
    log.end();
  }
}
