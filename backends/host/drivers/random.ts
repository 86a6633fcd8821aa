import { random as hostRandom } from "./host";

export function random(): u64 {
  return hostRandom();
}
