/** The chips of a target's board that have drivers of their own: of modules that offer the same, the one that is called so is taken. */
import type { Value } from "#lang";
import { fieldOf, textOf } from "./fields.ts";

/** What drives its network devices, and what stands between these and their sockets. */
export function chipsOf(machine: Value | undefined): ReadonlySet<string> {
  const nics = fieldOf(fieldOf(machine, "board"), "nics");
  if (nics?.kind !== "map") return new Set();
  return new Set(
    [...nics.entries.values()].flatMap(({ value }) => [
      textOf(fieldOf(value, "driver")),
      textOf(fieldOf(fieldOf(value, "phy"), "chip")),
    ]),
  );
}
