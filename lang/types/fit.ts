/** Which values may go where. */
import type { Scalar } from "./scalars.ts";
import {
  type Arm,
  bare,
  listOf,
  mapTypeOf,
  optional,
  type RecordType,
  scalar,
  type Type,
  type UnionType,
  unnamed,
} from "./type.ts";

/**
 * `yes`: every value of the first type is one of the second. `refine`: it is one if it satisfies the second's refinements, which only
 * the value shows.
 */
export type Fit = "yes" | "refine" | "no";

const wider: Partial<Record<Scalar, Scalar>> = { Ip4: "Ip", Ip6: "Ip", Cidr4: "Cidr", Cidr6: "Cidr" };

export function fits(from: Type, to: Type): Fit {
  if (from === to || from.kind === "error" || to.kind === "error" || from.kind === "empty") return "yes";
  if (to.kind === "named") return from.kind === "named" && sameName(from, to) ? "yes" : fits(from, to.type);
  if (to.kind === "refined") return fitRefined(from, to);
  if (from.kind === "named") return fits(from.type, to);
  if (from.kind === "refined") return fits(from.base, to);
  if (to.kind === "optional") {
    if (from.kind === "none") return "yes";
    return fits(from.kind === "optional" ? from.inner : from, to.inner);
  }
  if (to.kind === "union") return fitUnion(from, to);
  if (to.kind === "secret" && to.open && from.kind !== "secret") return fits(from, to.inner);
  if (from.kind === "scalar")
    return to.kind === "scalar" && (from.name === to.name || wider[from.name] === to.name) ? "yes" : "no";
  return fitStructure(from, to);
}

function sameName(a: Extract<Type, { kind: "named" }>, b: Extract<Type, { kind: "named" }>): boolean {
  return a.type === b.type;
}

function fitRefined(from: Type, to: Extract<Type, { kind: "refined" }>): Fit {
  for (let layer: Type = from; layer.kind === "named" || layer.kind === "refined"; ) {
    if (layer.kind === "refined" && layer.refinement === to.refinement) return "yes";
    layer = layer.kind === "named" ? layer.type : layer.base;
  }
  return fits(from, to.base) === "no" ? "no" : "refine";
}

function fitUnion(from: Type, to: UnionType): Fit {
  if (from.kind === "union") return all(from.arms.map((arm) => fitArm(arm, to)));
  let best: Fit = "no";
  for (const arm of to.arms) {
    const found = arm.kind === "type" ? fits(from, arm.type) : "no";
    if (found === "yes") return found;
    if (found === "refine") best = found;
  }
  return best;
}

function fitArm(arm: Arm, to: UnionType): Fit {
  if (arm.kind === "type") return fitUnion(unnamed(arm.type), to);
  for (const other of to.arms) {
    if (other.kind === "word" && arm.kind === "word" && other.word === arm.word) return "yes";
    if (other.kind === "tag" && arm.kind === "tag" && other.word === arm.word)
      return fits(arm.payload, other.payload);
    if (other.kind === "type") {
      const inner = bare(other.type);
      const found = inner.kind === "union" ? fitArm(arm, inner) : "no";
      if (found !== "no") return found;
    }
  }
  return "no";
}

function fitStructure(from: Type, to: Type): Fit {
  if (from.kind === "list" && to.kind === "list") return fits(from.element, to.element);
  if (from.kind === "range" && to.kind === "range") return fits(from.element, to.element);
  if (from.kind === "map" && to.kind === "map")
    return all([fits(from.key, to.key), fits(from.value, to.value)]);
  if (from.kind === "tuple" && to.kind === "tuple")
    return from.items.length === to.items.length
      ? all(from.items.map((item, index) => fits(item, to.items[index]!)))
      : "no";
  // what the type asks of the value is looked at when a machine is given it
  if (from.kind === "secret" && to.kind === "secret")
    return from.open !== to.open || fits(from.inner, to.inner) === "no" ? "no" : "yes";
  if (from.kind === "ref" && to.kind === "ref")
    return from.block === to.block && from.library === to.library ? "yes" : "no";
  if (from.kind === "device" && to.kind === "device") return from.of === to.of ? "yes" : "no";
  if (from.kind === "signal" && to.kind === "signal") return fitSignal(from.carries, to.carries);
  if (from.kind === "record" && to.kind === "record") return fitRecord(from, to);
  return "no";
}

