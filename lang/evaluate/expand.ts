/** Bodies to definitions: `when`, `for` and `include` are gone after this. */
import type {
  BodyCore,
  EntryCore,
  ForCore,
  Fragment,
  IncludeCore,
  ItemCore,
  OpenCore,
  Ranked,
  SetCore,
  Variable,
} from "../check/core.ts";
import { keyOf } from "../values/compare.ts";
import type { Value } from "../values/value.ts";
import { armOfChoice, type Draft, entryOf, nestedOf, type Source, type Via } from "./draft.ts";
import { elements } from "./iterate.ts";
import type { Machine } from "./machine.ts";
import { contains, detached, found, removal } from "./removal.ts";
import { isTrue } from "./truth.ts";

/**
 * A body is gone through three times: what fragments bring comes before all that is written beside the `include`, then what is to be removed of it
 * goes, then the body's own settings come. So the order of lines decides nothing but the order of ordered blocks.
 */
type Pass = "includes" | "removals" | "settings";

interface Expansion {
  readonly machine: Machine;
  readonly pass: Pass;
  /** Fragments that are in already: one that two others include is there once. */
  readonly included: Set<Fragment>;
  readonly via: Via | undefined;
}

/** The body of an appliance, or a target's changes to it, onto what is there. */
export function expandAll(body: BodyCore, draft: Draft, machine: Machine): void {
  layer(body, draft, { machine, included: new Set(), via: undefined });
}

/** A body without fragments. */
export function expand(body: BodyCore, draft: Draft, machine: Machine): void {
  walk(body, draft, { machine, pass: "settings", included: new Set(), via: undefined }, []);
}

function layer(body: BodyCore, draft: Draft, layer: Omit<Expansion, "pass">): void {
  if (contains(body, "include")) walk(body, draft, { ...layer, pass: "includes" }, []);
  if (contains(body, "remove")) walk(body, draft, { ...layer, pass: "removals" }, []);
  walk(body, draft, { ...layer, pass: "settings" }, []);
}

/** `locals` are the variables of the bodies around, which assertions need later. */
function walk(body: BodyCore, draft: Draft, expansion: Expansion, locals: readonly Variable[]): void {
  const { machine } = expansion;
  if (body.faulty) draft.faulty = true;
  const known = [...locals];
  for (const item of body.items) {
    if (item.item === "let") known.push(item.variable);
    const done = machine.attempt(() => {
      machine.spend(1, item.span);
      rule(item, draft, expansion, known);
      return true;
    });
    if (!done) draft.faulty = true;
  }
}

/** Items that another pass is for. */
function isOf(item: ItemCore, pass: Pass): boolean {
  switch (item.item) {
    case "let":
      return true;
    case "when":
    case "for":
      return pass === "settings" || contains(item.body, pass === "includes" ? "include" : "remove");
    case "include":
      return pass === "includes";
    case "remove":
      return pass === "removals";
    case "open":
      return pass === "settings" || (pass === "removals" && contains(item.body, "remove"));
    default:
      return pass === "settings";
  }
}

function rule(item: ItemCore, draft: Draft, expansion: Expansion, locals: readonly Variable[]): void {
  const { machine, pass, via } = expansion;
  if (!isOf(item, pass)) return;
  switch (item.item) {
    case "let":
      machine.values.delete(item.variable);
      machine.values.set(item.variable, machine.evaluate(item.value));
      return;
    case "assert":
      draft.asserts.push({ item, locals: snapshot(locals, machine), draft });
      return;
    case "when":
      if (isTrue(machine.evaluate(item.condition))) walk(item.body, draft, expansion, locals);
      else machine.passedOver.add(item);
      return;
    case "for":
      return expandFor(item, draft, expansion, locals);
    case "include":
      return include(item, draft, expansion);
    case "remove":
      return removal(item, draft, machine);
    case "set":
      return set(item, draft, expansion);
    case "entry":
      return entry(item, draft, expansion);
    case "absent": {
      const { absent } = draft.block(item.member);
      absent.push(sourceOf(item, via));
      return;
    }
    case "open":
      return open(item, draft, expansion, locals);
  }
}

const sourceOf = ({ rank, forced, head }: Ranked, via: Via | undefined): Source => ({
  rank,
  forced,
  head,
  via,
});

function include({ fragment, span }: IncludeCore, draft: Draft, expansion: Expansion): void {
  const { machine, included } = expansion;
  if (included.has(fragment)) return;
  included.add(fragment);
  layer(fragment.body, draft, { machine, included, via: { name: fragment.name, span } });
}

function snapshot(locals: readonly Variable[], machine: Machine): ReadonlyMap<Variable, Value> {
  const values = new Map<Variable, Value>();
  for (const variable of locals) {
    const value = machine.values.get(variable);
    if (value) values.set(variable, value);
  }
  return values;
}

function expandFor(item: ForCore, draft: Draft, expansion: Expansion, locals: readonly Variable[]): void {
  const { machine } = expansion;
  const source = machine.evaluate(item.source);
  machine.inLoop(item.span, () => {
    for (const bind of elements(source, item.variables, machine, item.source.span)) {
      bind();
      walk(item.body, draft, expansion, [...locals, ...item.variables]);
    }
  });
}

function set(item: SetCore, draft: Draft, { machine, via }: Expansion): void {
  const value = machine.attempt(() => machine.evaluate(item.value));
  if (!value) draft.faulty = true;
  const { span, add } = item;
  draft.leaf(item.member).whole.push({ value, span, add, ...sourceOf(item, via) });
}

function entry(item: EntryCore, draft: Draft, { machine, via }: Expansion): void {
  const leaf = draft.leaf(item.member);
  if (item.within) leaf.heads.push(item.within);
  const key = machine.evaluate(item.key);
  const value = machine.attempt(() => machine.evaluate(item.value));
  if (!value) draft.faulty = true;
  const text = keyOf(key);
  const known = leaf.entries.get(text) ?? { key, definitions: [] };
  known.definitions.push({ value, span: item.span, add: false, ...sourceOf(item, via) });
  leaf.entries.set(text, known);
}

function open(item: OpenCore, draft: Draft, expansion: Expansion, locals: readonly Variable[]): void {
  const { machine, via, pass } = expansion;
  if (pass === "removals") {
    walk(item.body, found(item, draft, machine) ?? detached(item, draft), expansion, locals);
    return;
  }
  const inner = opened(item, draft, machine);
  if (!inner) {
    draft.faulty = true;
    return;
  }
  inner.openings.push(sourceOf(item, via));
  walk(item.body, inner, expansion, locals);
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
