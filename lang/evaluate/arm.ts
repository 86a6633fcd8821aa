/** Which arm of a union a value is of. */
import { rowOf } from "../types/scalars.ts";
import { bare, type Type, type UnionType } from "../types/type.ts";
import type { Value } from "../values/value.ts";

/** Position of the arm among the union's arms; -1 if the value is of none. */
export function armOf(union: UnionType, value: Value): number {
  if (value.kind === "tagged") {
    const index = union.arms.findIndex((arm) => arm.kind !== "type" && arm.word === value.tag);
    if (index !== -1) return index;
  }
  return union.arms.findIndex((arm) =>
    arm.kind === "type" ? canBe(value, arm.type) : arm.word === "none" && value.kind === "none",
  );
}

/** Whether the value is of the type. Arms of a union are of different kinds, or of different families: more need not be looked at. */
export function canBe(value: Value, type: Type): boolean {
  const it = bare(type);
  switch (it.kind) {
    case "scalar":
      return rowOf(it.name).kind === value.kind && ofFamily(it.name, value) && ofMeasure(it.name, value);
    case "device":
      return value.kind === "device" && value.of === it.of;
    case "signal":
      return value.kind === "signal";
    case "optional":
      return value.kind === "none" || canBe(value, it.inner);
    case "union":
      return armOf(it, value) !== -1;
    case "list":
    case "map":
    case "range":
    case "tuple":
    case "record":
    case "ref":
      return it.kind === value.kind;
    case "secret":
      return value.kind === "secret" ? value.open === it.open : it.open && canBe(value, it.inner);
    default:
      return false;
  }
}

function ofFamily(name: string, value: Value): boolean {
  const ip = value.kind === "ip" ? value : value.kind === "prefix" ? value.ip : undefined;
  return !ip || !/[46]$/.test(name) || name.endsWith(String(ip.family));
}

function ofMeasure(name: string, value: Value): boolean {
  return value.kind !== "measure" || (name === "TempDelta" ? "Temp" : name) === value.of;
}
