/** What the description says; set in `prepare`, filled when the machine starts where it comes from there. */
import { Bytes } from "../core/bytes";
import { AddressSlot } from "../core/slots/address";
import { TextSlot } from "../core/slots/text";

let server: AddressSlot | null = null;
let hostname: TextSlot | null = null;
export let facility: u32 = 3;

export function set(to: AddressSlot, name: TextSlot | null, about: u32): void {
  server = to;
  hostname = name;
  facility = about;
}

/** Where messages go. A server is one machine: `*` is none. */
export function hasServer(): bool {
  return server!.family != 0;
}
export function serverHigh(): u64 {
  return server!.high;
}
export function serverLow(): u64 {
  return server!.low;
}
export function serverPort(): u32 {
  return server!.port;
}

/** Null: that of the appliance. */
export function machineName(): Bytes | null {
  const slot = hostname;
  return slot == null ? null : slot.bytes;
}
