/** Phase 7: the rules of libraries and the assertions of the description, over the finished configuration. */
import type { AssertCore, BodyCore, Core, Variable } from "../check/core.ts";
import { catalog } from "../diagnostics/catalog.ts";
import { type Diagnostic, fill, type Kind, type Label } from "../diagnostics/diagnostic.ts";
import { type Draft, draftsOf } from "../evaluate/draft.ts";
import { elements } from "../evaluate/iterate.ts";
import type { Machine } from "../evaluate/machine.ts";
import { isTrue } from "../evaluate/truth.ts";
import type { Span } from "../source/span.ts";
import type { RecordType } from "../types/type.ts";
import { plain, printShort } from "../values/print.ts";
import type { RecordValue, Value } from "../values/value.ts";
import { partsOf } from "./walk.ts";

/** Checks every block that has no error of its own. */
export function runRules(root: Draft, machine: Machine): void {
  for (const draft of draftsOf(root)) {
    if (draft.faulty || !draft.result) continue;
    const { checks } = draft.type;
    if (checks) {
      bind(draft, machine);
      rules(checks, draft, [], machine);
    }
    for (const { item, locals } of draft.asserts) {
      for (let outer: Draft | undefined = draft; outer; outer = outer.parent) bind(outer, machine);
      for (const [variable, value] of locals) machine.values.set(variable, value);
      rule(item, draft, [...locals.keys()], machine);
    }
  }
}

/** Settings of a block become values of their variables. */
export function bindRecord(
  type: RecordType,
  value: RecordValue | undefined,
  label: Value | undefined,
  machine: Machine,
): void {
  for (const { name, variable } of type.members) {
    const field = value?.fields.get(name);
    if (field) machine.values.set(variable, field);
    else machine.values.delete(variable);
  }
  if (!type.labelVariable) return;
  if (label) machine.values.set(type.labelVariable, label);
  else machine.values.delete(type.labelVariable);
}

const bind = (draft: Draft, machine: Machine): void =>
  bindRecord(draft.type, draft.result, draft.label, machine);

function rules(body: BodyCore, draft: Draft, loops: readonly Variable[], machine: Machine): void {
  for (const item of body.items) {
    machine.attempt(() => {
      machine.spend(1, item.span);
      switch (item.item) {
        case "let":
          machine.values.set(item.variable, machine.evaluate(item.value));
          return;
        case "assert":
          return rule(item, draft, loops, machine);
        case "when":
          if (isTrue(machine.evaluate(item.condition))) rules(item.body, draft, loops, machine);
          return;
        case "for":
          return machine.inLoop(item.span, () => {
            for (const turn of elements(
              machine.evaluate(item.source),
              item.variables,
              machine,
              item.source.span,
            )) {
              turn();
              rules(item.body, draft, [...loops, ...item.variables], machine);
            }
          });
        default:
          throw new Error(`BUG: a rule that is a ${item.item}`);
      }
    });
  }
}

function rule(item: AssertCore, draft: Draft, loops: readonly Variable[], machine: Machine): void {
  machine.attempt(() => {
    if (isTrue(machine.evaluate(item.condition))) return;
    machine.around.report(failure(item, draft, loops, machine));
  });
}

// ------------------------------------------------------------------------------------------------ messages

function failure(item: AssertCore, draft: Draft, loops: readonly Variable[], machine: Machine): Diagnostic {
  const message = item.message && machine.attempt(() => plain(machine.evaluate(item.message!)));
  const library = draft.heads[0]?.source !== item.span.source;
  const own = item.word === "assert" || !library;
  const data = {
    message,
    condition: oneLine(item.text),
    values: valuesIn(item.condition, machine),
    declared: library ? machine.around.where(item.span) : undefined,
  };
  const { span, related } = own
    ? { span: item.condition.span, related: [] }
    : blame(item.condition, draft, loops, machine);
  const kind = (own ? catalog.E0701 : catalog.E0700) as Kind<typeof data>;
  const made = fill(item.code ?? (own ? "E0701" : "E0700"), kind, span, data, related);
  return item.code?.startsWith("W") ? { ...made, severity: "warning" } : made;
}

const oneLine = (text: string): string => text.replace(/\s+/g, " ");

/**
 * What a user would have to change: the element that a loop is at, else the settings that the rule reads, else the block. The others
 * are shown beside it.
 */
function blame(
  condition: Core,
  draft: Draft,
  loops: readonly Variable[],
  machine: Machine,
): { span: Span; related: readonly Label[] } {
  const block = draft.heads[0] ?? draft.parent?.heads[0] ?? condition.span;
  const spans: Span[] = [];
  const add = (span: Span | undefined) => {
    if (
      span &&
      span.source === block.source &&
      !spans.some((it) => it.start === span.start && it.end === span.end)
    )
      spans.push(span);
  };
  for (const variable of loops.toReversed()) add(machine.values.get(variable)?.span);
  const [first] = spans;
  if (first) return { span: first, related: [] };
  for (const part of partsOf(condition))
    if (part.op === "variable") add(draft.result?.origins.get(part.variable.name)?.head);
  const [main, ...others] = spans;
  return { span: main ?? block, related: others.slice(0, 3).map((span) => ({ span, text: "" })) };
}

const MAX_VALUES = 5;

/** The values of what the condition reads, as the user would write them. */
function valuesIn(condition: Core, machine: Machine): readonly string[] {
  const shown = new Map<string, string>();
  for (const part of partsOf(condition)) {
    if (part.op !== "variable" && part.op !== "field" && part.op !== "fact" && !isRead(part)) continue;
    const text = oneLine(machine.around.textOf(part.span));
    const value = quietly(part, machine);
    if (!value || value.kind === "record" || shown.has(text) || text.length > 60) continue;
    shown.set(text, `\`${text}\` is ${printShort(value)}`);
  }
  return [...shown.values()].slice(0, MAX_VALUES);
}

/** A function or field of something: its result says more than the parts that it is made of. */
const isRead = (core: Core): boolean =>
  core.op === "apply" && /^[a-z.]/.test(core.name) && !["in", "is", "matches", "not"].includes(core.name);

function quietly(core: Core, machine: Machine): Value | undefined {
  try {
    return machine.evaluate(core);
  } catch {
    return undefined;
  }
}
