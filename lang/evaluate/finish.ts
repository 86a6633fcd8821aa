/** Drafts to records: one value for each leaf, defaults where there is none, references bound. */
import type { Span } from "../source/span.ts";
import { exampleOf } from "../types/example.ts";
import { hasRefs } from "../types/holds.ts";
import { printType } from "../types/print.ts";
import type { BlocksMember, ChoiceMember, Member, OptionMember } from "../types/type.ts";
import { mapOf } from "../values/compare.ts";
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
import { type Draft, inOrder, type OneDraft } from "./draft.ts";
import { decide, leafValue } from "./leaf.ts";
import type { Machine } from "./machine.ts";
import { conflict, forcedOpening, highest, pathOf, rankOf } from "./ranks.ts";

/** Where a block that nobody wrote is reported. */
export interface Finishing {
  readonly machine: Machine;
  /** The head of the nearest block around that somebody wrote. */
  readonly around: Span;
  /** The appliance that is put together; undefined for a value. */
  readonly appliance: string | undefined;
  /** In a record literal there are no blocks to refer to yet. */
  readonly refs: boolean;
}

/** A field that failed, or is missing, is not in the result; the reason has been reported. */
export function finish(draft: Draft, outer: Finishing): RecordValue {
  const at = draft.head ?? outer.around;
  const finishing = { ...outer, around: at };
  const { values } = outer.machine;
  forcedOpening(draft, outer.machine);
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
      if (known?.kind === "block") return one(known, draft, finishing);
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
      const { whole, adds } = decide(known);
      const definition = whole[0] ?? adds[0] ?? known.entries.values().next().value?.definitions[0];
      const head = known.heads[0] ?? definition?.head ?? known.nested?.head;
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
  const head = draft?.head;
  return head && { head, value: head };
}

// ------------------------------------------------------------------------------------------------ options

function option(member: OptionMember, draft: Draft, finishing: Finishing): Value | undefined {
  const leaf = draft.fields.get(member.name);
  if (leaf?.kind !== "leaf") return fallback(member, draft, finishing);
  const value = leafValue(leaf, draft, finishing.machine, finishing.appliance, {
    nested: (inner) => finish(inner, finishing),
    fallback: () => fallback(member, draft, finishing),
  });
  if (!value || !finishing.refs || draft.faulty || !hasRefs(member.type)) return value;
  return finishing.machine.attempt(() => bindRefs(value, draft, finishing.machine));
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
  if (!draft.faulty)
    machine.attempt(() => {
      throw machine.stop("E0111", around, {
        name: member.name,
        block: draft.name,
        type: printType(member.type, draft.type.library),
        docs: member.docs ?? (member.type.kind === "named" ? member.type.docs : undefined),
        example: exampleOf(member.type),
      });
    });
  draft.faulty = true;
  return undefined;
}

// ------------------------------------------------------------------------------------------------ blocks

/** A block that some say is there and some say is not. */
function one(field: OneDraft, draft: Draft, finishing: Finishing): Value | undefined {
  const { member, absent } = field;
  const [given, not] = [rankOf(field.draft.openings), rankOf(absent)];
  if (not === undefined) return finish(field.draft, finishing);
  if (given === undefined || highest([given, not]) !== given) {
    field.draft.openings.length = 0;
    return none;
  }
  if (given !== not) return finish(field.draft, finishing);
  const sides = [
    { ...field.draft.openings.find(({ rank }) => rank === given)!, shown: "a block" },
    { ...absent.find(({ rank }) => rank === not)!, shown: "`none`" },
  ] as const;
  conflict(pathOf(draft, member.name), sides, "", finishing.machine, finishing.appliance);
  draft.faulty = true;
  return undefined;
}

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
    return { key: inner.label, value: finish(inner, finishing), head: inner.head };
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
  const first = entries[0]?.draft.head;
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
  const arms = known?.kind === "choice" ? strongest([...known.arms]) : [];
  if (known?.kind === "choice")
    for (const [name] of known.arms) if (!arms.some(([arm]) => arm === name)) known.arms.delete(name);
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
  return tagged(first[0], finish(first[1], finishing), first[1].head);
}

/** The arms of the highest rank: an `override` of one takes the place of another. */
function strongest(arms: readonly ChoiceArmDraft[]): readonly ChoiceArmDraft[] {
  const top = highest(arms.map(([, draft]) => rankOf(draft.openings)));
  return arms.filter(([, draft]) => rankOf(draft.openings) === top);
}

type ChoiceArmDraft = readonly [string, Draft];

function twoArms(draft: Draft, first: ChoiceArmDraft, second: ChoiceArmDraft, machine: Machine): void {
  machine.attempt(() => {
    throw machine.stop("E0406", second[1].head!, { block: draft.name, first: first[0], second: second[0] }, [
      { span: first[1].head!, text: `\`${first[0]}\` here` },
    ]);
  });
  draft.faulty = true;
}
