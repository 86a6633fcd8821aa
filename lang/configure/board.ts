/**
 * What the target's record says of its board. The language asks for these fields and for no library: `board.name`, `board.kind`,
 * `board.pins`, `board.nics`, `board.disks`, and `nics` and `disks` of a virtual machine. What is not there is not limited.
 */
import type { RecordValue, Value } from "../values/value.ts";

export interface Board {
  /** As the target names it: `esp32_c3.devkitm_1`; else the board's own name. */
  readonly name: string;
  /** Undefined: nothing is said of pins. */
  readonly pins: ReadonlyMap<string, BoardPin> | undefined;
  readonly nics: readonly string[] | undefined;
  readonly disks: readonly string[] | undefined;
  /** The target can be given more of them. */
  readonly virtual: boolean;
}

export interface BoardPin {
  readonly can: readonly string[];
  /** What it is connected to already. */
  readonly wired: string | undefined;
  /** What its level at reset decides. */
  readonly strapping: string | undefined;
}

/** Undefined if the target says nothing of a board. `written`: how the description names it. */
export function boardOf(target: Value, written?: string): Board | undefined {
  const board = field(target, "board");
  if (board?.kind !== "record") return undefined;
  const pins = field(board, "pins");
  return {
    name: written ?? text(field(board, "name")) ?? "the board",
    pins: pins?.kind === "map" && pins.entries.size > 0 ? pinsOf(pins) : undefined,
    nics: devices(target, board, "nics", "eth"),
    disks: devices(target, board, "disks", "disk"),
    virtual: wordOf(field(board, "kind")) === "virtual",
  };
}

const field = (value: Value | undefined, name: string): Value | undefined =>
  value?.kind === "record" ? (value as RecordValue).fields.get(name) : undefined;

const text = (value: Value | undefined): string | undefined =>
  value?.kind === "str" ? value.value : undefined;

const wordOf = (value: Value | undefined): string | undefined =>
  value?.kind === "tagged" ? value.tag : undefined;

function pinsOf({ entries }: Extract<Value, { kind: "map" }>): ReadonlyMap<string, BoardPin> {
  const pins = new Map<string, BoardPin>();
  for (const { key, value } of entries.values()) {
    const can = field(value, "can");
    pins.set(text(key) ?? "", {
      can: can?.kind === "list" ? can.items.flatMap((it) => wordOf(it) ?? []) : [],
      wired: text(field(value, "wired")),
      strapping: text(field(value, "strapping")),
    });
  }
  return pins;
}

/** A number in the target makes so many, called `eth0` and so on; else they are the board's. */
function devices(
  target: Value,
  board: Value,
  name: "nics" | "disks",
  prefix: string,
): readonly string[] | undefined {
  const count = field(target, name);
  if (count?.kind === "int") return Array.from({ length: Number(count.value) }, (_, n) => `${prefix}${n}`);
  const known = field(board, name);
  return known?.kind === "map"
    ? [...known.entries.values()].flatMap(({ key }) => text(key) ?? [])
    : undefined;
}

/** `gpio2` before `gpio10`. */
export function byNumber(a: string, b: string): number {
  const [left, right] = [parted(a), parted(b)];
  if (left.word !== right.word) return left.word < right.word ? -1 : 1;
  return left.number - right.number;
}

function parted(name: string): { word: string; number: number } {
  const digits = /\d{1,9}$/.exec(name)?.[0] ?? "";
  return { word: name.slice(0, name.length - digits.length), number: digits === "" ? -1 : Number(digits) };
}
