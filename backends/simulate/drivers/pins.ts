/** Pins of a simulated board. They are called as the target's board calls them: `gpio4` is number 4. */
import { pinDrive, pinInput, pinLevel, pinPause, pinPull, pinWatch } from "./simulator";

const MOST_PINS = 64;
const openDrains = new StaticArray<bool>(MOST_PINS);

/** In `prepare`. */
export function find(name: string): u32 {
  let at = name.length;
  while (at > 0 && name.charCodeAt(at - 1) >= 48 && name.charCodeAt(at - 1) <= 57) at -= 1;
  return <u32>I32.parseInt(name.substring(at)) % MOST_PINS;
}

export function output(pin: u32, level: bool, isOpenDrain: bool): void {
  openDrains[<i32>pin] = isOpenDrain;
  drive(pin, level);
}

export function drive(pin: u32, level: bool): void {
  pinDrive(pin, level ? 1 : 0, openDrains[<i32>pin] ? 1 : 0);
}

export function input(pin: u32, which: u32): void {
  pinInput(pin, which);
}

export function pull(pin: u32, which: u32): void {
  pinPull(pin, which);
}

export function level(pin: u32): bool {
  return pinLevel(pin) != 0;
}

export function watch(pin: u32): void {
  pinWatch(pin);
}

export function pause(nanoseconds: u64): void {
  pinPause(nanoseconds);
}
