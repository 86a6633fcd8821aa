/** Zones that not everybody may ask for. */
import { transfer } from "../parts";
import { mayCopy } from "../transfer/access";
import { high, low } from "./asker";

/** Of each network that may ask for a zone: its address in two halves, what of an address belongs to the network, likewise; and 6 for IPv6. */
const STEP = 5;
/** For each zone of the description in its order; null: everybody. */
let allowed: StaticArray<StaticArray<u64> | null> = [];

/** In `prepare`. */
export function set(networks: Array<StaticArray<u64> | null>): void {
  allowed = StaticArray.fromArray(networks);
}

/** May whoever asks ask for the zone of this number? Who may copy it may. */
export function mayAsk(zone: u32): bool {
  const list = allowed[zone];
  if (list == null) return true;
  const family: u64 = high == 0 ? 4 : 6;
  for (let n = 0; n < list.length; n += STEP)
    if (
      list[n + 4] == family &&
      ((high ^ list[n]) & list[n + 2]) == 0 &&
      ((low ^ list[n + 1]) & list[n + 3]) == 0
    )
      return true;
  return transfer && mayCopy(zone);
}
