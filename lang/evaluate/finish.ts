/** Drafts to records: one value for each leaf, defaults where there is none, references bound. */
import type { Span } from "../source/span.ts";
import { exampleOf } from "../types/example.ts";
import { printType } from "../types/print.ts";
import { hasRefs } from "../types/refs.ts";
import type { BlocksMember, ChoiceMember, Member, OptionMember } from "../types/type.ts";
import { compare, equal, mapOf } from "../values/compare.ts";
import { printShort } from "../values/print.ts";
import {
  type MapEntry,
  none,
  type Origin,
  type RecordValue,
  record,
  tagged,
  type Value,
} from "../values/value.ts";
import { bindRefs } from "./bind.ts";
import { type Definition, type Draft, inOrder, type LeafDraft } from "./draft.ts";
import type { Machine } from "./machine.ts";

/** Where a block that nobody wrote is reported. */
export interface Finishing {
  readonly machine: Machine;
  /** The head of the nearest block around that somebody wrote. */
  readonly around: Span;
  /** In a record literal there are no blocks to refer to yet. */
  readonly refs: boolean;
}

/** A field that failed, or is missing, is not in the result; the reason has been reported. */
export function finish(draft: Draft, outer: Finishing): RecordValue {
  const at = draft.heads[0] ?? outer.around;
  const finishing = { ...outer, around: at };
  const { values } = outer.machine;
  for (const member of draft.type.members) values.delete(member.variable);
  const fields = new Map<string, Value>();
  const origins = new Map<string, Origin>();
  for (const member of draft.type.members) {
    const origin = originOf(member, draft);
    const value = field(member, draft, finishing);
    if (!value) continue;
    fields.set(member.name, value);
    values.set(member.variable, value);
    if (origin) origins.set(member.name, origin);
  }
  draft.result = record(fields, at, origins);
  return draft.result;
}

function field(member: Member, draft: Draft, finishing: Finishing): Value | undefined {
  switch (member.kind) {
    case "option":
      return option(member, draft, finishing);
    case "blocks":
      return blocks(member, draft, finishing);
    case "choice":
      return choice(member, draft, finishing);
    case "one":
    case "maybe": {
      const known = draft.fields.get(member.name);
      if (known?.kind === "block") return finish(known.draft, finishing);
      if (member.kind === "maybe") return none;
      missingBlock(member.name, member.docs, draft, finishing);
      return undefined;
    }
  }
}

function originOf(member: Member, draft: Draft): Origin | undefined {
  const known = draft.fields.get(member.name);
  switch (known?.kind) {
    case "leaf": {
      const definition = known.whole[0] ?? known.entries.values().next().value?.definitions[0];
      const head = definition?.head ?? known.nested?.heads[0];
      return head && { head, value: definition?.value?.span ?? head };
    }
    case "block":
      return headOf(known.draft);
    case "choice":
      return headOf(known.arms.values().next().value);
    case "blocks":
      return headOf(known.entries.values().next().value?.draft);
    default:
      return undefined;
  }
}

function headOf(draft: Draft | undefined): Origin | undefined {
  const head = draft?.heads[0];
  return head && { head, value: head };
}

// ------------------------------------------------------------------------------------------------ options

function option(member: OptionMember, draft: Draft, finishing: Finishing): Value | undefined {
  const leaf = draft.fields.get(member.name);
  if (leaf?.kind !== "leaf") return fallback(member, draft, finishing);
  const value = leafValue(leaf, draft, finishing);
  if (!value || !finishing.refs || draft.faulty || !hasRefs(member.type)) return value;
  return finishing.machine.attempt(() => bindRefs(value, draft, finishing.machine));
}

function leafValue(leaf: LeafDraft, draft: Draft, finishing: Finishing): Value | undefined {
  const { member, whole, entries, nested } = leaf;
  const name = pathOf(draft, member.name);
  const value = whole.length > 0 ? agree(whole, name, finishing.machine) : undefined;
  if (nested) {
    if (whole.length > 0) {
      conflict(
        name,
        whole[0]!,
        { value: undefined, head: nested.heads[0]!, span: nested.heads[0]! },
        finishing.machine,
      );
      return undefined;
    }
    return finish(nested, finishing);
  }
  if (entries.size === 0) return value;
  if (whole.length > 0 && value?.kind !== "map") return undefined;
  return mergeEntries(
    leaf,
    value?.kind === "map" ? [...value.entries.values()] : [],
    name,
    finishing.machine,
  );
}

/** `alias blog = "www"`, together with `alias = { … }` if that is there too. */
function mergeEntries(
  leaf: LeafDraft,
  given: readonly MapEntry[],
  name: string,
  machine: Machine,
): Value | undefined {
  const found: MapEntry[] = [];
  let failed = false;
  for (const [text, { key, definitions }] of leaf.entries) {
    const before = given.find((entry) => compare(entry.key, key) === 0);
    const all = before
      ? [{ ...leaf.whole[0]!, value: before.value, span: before.head ?? leaf.whole[0]!.span }, ...definitions]
      : definitions;
    const value = agree(all, `${name}[${text}]`, machine);
    if (value) found.push({ key, value, head: definitions[0]!.head });
    else failed = true;
  }
  return failed ? undefined : mapOf([...found, ...given]);
}

