/** The network stack on two simulated links, driven by tests in V8 through what this file exports. */
import { HEADROOM } from "../../core/packet";
import { counted } from "../counters";
import { set } from "./clock";
import { taken } from "./console";
import { simulated } from "./link";
import * as arp from "./needs/arp";
import * as ethernet from "./needs/ethernet";
import * as ipv4 from "./needs/ipv4";
import * as routes from "./needs/routes";
import * as several from "./needs/several";
import * as stack from "./needs/stack";

export { addSample, fuzz, fuzzFault } from "./fuzz";
export { bindEcho, bindSized, sendFrom } from "./services";
export { counted };

export function configure(name: string, address: u32, prefix: u32, gateway: u32, mtu: u32): bool {
  return stack.configure(name, address, prefix, gateway, mtu);
}

/** A further address of an interface. */
export function configureAddress(name: string, address: u32, prefix: u32): void {
  several.addAddress(name, address, prefix);
}

/** A way by an interface. */
export function configureRoute(name: string, network: u32, prefix: u32, router: u32): void {
  routes.addRoute(name, network, prefix, router);
}

export function present(link: i32, mac: u64, mtu: u32, completesChecksums: bool): void {
  const each = simulated(link);
  each.present = true;
  each.mac = mac;
  each.mtu = mtu;
  each.completesChecksums = completesChecksums;
}

export function start(now: u64): void {
  set(now);
  ethernet.start();
  several.start();
  routes.start();
  arp.start();
  stack.start();
}

/** One turn of the event loop. */
export function turn(now: u64): u64 {
  set(now);
  ethernet.poll(now);
  arp.poll(now);
  ipv4.poll(now);
  return min(ethernet.deadline(), min(arp.deadline(), ipv4.deadline()));
}

/** A frame arrives, to be taken at the next turn. False when it is lost because there is no buffer. */
export function arrive(link: i32, frame: usize, length: u32, verified: bool): bool {
  return simulated(link).arrive(frame, length, verified);
}

/** The address of the frame that was sent first, 0 when there is none. */
export function sent(link: i32): usize {
  const packet = simulated(link).sent.first();
  return packet == null ? 0 : packet.bytes.pointer(HEADROOM, packet.length);
}
export function sentLength(link: i32): u32 {
  return simulated(link).sent.first()!.length;
}
/** Where the link is to begin with its checksum; 0: nothing to do. */
export function sentChecksumStart(link: i32): u32 {
  return simulated(link).sent.first()!.checksumStart;
}
export function sentChecksumOffset(link: i32): u32 {
  return simulated(link).sent.first()!.checksumOffset;
}
export function shift(link: i32): void {
  simulated(link).taken();
}

/** Packets that the stack has not given back. */
export function held(): i32 {
  return simulated(0).held + simulated(1).held;
}

export function consoleText(): string {
  return taken();
}
