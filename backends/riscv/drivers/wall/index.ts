/** The time of day, where there is Android's virtual clock (as in QEMU's `virt`): `google,goldfish-rtc`, docs/GOLDFISH-VIRTUAL-HARDWARE of the Android emulator. */
import { believable } from "../../../../stdlib/core/wall";
import { load32 } from "../hw";
import { Node, next, rewind } from "../tree";

/** Nanoseconds since 1970 in two halves; reading the low one keeps the high one. */
const LOW: u64 = 0;
const HIGH: u64 = 4;

const node = new Node();
let chip: u64 = 0;

export function start(): void {
  chip = 0;
  rewind();
  while (next(node)) if (node.isOn() && node.compatible.has("google,goldfish-rtc")) chip = node.base(0);
}

/** Nanoseconds since 1970; 0 when no clock is there, or the host's was never set. */
export function wall(): u64 {
  if (chip == 0) return 0;
  const low: u64 = <u64>load32(chip + LOW);
  return believable(((<u64>load32(chip + HIGH)) << 32) | low);
}
