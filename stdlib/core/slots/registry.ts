/** The slots of this image that a machine is asked for, each once, in the order in which settings name them. */
import { Slot } from "./slot";

export const slots: Array<Slot> = [];
export const MOST_IDLE: i32 = 63;

/** Whose settings are read: a number of `./idle`; -1: of somebody who cannot do without. */
let owner: i32 = -1;

/** In `prepare`. */
export function own(by: i32): void {
  owner = by;
}

/** One more who needs the slot. */
export function claim(slot: Slot): void {
  if (owner < 0 || owner > MOST_IDLE) slot.isVital = true;
  else slot.owners |= (<u64>1) << (<u64>owner);
}

/** The slot of that name, which several options may share. */
export function known(name: string): Slot | null {
  for (let n = 0; n < slots.length; n++) if (slots[n].declared.name == name) return slots[n];
  return null;
}
