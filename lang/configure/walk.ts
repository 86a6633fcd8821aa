/** Parts of an expression. */
import type { Core } from "../check/core.ts";

/** The expression and all inside of it that is evaluated with it, outer parts first; loops are not entered. */
export function* partsOf(core: Core): Generator<Core> {
  yield core;
  for (const part of partsWithin(core)) yield* partsOf(part);
}

/** The next smaller parts. */
export function partsWithin(core: Core): readonly Core[] {
  switch (core.op) {
    case "list":
    case "tuple":
      return core.items;
    case "map":
      return core.entries.flatMap(({ key, value }) => [key, value]);
    case "range":
      return [core.low, core.high];
    case "tagged":
      return [core.payload];
    case "text":
      return core.parts.flatMap((part) => ("hole" in part ? [part.hole] : []));
    case "if":
      return [core.condition, core.yes, core.no];
    case "match":
      return [core.subject];
    case "apply":
    case "call":
    case "fact":
      return core.args;
    case "query":
      return [core.self, ...core.args];
    case "short":
      return [core.left, core.right];
    case "field":
      return [core.object];
    case "listFor":
      return [core.source];
    case "refine":
      return [core.value];
    case "ref":
      return [core.key];
    case "follow":
      return [core.ref];
    default:
      return [];
  }
}