/** Equal values agree; two different ones are a conflict. */
function agree(definitions: readonly Definition[], name: string, machine: Machine): Value | undefined {
  const [first] = definitions;
  for (const other of definitions) {
    if (!first?.value || !other.value) return undefined;
    if (!equal(first.value, other.value)) {
      conflict(name, first, other, machine);
      return undefined;
    }
  }
  return first?.value;
}

function conflict(name: string, first: Definition, second: Definition, machine: Machine): void {
  const show = ({ value }: Definition): string => (value ? printShort(value) : "another value");
  machine.attempt(() => {
    throw machine.stop("E0402", second.span, { name, first: show(first), second: show(second) }, [
      { span: first.span, text: `${show(first)} here` },
    ]);
  });
}

/** `dns.zone["example.com"].ttl`. */
function pathOf(draft: Draft, name: string): string {
  const own = draft.label === undefined ? draft.name : `${draft.name}[${printShort(draft.label)}]`;
  if (draft.parent === undefined) return draft.name === "" ? name : `${own}.${name}`;
  return pathOf(draft.parent, `${own}.${name}`);
}

function fallback(
  member: OptionMember,
  draft: Draft,
  { machine, around, refs }: Finishing,
): Value | undefined {
  const { fallback: given } = member;
  if (given) {
    const value = machine.attempt(() => machine.evaluate(given.core));
    if (!value || !refs || !hasRefs(member.type)) return value;
    return machine.attempt(() => bindRefs(value, draft, machine));
  }
  if (member.merge === "sum") return undefined;
  if (!draft.faulty)
    machine.attempt(() => {
      throw machine.stop("E0111", around, {
        name: member.name,
        block: draft.name,
        type: printType(member.type, draft.type.library),
        docs: member.docs,
        example: exampleOf(member.type),
      });
    });
  draft.faulty = true;
  return undefined;
}

// ------------------------------------------------------------------------------------------------ blocks

function missingBlock(
  name: string,
  docs: string | undefined,
  draft: Draft,
  { machine, around }: Finishing,
): void {
  if (!draft.faulty)
    machine.attempt(() => {
      throw machine.stop("E0112", around, { name, block: draft.name, docs, example: `${name} { … }` });
    });
  draft.faulty = true;
}

function blocks(member: BlocksMember, draft: Draft, finishing: Finishing): Value | undefined {
  const known = draft.fields.get(member.name);
  const entries = known?.kind === "blocks" ? inOrder(known) : [];
  const finished: MapEntry[] = entries.map(({ label, draft: inner }) => {
    inner.label = boundLabel(label, member, draft, inner, finishing);
    return { key: inner.label, value: finish(inner, finishing), head: inner.heads[0] };
  });
  if (known?.kind === "blocks" && known.incomplete) return undefined;
  if (finished.length < member.min && !draft.faulty) {
    const { machine, around } = finishing;
    machine.attempt(() => {
      throw machine.stop("E0408", around, {
        block: draft.name,
        name: member.name,
        min: member.min,
        found: finished.length,
      });
    });
    draft.faulty = true;
  }
  const first = entries[0]?.draft.heads[0];
  return { ...mapOf(finished, "given"), span: first };
}

/** A label may be a reference itself: `pool lan` is for `net lan`. */
function boundLabel(
  label: Value,
  { block }: BlocksMember,
  draft: Draft,
  inner: Draft,
  { machine, refs }: Finishing,
): Value {
  if (!refs || !block.label || !hasRefs(block.label)) return label;
  const bound = machine.attempt(() => bindRefs(label, draft, machine));
  if (!bound) inner.faulty = true;
  return bound ?? label;
}

function choice(member: ChoiceMember, draft: Draft, finishing: Finishing): Value | undefined {
  const known = draft.fields.get(member.name);
  const arms = known?.kind === "choice" ? [...known.arms] : [];
  const [first, second] = arms;
  const { machine, around } = finishing;
  if (!first) {
    if (!draft.faulty)
      machine.attempt(() => {
        throw machine.stop("E0407", around, { block: draft.name, arms: member.arms.map(({ name }) => name) });
      });
    draft.faulty = true;
    return undefined;
  }
  if (second) {
    twoArms(draft, first, second, machine);
    return undefined;
  }
  return tagged(first[0], finish(first[1], finishing), first[1].heads[0]);
}

type ChoiceArmDraft = readonly [string, Draft];

function twoArms(draft: Draft, first: ChoiceArmDraft, second: ChoiceArmDraft, machine: Machine): void {
  machine.attempt(() => {
    throw machine.stop(
      "E0406",
      second[1].heads[0]!,
      { block: draft.name, first: first[0], second: second[0] },
      [{ span: first[1].heads[0]!, text: `\`${first[0]}\` here` }],
    );
  });
  draft.faulty = true;
}