/** What a signal carries is measured later, so only its type counts, not what it is limited to. */
function fitSignal(from: Type | undefined, to: Type | undefined): Fit {
  if (!to) return "yes";
  return from && fits(from, bare(to)) !== "no" ? "yes" : "no";
}

/** Blocks are nominal; records have the same fields. */
function fitRecord(from: RecordType, to: RecordType): Fit {
  if (from.what !== "record" || to.what !== "record" || from.members.length !== to.members.length)
    return "no";
  return all(
    from.members.map((member) => {
      const other = to.settable.get(member.name)?.member;
      return member.kind === "option" && other?.kind === "option" ? fits(member.type, other.type) : "no";
    }),
  );
}

function all(fits: readonly Fit[]): Fit {
  if (fits.includes("no")) return "no";
  return fits.includes("refine") ? "refine" : "yes";
}

/** The smallest type that both go into; undefined if there is none that could be told to a user. */
export function joinTypes(a: Type, b: Type): Type | undefined {
  if (a.kind === "error" || b.kind === "error") return a.kind === "error" ? b : a;
  if (fits(a, b) === "yes") return b;
  if (fits(b, a) === "yes") return a;
  if (a.kind === "none" || b.kind === "none") return optional(a.kind === "none" ? b : a);
  const [left, right] = [bare(a), bare(b)];
  if (left !== a || right !== b) return joinTypes(left, right);
  if (left.kind === "scalar" && right.kind === "scalar") {
    const common = wider[left.name];
    return common && (common === wider[right.name] || common === right.name) ? scalar(common) : undefined;
  }
  if (left.kind === "optional" || right.kind === "optional") {
    const inner = joinTypes(
      left.kind === "optional" ? left.inner : left,
      right.kind === "optional" ? right.inner : right,
    );
    return inner && optional(inner);
  }
  if (left.kind === "list" && right.kind === "list") {
    const element = joinTypes(left.element, right.element);
    return element && listOf(element);
  }
  if (left.kind === "map" && right.kind === "map") {
    const [key, value] = [joinTypes(left.key, right.key), joinTypes(left.value, right.value)];
    return key && value && mapTypeOf(key, value);
  }
  return undefined;
}

/** Values of the two types can be equal: one goes where the other does, or they share a wider type. */
export function comparable(a: Type, b: Type): boolean {
  if (bare(a).kind === "signal" || bare(b).kind === "signal") return false;
  return joinTypes(bare(a), bare(b)) !== undefined || fits(a, b) !== "no" || fits(b, a) !== "no";
}

/** Whether the type has refinements anywhere, so that its values have to be looked at. */
export function hasRefinements(type: Type): boolean {
  switch (type.kind) {
    case "refined":
      return true;
    case "named":
      return hasRefinements(type.type);
    case "list":
    case "range":
      return hasRefinements(type.element);
    case "map":
      return hasRefinements(type.key) || hasRefinements(type.value);
    case "optional":
      return hasRefinements(type.inner);
    case "tuple":
      return type.items.some(hasRefinements);
    case "union":
      return type.arms.some(
        (arm) => arm.kind !== "word" && hasRefinements(arm.kind === "tag" ? arm.payload : arm.type),
      );
    case "record":
      return (
        type.what === "record" &&
        type.members.some((member) => member.kind === "option" && hasRefinements(member.type))
      );
    default:
      return false;
  }
}

/** Whether some part of the type was reported: nothing can be said of its values. */
export function hasError(type: Type): boolean {
  switch (type.kind) {
    case "error":
      return true;
    case "named":
      return hasError(type.type);
    case "refined":
      return hasError(type.base);
    case "list":
    case "range":
      return hasError(type.element);
    case "map":
      return hasError(type.key) || hasError(type.value);
    case "optional":
    case "secret":
      return hasError(type.inner);
    case "tuple":
      return type.items.some(hasError);
    case "union":
      return type.arms.some(
        (arm) => arm.kind !== "word" && hasError(arm.kind === "tag" ? arm.payload : arm.type),
      );
    case "record":
      return (
        type.what === "record" &&
        type.members.some((member) => member.kind === "option" && hasError(member.type))
      );
    default:
      return false;
  }
}
