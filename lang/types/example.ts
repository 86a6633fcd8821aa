/** What a value of a type may look like: for help. */
import { wordsOfDevice } from "./devices.ts";
import { rowOf } from "./scalars.ts";
import { type Type, unnamed } from "./type.ts";

/** Undefined where an invented value would not help. */
export function exampleOf(type: Type): string | undefined {
  const it = unnamed(type);
  switch (it.kind) {
    case "scalar":
      return rowOf(it.name).example;
    case "refined":
      return it.refinement.by === "in" ? undefined : exampleOf(it.base);
    case "device":
      return wordsOfDevice(it.of).example;
    case "optional":
      return "none";
    case "list": {
      const element = exampleOf(it.element);
      return element === undefined ? "[…]" : `[${element}]`;
    }
    case "union": {
      const [first] = it.arms;
      if (first?.kind === "word") return first.word;
      return first?.kind === "type" ? exampleOf(first.type) : undefined;
    }
    default:
      return undefined;
  }
}
