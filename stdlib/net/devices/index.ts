/** Interfaces on devices that the description names. */
import * as ethernet from "./needs/ethernet";

/** In `prepare`: a new interface, on the device of this number. False when the target has no such device. */
export function place(name: string, mtu: u32, device: i32): bool {
  return ethernet.place(name, mtu, device) != null;
}
