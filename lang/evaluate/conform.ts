/** Whether a value satisfies the refinements of its type. */
import type { Core, Variable } from "../check/core.ts";
import { diagnose } from "../diagnostics/catalog.ts";
import type { Diagnostic, Label } from "../diagnostics/diagnostic.ts";
import type { Span } from "../source/span.ts";
import { hasRefinements } from "../types/fit.ts";
import type { NamedType, RefinedType, Type, UnionType } from "../types/type.ts";
import { compare } from "../values/compare.ts";
import { printShort } from "../values/print.ts";
import type { Value } from "../values/value.ts";
import { armOf } from "./arm.ts";
import type { Machine } from "./machine.ts";
import { matchPattern } from "./patterns.ts";

/** A part of a value that is not allowed. */
export interface Misfit {
  /** The part itself. */
  readonly value: Value;
  /** In a text: from where on it does not fit. */
  readonly offset: number | undefined;
  readonly diagnostic: (span: Span, subject: string | undefined, related?: readonly Label[]) => Diagnostic;
}

/** The first part of the value that is not allowed; throws `Stop` if that cannot be found out. */
export function conform(value: Value, type: Type, machine: Machine, name?: NamedType): Misfit | undefined {
  if (!hasRefinements(type)) return undefined;
  if (value.kind === "secret") return value.fallback && conform(value.fallback, type, machine, name);
  switch (type.kind) {
    case "named":
      return conform(value, type.type, machine, type);
    case "refined":
      return conform(value, type.base, machine, name) ?? refined(value, type, machine, name);
    case "optional":
      return value.kind === "none" ? undefined : conform(value, type.inner, machine);
    case "union":
      return ofUnion(value, type, machine);
    default:
      return ofParts(value, type, machine);
  }
}

function ofUnion(value: Value, type: UnionType, machine: Machine): Misfit | undefined {
  const arm = type.arms[armOf(type, value)];
  if (!arm || arm.kind === "word") return undefined;
  if (arm.kind === "type") return conform(value, arm.type, machine);
  return value.kind === "tagged" && value.payload ? conform(value.payload, arm.payload, machine) : undefined;
}

function ofParts(value: Value, type: Type, machine: Machine): Misfit | undefined {
  for (const [part, partType] of parts(value, type)) {
    machine.spend(1, value.span ?? nowhere);
    const misfit = conform(part, partType, machine);
    if (misfit) return misfit;
  }
  return undefined;
}

const nowhere: Span = { source: "", start: 0, end: 0 };

function* parts(value: Value, type: Type): Generator<readonly [Value, Type]> {
  if (type.kind === "list" && value.kind === "list")
    for (const item of value.items) yield [item, type.element];
  if (type.kind === "tuple" && value.kind === "tuple")
    for (const [index, item] of value.items.entries()) yield [item, type.items[index]!];
  if (type.kind === "range" && value.kind === "range") {
    yield [value.low, type.element];
    yield [value.high, type.element];
  }
  if (type.kind === "map" && value.kind === "map")
    for (const entry of value.entries.values()) {
      yield [entry.key, type.key];
      yield [entry.value, type.value];
    }
  if (type.kind === "record" && value.kind === "record")
    for (const member of type.members) {
      const field = value.fields.get(member.name);
      if (field && member.kind === "option") yield [field, member.type];
    }
}

function refined(
  value: Value,
  { refinement }: RefinedType,
  machine: Machine,
  name: NamedType | undefined,
): Misfit | undefined {
  if (refinement.by === "in") return inRange(value, refinement.text, machine.evaluate(refinement.range));
  machine.values.set(refinement.it, value);
  const result = machine.evaluate(refinement.condition);
  machine.values.delete(refinement.it);
  if (result.kind === "bool" && result.value) return undefined;
  const offset = offendingOffset(value, refinement.condition, refinement.it);
  return {
    value,
    offset,
    diagnostic: (span, subject, related = []) =>
      diagnose(
        "E0304",
        span,
        {
          subject,
          value: asWritten(value, machine),
          type: name?.name,
          condition: refinement.text,
          docs: name?.docs,
          reason:
            offset === undefined
              ? undefined
              : offset < textLength(value)
                ? "it does not fit from here on"
                : "it may not end here",
        },
        related,
      ),
  };
}

/** An address in hexadecimal is shown as that. */
function asWritten(value: Value, machine: Machine): string {
  const text = value.kind === "int" && value.span ? machine.around.textOf(value.span) : "";
  return /^0x[0-9a-f_]+$/i.test(text) ? text : printShort(value);
}

const textLength = (value: Value): number => (value.kind === "str" ? value.value.length : 0);

function inRange(value: Value, text: string, range: Value): Misfit | undefined {
  if (range.kind !== "range") throw new Error("BUG: a type's range is no range");
  const side = compare(value, range.low) < 0 ? "below" : compare(value, range.high) > 0 ? "above" : undefined;
  if (!side) return undefined;
  return {
    value,
    offset: undefined,
    diagnostic: (span, subject, related = []) =>
      diagnose(
        "E0303",
        span,
        {
          subject,
          value: printShort(value),
          range: text,
          low: printShort(range.low),
          high: printShort(range.high),
          side,
        },
        related,
      ),
  };
}

/** If the condition is one pattern on a text: how far the text could be part of a match. */
function offendingOffset(value: Value, condition: Core, it: Variable): number | undefined {
  if (value.kind !== "str" || condition.op !== "apply" || condition.name !== "matches") return undefined;
  const [subject, pattern] = condition.args;
  if (
    subject?.op !== "variable" ||
    subject.variable !== it ||
    pattern?.op !== "const" ||
    pattern.value.kind !== "regex"
  )
    return undefined;
  if (!pattern.value.pattern.startsWith("^")) return undefined;
  const match = matchPattern(pattern.value.pattern, value.value);
  return match.reached;
}
