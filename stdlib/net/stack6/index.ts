/** IPv6 as every host has it: interfaces with their addresses, neighbour discovery, ICMPv6. */

import { Bytes } from "../../core/bytes";
import { Level } from "../../core/level";
import { Packet } from "../../core/packet";
import { Nic } from "../nic";
import * as ethernet from "./needs/ethernet";
import * as icmp6 from "./needs/icmp6";
import * as ipv6 from "./needs/ipv6";
import * as log from "./needs/log";
import * as ndp from "./needs/ndp";

let attached = false;

/** In `prepare`: the interface of this name has IPv6. False when the target has no further link. */
export function configure(name: string, mtu: u32): bool {
  const nic: Nic | null = ethernet.add(name, mtu);
  if (nic == null) return false;
  nic.hasIpv6 = true;
  if (!attached) {
    attached = true;
    const spare = new Packet(new Bytes(new StaticArray<u8>(0), 0, 0));
    ipv6.attach(nic, spare);
    icmp6.attach();
  }
  return true;
}

/** In `prepare`: an address of the description. False when there are too many. */
export function address(name: string, high: u64, low: u64, length: u32): bool {
  return ndp.addWritten(ethernet.named(name)!, high, low, length);
}

/** In `prepare`: packets for this prefix go to this router; 0, 0, 0: all that have no better way. */
export function way(name: string, high: u64, low: u64, length: u32, byHigh: u64, byLow: u64): bool {
  return ndp.addWay(ethernet.named(name)!, high, low, length, byHigh, byLow, 0, u64.MAX_VALUE);
}

export function start(): void {
  for (let n = 0; n < ethernet.nics(); n++) {
    const nic = ethernet.nic(n);
    // IPv4 says it of interfaces that have both.
    if (nic.link.present || !nic.hasIpv6 || nic.address != 0 || !log.at(Level.error)) continue;
    log.text(nic.name);
    log.text(": no device");
    log.end();
  }
}
