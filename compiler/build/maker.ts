/** Who makes images for a target: the backend that its board names, if that has something for such a board. */
import { type Configuration, isSmallMachine, type Value } from "#lang";
import type { KnownMachine } from "../assemble/machine.ts";
import { bytesOf, fieldOf, textOf } from "../resolve/fields.ts";
import type { BoardFacts, ImageMaker, NicFacts, PhyFacts } from "./backend.ts";

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
    hertz:
      hertzOf(fieldOf(machine, "cpu_frequency")) ?? hertzOf(firstOf(fieldOf(board, "cpu_frequencies"))) ?? 0,
    nics: nics?.kind === "map" ? [...nics.entries.values()].map(({ value }) => nicFacts(value)) : [],
  };
}

const firstOf = (list: Value | undefined): Value | undefined =>
  list?.kind === "list" ? list.items[0] : undefined;

const hertzOf = (value: Value | undefined): number | undefined =>
  value?.kind === "measure" ? Number(value.millionths / 1_000_000n) : undefined;

/** Interfaces that a backend has drivers for, and this board nothing that they would drive. */
export function lackingOn(machine: Value | undefined, { isa }: Pick<ImageMaker, "isa">): ReadonlySet<string> {
  const board = fieldOf(machine, "board");
  const pins = fieldOf(board, "pins");
  const hasPins = pins?.kind === "map" && pins.entries.size > 0;
  if (isa === undefined || hasPins) return new Set();
  return new Set(["std/gpio.Pins", ...(boardFacts(machine).isVirtual ? ["std/core.Watchdog"] : [])]);
}

function nicFacts(nic: Value): NicFacts {
  const phy = fieldOf(nic, "phy");
  return { driver: textOf(fieldOf(nic, "driver")), phy: phy?.kind === "record" ? phyFacts(phy) : undefined };
}

function phyFacts(phy: Value): PhyFacts {
  const text = (name: string) => textOf(fieldOf(phy, name));
  const address = fieldOf(phy, "address");
  const by = fieldOf(phy, "clock_by");
  return {
    chip: text("chip"),
    address: address?.kind === "int" ? Number(address.value) : 0,
    isClockedByProcessor: by?.kind === "tagged" && by.tag === "processor",
    pins: {
      mdc: text("mdc"),
      mdio: text("mdio"),
      clock: text("clock"),
      power: text("power"),
      reset: text("reset"),
    },
  };
}

export const knownMachine = (
  machine: Value | undefined,
  { leavesConstants = false }: Pick<ImageMaker, "leavesConstants">,
): KnownMachine => ({ isSmall: isSmallMachine(machine), leavesConstants });
