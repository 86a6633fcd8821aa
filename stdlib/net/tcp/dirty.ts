/** Connections that have something to send when this turn ends. */
import { Control } from "./block";

let first: Control | null = null;

export function markDirty(c: Control): void {
  if (c.isDirty) return;
  c.isDirty = true;
  c.nextDirty = first;
  first = c;
}

/** All of them, linked and still marked; those that are marked from now on are others. */
export function detachDirty(): Control | null {
  const all = first;
  first = null;
  return all;
}

export function hasDirty(): bool {
  return first != null;
}
