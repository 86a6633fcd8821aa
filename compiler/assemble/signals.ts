/** Signals in settings: the block that has one and the block that is wired to it name it in the same way, and so get the same object. */
import type { Type } from "#lang";

/** A block of an appliance: the names of the module and of the blocks inside of it, and its number among those of its kind there. */
export interface Place {
  readonly path: readonly string[];
  readonly index: number;
}

export const placeOf = (path: readonly string[], index: number): Place => ({ path, index });

interface Named extends Place {
  readonly name: string;
  readonly type: Type;
}

/** As `stdlib/core/signal.ts` reads it: `gpio.output[0].state`, and what its numbers are. */
export const encodeSignal = ({ path, index, name, type }: Named): unknown[] => [
  `${path.join(".")}[${index}].${name}`,
  formOf(type),
];

/** `Form` of `stdlib/core/signal.ts`. */
function formOf(type: Type): number {
  switch (type.kind) {
    case "named":
      return formOf(type.type);
    case "refined":
      return formOf(type.base);
    case "scalar":
      return type.name === "Bool" ? 0 : type.name === "Int" ? 1 : 2;
    default:
      throw new Error(`BUG: a signal of type ${type.kind}`);
  }
}
