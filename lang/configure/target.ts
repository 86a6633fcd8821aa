/** What a description sees of the target it is configured for. */

import type { Variable } from "../check/core.ts";
import { addMember, newRecord, optionMember } from "../check/record-type.ts";
import type { Span } from "../source/span.ts";
import type { Scalar } from "../types/scalars.ts";
import { emptyType, listOf, mapTypeOf, noneType, scalar, type Type } from "../types/type.ts";
import type { Kind, Value } from "../values/value.ts";

/** `target` in `when`, `for` and `let`. */
export function targetVariable(record: Value, span: Span): Variable {
  return { name: "target", type: typeOfValue(record, span), span, role: "target" };
}

const scalarOf: Partial<Record<Kind, Scalar>> = {
  bool: "Bool",
  int: "Int",
  dec: "Dec",
  str: "Str",
  bytes: "Bytes",
  regex: "Regex",
  ip: "Ip",
  mac: "Mac",
  socket: "SocketAddr",
  duration: "Duration",
  size: "Size",
  rate: "Rate",
  date: "Date",
  instant: "Instant",
  timeOfDay: "TimeOfDay",
  weekday: "Weekday",
  hash: "Hash",
  file: "File",
};

function typeOfValue(value: Value, span: Span): Type {
  switch (value.kind) {
    case "record": {
      const type = newRecord({ what: "record", library: "target", span });
      for (const [text, field] of value.fields) {
        const name = { kind: "identifier", text, span } as const;
        addMember(
          type,
          optionMember({
            name,
            type: typeOfValue(field, span),
            docs: undefined,
            merge: undefined,
            fallback: undefined,
          }),
        );
      }
      return type;
    }
    case "map": {
      const [entry] = value.entries.values();
      if (!entry) return mapTypeOf(emptyType, emptyType);
      return mapTypeOf(typeOfValue(entry.key, span), typeOfValue(entry.value, span));
    }
    case "list":
      return listOf(value.items[0] ? typeOfValue(value.items[0], span) : emptyType);
    case "tagged":
      return { kind: "union", arms: [{ kind: "word", word: value.tag }] };
    case "measure":
      return scalar(value.of);
    case "none":
      return noneType;
    default: {
      const name = scalarOf[value.kind];
      if (!name) throw new Error(`BUG: a target with a ${value.kind}`);
      return scalar(name);
    }
  }
}
