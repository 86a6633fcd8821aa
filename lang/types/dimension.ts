/** Types whose literals are numbers with units. */
import type { Dimension } from "../values/quantity.ts";
import { rowOf, type Scalar } from "./scalars.ts";

/** The dimension of the units of a type; undefined if its literals have none. */
export function dimensionOfScalar(name: Scalar): Dimension | undefined {
  if (name === "TempDelta") return "Temp";
  return rowOf(name).shape === "quantity" ? (name as Dimension) : undefined;
}
