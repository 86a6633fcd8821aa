/** What libraries may ask of the machine that is built for. */
import { scalar } from "../../types/type.ts";
import { bool, type Value } from "../../values/value.ts";
import type { Builtin } from "./builtin.ts";

/** A machine with less RAM than this is small: code and defaults make room for less (docs/targets/esp32.md). */
const SMALL = 2n ** 20n;

/** `target`: what `target` is in expressions. RAM is what the target says, else what its board has. */
export function isSmallMachine(target: Value | undefined): boolean {
  if (target?.kind !== "record") return false;
  const board = target.fields.get("board");
  const memory =
    sizeOf(target.fields.get("memory")) ??
    (board?.kind === "record" ? sizeOf(board.fields.get("memory")) : undefined);
  return memory !== undefined && memory < SMALL;
}

const sizeOf = (value: Value | undefined): bigint | undefined =>
  value?.kind === "size" ? value.bytes : undefined;

export const machineBuiltins: Readonly<Record<string, Builtin>> = {
  "machine.small": {
    signature: "machine.small() -> Bool",
    docs: "Whether the machine that is built for has less than 1 MiB of RAM. Defaults that say how many there may be are smaller then.",
    params: [],
    type: () => scalar("Bool"),
    run: (_, bench) => bool(bench.isSmall()),
  },
};
