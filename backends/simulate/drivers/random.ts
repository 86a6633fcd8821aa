import { random as simulatedRandom } from "./simulator";

export function random(): u64 {
  return simulatedRandom();
}
