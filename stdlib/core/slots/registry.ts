/** The slots of this image that a machine is asked for, each once, in the order in which settings name them. */
import { Slot } from "./slot";

export const slots: Array<Slot> = [];

/** The slot of that name, which several options may share. */
export function known(name: string): Slot | null {
  for (let n = 0; n < slots.length; n++) if (slots[n].declared.name == name) return slots[n];
  return null;
}
