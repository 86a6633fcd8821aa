import { Bytes } from "../core/bytes";

/**
 * What `prepare` leaves to the server. `records` is described in `layout.ts`; `slots` is an open hash table of all names: the low
 * half of an entry is the offset of a node, the high half that of the name's hash; a power of two, at most half full.
 */
export let records: Bytes = new Bytes(new StaticArray<u8>(0), 0, 0);
export let slots: StaticArray<u64> = [0];
/** The most labels of any name, so that a long question costs no more look-ups than a short one. */
export let deepest: i32 = 0;

export function install(newRecords: StaticArray<u8>, newSlots: StaticArray<u64>, newDeepest: i32): void {
  records = new Bytes(newRecords, 0, newRecords.length);
  slots = newSlots;
  deepest = newDeepest;
}
