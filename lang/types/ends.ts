/** Between which values those of a type are. */
import type { Core } from "../check/core.ts";
import type { Value } from "../values/value.ts";
import type { Type } from "./type.ts";

/** Of a range that is written; undefined where that follows from something. */
export function endsOf(range: Core): readonly [Value | undefined, Value | undefined] {
  if (range.op === "const" && range.value.kind === "range") return [range.value.low, range.value.high];
  if (range.op !== "range") return [undefined, undefined];
  const of = (core: Core) => (core.op === "const" ? core.value : undefined);
  return [of(range.low), of(range.high)];
}

/** The least value of a refined type, without the names around it. */
export function leastOf(type: Type): Value | undefined {
  let inner = type;
  while (inner.kind === "named" || inner.kind === "optional")
    inner = inner.kind === "named" ? inner.type : inner.inner;
  return inner.kind === "refined" && inner.refinement.by === "in"
    ? endsOf(inner.refinement.range)[0]
    : undefined;
}
