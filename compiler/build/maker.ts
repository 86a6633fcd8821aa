/** Who makes images for a target: the backend that its board names, if that has something for such a board. */
import type { Configuration, Value } from "#lang";
import { bytesOf, fieldOf } from "../budget/estimate.ts";
import type { BoardFacts, ImageMaker } from "./backend.ts";

export function makerFor<Maker extends Pick<ImageMaker, "name" | "makes">>(
  { backend, machine }: Pick<Configuration, "backend" | "machine">,
  backends: readonly Maker[],
): Maker | undefined {
  return backends.find(({ name, makes }) => name === backend && (makes?.(boardFacts(machine)) ?? true));
}

export function boardFacts(machine: Value | undefined): BoardFacts {
  const board = fieldOf(machine, "board");
  const kind = fieldOf(board, "kind");
  const nics = fieldOf(board, "nics");
  return {
    arch: textOf(fieldOf(board, "arch")),
    isVirtual: kind?.kind === "tagged" && kind.tag === "virtual",
    flash: Number(bytesOf(fieldOf(board, "flash"))),
    nics:
      nics?.kind === "map"
        ? [...nics.entries.values()].map(({ value }) => textOf(fieldOf(value, "driver")))
        : [],
  };
}

const textOf = (value: Value | undefined): string => (value?.kind === "str" ? value.value : "");
