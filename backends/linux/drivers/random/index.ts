/** Unpredictable numbers, from the kernel. */
import { random as fill } from "../system";

/** Words that are fetched at a time. */
const SUPPLY: u32 = 32;

const supply = new StaticArray<u64>(<i32>SUPPLY);
let left: u32 = 0;

export function start(): void {
  left = 0;
}

export function random(): u64 {
  if (left == 0) {
    fill(changetype<usize>(supply), 8 * SUPPLY);
    left = SUPPLY;
  }
  left -= 1;
  const value = supply[left];
  supply[left] = 0;
  return value;
}

/** Never: there is a source. */
export function guessable(): bool {
  return false;
}
