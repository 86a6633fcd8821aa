import { random as simulatedRandom } from "./simulator";

export function random(): u64 {
  return simulatedRandom();
}

/** Never: there is a source. */
export function guessable(): bool {
  return false;
}
