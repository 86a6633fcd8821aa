/** The hypercalls that drivers make: Xen, include/public. What they take and give lies in a piece of memory that the hypervisor is told of. */
import { hypercall, load32, load64, physical, store16, store32, store64 } from "./hw";

namespace Call {
  export const memory: u32 = 12;
  export const scheduler: u32 = 29;
  export const events: u32 = 32;
  export const hvm: u32 = 34;
}

/** Parameters that the toolstack gives a guest, and one that a guest gives: hvm/params.h */
export namespace Parameter {
  /** How events interrupt; 0: they do not. */
  export const callback: u32 = 0;
  export const storeFrame: u32 = 1;
  export const storeEvent: u32 = 2;
  export const consoleFrame: u32 = 17;
  export const consoleEvent: u32 = 18;
}

/** Why a guest ends: sched.h */
export namespace Reason {
  export const powerOff: u32 = 0;
  export const reboot: u32 = 1;
  export const crash: u32 = 3;
}

/** What a port is: event_channel.h */
export namespace PortStatus {
  export const closed: u32 = 0;
  export const unbound: u32 = 1;
  export const interdomain: u32 = 2;
}

/** What is mapped into a guest's memory: memory.h */
export namespace Space {
  export const sharedInfo: u32 = 0;
  export const grantTable: u32 = 1;
}

/** This guest. */
const SELF: u32 = 0x7ff0;
/** No port. */
export const NONE: u32 = 0;

/** 64 bytes of it from a multiple of 64 on, so within one page. */
const memory = new StaticArray<u8>(128);
let place: u64 = 0;

function room(): u64 {
  if (place == 0) place = physical((changetype<usize>(memory) + 63) & ~63);
  return place;
}

/** 0 when there is none. */
export function parameter(index: u32): u64 {
  const at = room();
  store64(at, <u64>SELF | ((<u64>index) << 32));
  store64(at + 8, 0);
  return hypercall(Call.hvm, 1, at, 0, 0) == 0 ? load64(at + 8) : 0;
}

export function setParameter(index: u32, value: u64): void {
  const at = room();
  store64(at, <u64>SELF | ((<u64>index) << 32));
  store64(at + 8, value);
  hypercall(Call.hvm, 0, at, 0, 0);
}

/** A page of the hypervisor's appears at this frame of the guest. */
export function mapFrame(space: u32, index: u64, frame: u64): bool {
  const at = room();
  store32(at, SELF);
  store32(at + 4, space);
  store64(at + 8, index);
  store64(at + 16, frame);
  return hypercall(Call.memory, 7, at, 0, 0) == 0;
}

/** A port for the domain `remote` to bind to; NONE when there is none left. */
export function openPort(remote: u32): u32 {
  const at = room();
  store16(at, SELF);
  store16(at + 2, remote);
  store32(at + 4, 0);
  return hypercall(Call.events, 6, at, 0, 0) == 0 ? load32(at + 4) : NONE;
}

export function closePort(port: u32): void {
  const at = room();
  store32(at, port);
  hypercall(Call.events, 3, at, 0, 0);
}

/** The other side of the port is told. */
export function send(port: u32): void {
  const at = room();
  store32(at, port);
  hypercall(Call.events, 4, at, 0, 0);
}

/** One of `PortStatus`, or another number that is none of them; `u32.MAX_VALUE` behind the last port. */
export function portStatus(port: u32): u32 {
  const at = room();
  store32(at, SELF);
  store32(at + 4, port);
  return hypercall(Call.events, 5, at, 0, 0) == 0 ? load32(at + 8) : u32.MAX_VALUE;
}

/** Sleeps until one of `count` ports, 32 bits each at `ports`, has an event, or the system's time is reached; 0: for as long as it takes. */
export function poll(ports: u64, count: u32, time: u64): void {
  const at = room();
  store64(at, ports);
  store64(at + 8, <u64>count);
  store64(at + 16, time);
  hypercall(Call.scheduler, 3, at, 0, 0);
}

/** The guest ends. */
export function shutdown(reason: u32): void {
  const at = room();
  store32(at, reason);
  hypercall(Call.scheduler, 2, at, 0, 0);
}
