/** Buses while the appliance runs: the interface `Bus`. */
import { Bytes } from "../core/bytes";
import { buses } from "./wires";

export function start(): void {
  for (let n = 0; n < buses.length; n++) buses[n].start();
}

/** Sends the first `count` bytes to a chip; gives an `Outcome`. */
export function write(bus: i32, address: u32, bytes: Bytes, count: u32): u32 {
  return buses[bus].write(address, bytes, count);
}

/** Takes `count` bytes from a chip; gives an `Outcome`. */
export function read(bus: i32, address: u32, bytes: Bytes, count: u32): u32 {
  return buses[bus].read(address, bytes, count);
}
