import { random as hostRandom } from "./host";

export function random(): u64 {
  return hostRandom();
}

/** Never: there is a source. */
export function guessable(): bool {
  return false;
}
