/** What a value of a type may look like: for help. */
import { wordsOfDevice } from "./devices.ts";
import { rowOf, type Scalar } from "./scalars.ts";
import { type Type, unnamed } from "./type.ts";

const ranges: Partial<Record<Scalar, string>> = {
  Int: "1..9",
  Port: "8000..8099",
  Ip4: "192.0.2.10..192.0.2.99",
  Ip: "192.0.2.10..192.0.2.99",
  Ip6: "2001:db8::10..2001:db8::99",
  Duration: "1s..5min",
  TimeOfDay: "08:00..17:30",
  Weekday: "mon..fri",
};

/** Undefined where an invented value would not help. */
export function exampleOf(type: Type): string | undefined {
  const it = unnamed(type);
  switch (it.kind) {
    case "scalar":
      return rowOf(it.name).example;
    case "refined":
      return it.refinement.by === "in" || isText(it.base) ? undefined : exampleOf(it.base);
    case "range": {
      const element = unnamed(it.element);
      return element.kind === "scalar" ? ranges[element.name] : undefined;
    }
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

/** Of a text with a form of its own, no example fits. */
function isText(type: Type): boolean {
  const it = unnamed(type);
  return it.kind === "scalar" && it.name === "Str";
}
