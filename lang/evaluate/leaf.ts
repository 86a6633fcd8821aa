/** One value for one leaf: the highest rank wins, contributions are added to it. */
import type { Span } from "../source/span.ts";
import { bare, type OptionMember } from "../types/type.ts";
import { compare, equal, mapOf } from "../values/compare.ts";
import { printShort } from "../values/print.ts";
import { list, type MapEntry, type Value } from "../values/value.ts";
import { OperationBench } from "./bench.ts";
import { conform } from "./conform.ts";
import type { Definition, Draft, LeafDraft } from "./draft.ts";
import type { Machine } from "./machine.ts";
import { arithmeticRow } from "./operations/arithmetic.ts";
import { conflict, forced, highest, isAbove, type Named, pathOf, rankOf } from "./ranks.ts";
import { Stop } from "./stop.ts";

interface Elsewhere {
  /** The value of a record that is given field by field. */
  nested(draft: Draft): Value | undefined;
  /** What the option is if nobody says anything. */
  fallback(): Value | undefined;
}

/** The definitions of a leaf that count. */
export interface Decision {
  /** Of the highest rank among those with `=`; they must agree. */
  readonly whole: readonly Definition[];
  /** Contributions above that. */
  readonly adds: readonly Definition[];
  /** A contribution of the same rank as a `=`. */
  readonly clash: Definition | undefined;
}

export function decide(leaf: LeafDraft): Decision {
  const given = leaf.whole.filter(({ add }) => !add);
  const top = rankOf(given);
  const contributions = leaf.whole.filter(({ add }) => add);
  return {
    whole: given.filter(({ rank }) => rank === top),
    adds: contributions.filter(({ rank }) => isAbove(rank, top)),
    clash: contributions.find(({ rank }) => rank === top),
  };
}

/** Undefined after a report. */
export function leafValue(
  leaf: LeafDraft,
  draft: Draft,
  machine: Machine,
  appliance: string | undefined,
  elsewhere: Elsewhere,
): Value | undefined {
  const { member, nested } = leaf;
  const name = () => pathOf(draft, member.name);
  checkForced(leaf, name, machine);
  const { whole, adds, clash } = decide(leaf);
  if (clash) {
    bothWays(name, whole[0]!, clash, machine);
    return undefined;
  }
  if (nested) {
    const top = highest([rankOf(whole), rankOf(nested.openings)]);
    if (rankOf(nested.openings) === rankOf(whole)) {
      const block = { ...nested.openings[0]!, shown: "a block" };
      conflict(name(), [shownOf(whole[0]!), block], "", machine, appliance);
      return undefined;
    }
    if (top !== rankOf(whole)) return elsewhere.nested(nested);
    leaf.nested = undefined;
  }
  const agreed = whole.length > 0 ? agree(whole, name, machine, appliance) : undefined;
  if (whole.length > 0 && !agreed) return undefined;
  const entries = mergeEntries(leaf, whole, agreed, name, machine, appliance);
  if (entries === "failed") return undefined;
  const base = entries ?? agreed;
  if (adds.length === 0) return base ?? elsewhere.fallback();
  const start = base ?? (member.fallback ? elsewhere.fallback() : undefined);
  if (!start && member.fallback) return undefined;
  return machine.attempt(() => contributed(member, start, adds, name, machine, appliance));
}

/** Each `override` needs something that it overrides. */
function checkForced(leaf: LeafDraft, name: Named, machine: Machine): void {
  const all = [...leaf.whole, ...(leaf.nested?.openings ?? [])];
  const entries = [...leaf.entries.values()];
  for (const definition of leaf.whole)
    forced(definition, [...all, ...entries.flatMap(({ definitions }) => definitions)], name, machine);
  for (const { key, definitions } of entries)
    for (const definition of definitions)
      forced(definition, [...definitions, ...leaf.whole], () => `${name()}[${printShort(key)}]`, machine);
}

