/** How values of a type are written: what tells the arms of a union apart. */
import type { LiteralExpr } from "../syntax/ast.ts";
import { dimensionOf } from "../values/quantity.ts";
import { dimensionOfScalar } from "./dimension.ts";
import { rowOf } from "./scalars.ts";
import { type Arm, type Type, type UnionType, unnamed } from "./type.ts";

/** `string`, `list`, `quantity Duration`, `word auto` … */
function shapesOf(type: Type): readonly string[] {
  const it = unnamed(type);
  switch (it.kind) {
    case "scalar":
      return scalarShapes(it.name);
    case "refined":
      return shapesOf(it.base);
    case "optional":
      return ["word none", ...shapesOf(it.inner)];
    case "union":
      return it.arms.flatMap(shapesOfArm);
    case "map":
      return ["map", "{}"];
    case "record":
      return ["record", "{}"];
    case "ref":
    case "device":
      return ["string", "name"];
    case "signal":
      return ["signal"];
    case "secret":
      return shapesOf(it.inner);
    case "none":
      return ["word none"];
    case "error":
    case "empty":
      return [];
    default:
      return [it.kind];
  }
}

/** How a literal is written. */
export function shapesOfLiteral(literal: LiteralExpr): readonly string[] {
  switch (literal.kind) {
    case "int":
      return ["int", "dec"];
    case "prefix":
      return [literal.raw.includes(":") ? "prefix6" : "prefix4"];
    case "quantity":
      return [`quantity ${dimensionOf(literal.parts[0]?.unit ?? "") ?? ""}`];
    default:
      return [literal.kind];
  }
}

function scalarShapes(name: Parameters<typeof rowOf>[0]): readonly string[] {
  const { shape } = rowOf(name);
  if (name === "Ip") return ["ip4", "ip6"];
  if (name === "Cidr" || name === "IfaceAddr") return ["prefix4", "prefix6"];
  if (name === "Bool") return ["word true", "word false"];
  const { words } = rowOf(name);
  if (words) return words.map((word) => `word ${word}`);
  return [shape === "quantity" ? `quantity ${dimensionOfScalar(name)}` : shape];
}

function shapesOfArm(arm: Arm): readonly string[] {
  if (arm.kind === "type") return shapesOf(arm.type);
  return [`word ${arm.word}`];
}

/** Two arms that could not be told apart, with the shape that they share. */
export function sharedShape(
  arms: readonly Arm[],
): { first: number; second: number; shape: string } | undefined {
  const found = new Map<string, number>();
  for (const [second, arm] of arms.entries()) {
    for (const shape of shapesOfArm(arm)) {
      const first = found.get(shape);
      if (first !== undefined && first !== second) return { first, second, shape };
      found.set(shape, second);
    }
  }
  return undefined;
}

/** The arms whose values can be written in one of these ways. */
export function armsWith(union: UnionType, shapes: readonly string[]): readonly Arm[] {
  return union.arms.filter((arm) => shapesOfArm(arm).some((shape) => shapes.includes(shape)));
}
