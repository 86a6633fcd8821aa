/** Bodies to definitions: `when` and `for` are gone after this. */
import type { BodyCore, EntryCore, ForCore, ItemCore, OpenCore, SetCore, Variable } from "../check/core.ts";
import { keyOf } from "../values/compare.ts";
import type { Value } from "../values/value.ts";
import { armOfChoice, type Draft, entryOf, nestedOf } from "./draft.ts";
import { elements } from "./iterate.ts";
import type { Machine } from "./machine.ts";
import { isTrue } from "./truth.ts";

/** `locals` are the variables of the bodies around, which assertions need later. */
export function expand(
  body: BodyCore,
  draft: Draft,
  machine: Machine,
  locals: readonly Variable[] = [],
): void {
  if (body.faulty) draft.faulty = true;
  const known = [...locals];
  for (const item of body.items) {
    if (item.item === "let") known.push(item.variable);
    const done = machine.attempt(() => {
      machine.spend(1, item.span);
      rule(item, draft, machine, known);
      return true;
    });
    if (!done) draft.faulty = true;
  }
}

function rule(item: ItemCore, draft: Draft, machine: Machine, locals: readonly Variable[]): void {
  switch (item.item) {
    case "let":
      machine.values.delete(item.variable);
      machine.values.set(item.variable, machine.evaluate(item.value));
      return;
    case "assert":
      draft.asserts.push({ item, locals: snapshot(locals, machine), draft });
      return;
    case "when":
      if (isTrue(machine.evaluate(item.condition))) expand(item.body, draft, machine, locals);
      return;
    case "for":
      return expandFor(item, draft, machine, locals);
    case "set":
      return set(item, draft, machine);
    case "entry":
      return entry(item, draft, machine);
    case "open":
      return open(item, draft, machine, locals);
  }
}

function snapshot(locals: readonly Variable[], machine: Machine): ReadonlyMap<Variable, Value> {
  const values = new Map<Variable, Value>();
  for (const variable of locals) {
    const value = machine.values.get(variable);
    if (value) values.set(variable, value);
  }
  return values;
}

function expandFor(item: ForCore, draft: Draft, machine: Machine, locals: readonly Variable[]): void {
  const source = machine.evaluate(item.source);
  machine.inLoop(item.span, () => {
    for (const bind of elements(source, item.variables, machine, item.source.span)) {
      bind();
      expand(item.body, draft, machine, [...locals, ...item.variables]);
    }
  });
}

function set(item: SetCore, draft: Draft, machine: Machine): void {
  const value = machine.attempt(() => machine.evaluate(item.value));
  if (!value) draft.faulty = true;
  draft.leaf(item.member).whole.push({ value, head: item.head, span: item.span });
}

function entry(item: EntryCore, draft: Draft, machine: Machine): void {
  const leaf = draft.leaf(item.member);
  const key = machine.evaluate(item.key);
  const value = machine.attempt(() => machine.evaluate(item.value));
  if (!value) draft.faulty = true;
  const text = keyOf(key);
  const known = leaf.entries.get(text) ?? { key, definitions: [] };
  known.definitions.push({ value, head: item.head, span: item.span });
  leaf.entries.set(text, known);
}

function open(item: OpenCore, draft: Draft, machine: Machine, locals: readonly Variable[]): void {
  const inner = opened(item, draft, machine);
  if (!inner) {
    draft.faulty = true;
    return;
  }
  inner.heads.push(item.head);
  expand(item.body, inner, machine, locals);
}

function opened({ settable, label }: OpenCore, draft: Draft, machine: Machine): Draft | undefined {
  const { member, arm } = settable;
  switch (member.kind) {
    case "option":
      return nestedOf(draft.leaf(member), draft);
    case "one":
    case "maybe":
      return draft.block(member).draft;
    case "choice":
      return armOfChoice(draft.choice(member), draft, arm!.name);
    case "blocks": {
      const blocks = draft.blocks(member);
      const value = label && machine.attempt(() => machine.evaluate(label));
      if (value) return entryOf(blocks, draft, value);
      blocks.incomplete = true;
      return undefined;
    }
  }
}