/** `alias blog = "www"`, together with `alias = { … }` if that is there too. */
function mergeEntries(
  leaf: LeafDraft,
  whole: readonly Definition[],
  value: Value | undefined,
  name: Named,
  machine: Machine,
  appliance: string | undefined,
): Value | undefined | "failed" {
  const top = rankOf(whole);
  const given: readonly MapEntry[] = value?.kind === "map" ? [...value.entries.values()] : [];
  const written = [...leaf.entries.values()].filter(
    ({ definitions }) => !top || !isAbove(top, rankOf(definitions)),
  );
  if (written.length === 0) return undefined;
  const found: MapEntry[] = [];
  let failed = false;
  for (const { key, definitions } of written) {
    const strongest = highest([rankOf(definitions)]);
    const counting = definitions.filter(({ rank }) => rank === strongest);
    const before = strongest === top ? given.find((entry) => compare(entry.key, key) === 0) : undefined;
    const all = before
      ? [{ ...whole[0]!, value: before.value, span: before.head ?? whole[0]!.span }, ...counting]
      : counting;
    const agreed = agree(all, () => `${name()}[${printShort(key)}]`, machine, appliance);
    if (agreed) found.push({ key, value: agreed, head: counting[0]!.head });
    else failed = true;
  }
  const rest = given.filter((entry) => !found.some(({ key }) => compare(entry.key, key) === 0));
  return failed ? "failed" : mapOf([...found, ...rest]);
}

/** Equal values agree; two different ones are a conflict. */
function agree(
  definitions: readonly Definition[],
  name: Named,
  machine: Machine,
  appliance: string | undefined,
): Value | undefined {
  const [first] = definitions;
  for (const other of definitions) {
    if (!first?.value || !other.value) return undefined;
    if (!equal(first.value, other.value)) {
      conflict(name(), [shownOf(first), shownOf(other)], printShort(other.value), machine, appliance);
      return undefined;
    }
  }
  return first?.value;
}

const shownOf = (definition: Definition) => ({
  ...definition,
  shown: definition.value ? printShort(definition.value) : "another value",
});

function bothWays(name: Named, set: Definition, add: Definition, machine: Machine): void {
  machine.attempt(() => {
    throw machine.stop("E0409", add.span, { name: name() }, [
      { span: set.span, text: "set as a whole here" },
    ]);
  });
}

// ------------------------------------------------------------------------------------------------ contributions

/** The value with all contributions; throws `Stop`. */
function contributed(
  member: OptionMember,
  start: Value | undefined,
  adds: readonly Definition[],
  name: Named,
  machine: Machine,
  appliance: string | undefined,
): Value {
  let value = start;
  for (const add of adds) {
    if (!add.value) throw new Stop();
    machine.spend(1, add.span);
    value = value ? joined(member, value, add, name, machine, appliance) : add.value;
    machine.allow(value, add.span);
  }
  const last = adds.at(-1)!;
  const misfit = conform(value!, member.type, machine);
  if (!misfit) return value!;
  throw new Stop(misfit.diagnostic(misfit.value.span ?? last.span, member.name));
}

function joined(
  { merge, type }: OptionMember,
  before: Value,
  { value: next, head, span, ...source }: Definition,
  name: Named,
  machine: Machine,
  appliance: string | undefined,
): Value {
  if (!next) throw new Stop();
  if (before.kind === "list" && next.kind === "list") {
    const fresh =
      merge === "union" ? next.items.filter((item) => !isIn(item, before.items, machine, span)) : next.items;
    return list([...before.items, ...fresh], before.span ?? span);
  }
  if (before.kind === "map" && next.kind === "map") {
    const entries = new Map(before.entries);
    for (const [text, entry] of next.entries) {
      const known = entries.get(text);
      if (known && !equal(known.value, entry.value)) {
        const at = (place: Span | undefined) => ({ ...source, head: place ?? head, span: place ?? span });
        const sides = [
          { ...at(known.head), shown: printShort(known.value) },
          { ...at(entry.head), shown: printShort(entry.value) },
        ] as const;
        conflict(`${name()}[${printShort(entry.key)}]`, sides, printShort(entry.value), machine, appliance);
        throw new Stop();
      }
      entries.set(text, known ?? entry);
    }
    return mapOf([...entries.values()]);
  }
  const it = bare(type);
  const plus = it.kind === "scalar" ? arithmeticRow("+", it.name, it.name) : undefined;
  if (!plus) throw new Error(`BUG: \`${name()}\` cannot be added up`);
  return plus.run([before, next], new OperationBench("+=", span, [], machine));
}

function isIn(item: Value, items: readonly Value[], machine: Machine, span: Span): boolean {
  machine.spend(items.length, span);
  return items.some((other) => equal(item, other));
}
