/**
 * A block while it is put together: every definition of every leaf, before anything is decided.
 *
 * Bodies are expanded into drafts first (all of them: then all labels are known), and finished into records after.
 */
import type { AssertCore, Rank, Variable } from "../check/core.ts";
import type { Span } from "../source/span.ts";
import {
  type BlockMember,
  type BlocksMember,
  bare,
  type ChoiceMember,
  type OptionMember,
  type RecordType,
} from "../types/type.ts";
import { compare, keyOf } from "../values/compare.ts";
import type { RecordValue, Value } from "../values/value.ts";

/** The `include` that brought a definition. */
export interface Via {
  /** Of the fragment. */
  readonly name: string;
  readonly span: Span;
}

/** What is known of a definition besides its value. */
export interface Source {
  readonly rank: Rank;
  /** The word `override` before it, if it stands right there: then it must have something to override. */
  readonly forced: Span | undefined;
  readonly via: Via | undefined;
  /** The setting's name and labels. */
  readonly head: Span;
}

/** One value for one leaf. */
export interface Definition extends Source {
  /** Undefined: it failed, and that has been reported. */
  readonly value: Value | undefined;
  /** The whole setting. */
  readonly span: Span;
  /** A contribution with `+=`. */
  readonly add: boolean;
}

/** An assertion in a body, with the variables that it saw. */
export interface PendingAssert {
  readonly item: AssertCore;
  readonly locals: ReadonlyMap<Variable, Value>;
  readonly draft: Draft;
}

export class Draft {
  readonly type: RecordType;
  readonly parent: Draft | undefined;
  /** What it is called where it is: `zone`, `primary`. */
  readonly name: string;
  label: Value | undefined;
  /** Where it is opened; empty if nobody wrote it. */
  readonly openings: Source[] = [];
  /** A body of it has an error of its own, so what is missing in it may have been meant. */
  faulty = false;
  readonly fields = new Map<string, FieldDraft>();
  readonly asserts: PendingAssert[] = [];
  /** Once it is finished. */
  result: RecordValue | undefined;

  /** The head of its first opening. */
  get head(): Span | undefined {
    return this.openings[0]?.head;
  }

  constructor(type: RecordType, name: string, parent?: Draft, label?: Value) {
    this.type = type;
    this.name = name;
    this.parent = parent;
    this.label = label;
  }

  leaf(member: OptionMember): LeafDraft {
    return this.#field(member.name, () => ({
      kind: "leaf",
      member,
      whole: [],
      heads: [],
      entries: new Map(),
      nested: undefined,
    }));
  }

  blocks(member: BlocksMember): BlocksDraft {
    return this.#field(member.name, () => ({
      kind: "blocks",
      member,
      entries: new Map(),
      incomplete: false,
    }));
  }

  block(member: BlockMember): OneDraft {
    return this.#field(member.name, () => ({
      kind: "block",
      member,
      draft: new Draft(member.block, member.name, this),
      absent: [],
    }));
  }

  choice(member: ChoiceMember): ChoiceDraft {
    return this.#field(member.name, () => ({ kind: "choice", member, arms: new Map() }));
  }

  #field<F extends FieldDraft>(name: string, make: () => F): F {
    const known = this.fields.get(name);
    if (known) return known as F;
    const made = make();
    this.fields.set(name, made);
    return made;
  }
}

export type FieldDraft = LeafDraft | BlocksDraft | OneDraft | ChoiceDraft;

/** An option. Of map type, it may be written entry by entry; of record type, field by field. */
export interface LeafDraft {
  readonly kind: "leaf";
  readonly member: OptionMember;
  readonly whole: Definition[];
  /** The option's name before entries in braces. */
  readonly heads: Span[];
  readonly entries: Map<string, { readonly key: Value; readonly definitions: Definition[] }>;
  nested: Draft | undefined;
}

export interface BlocksDraft {
  readonly kind: "blocks";
  readonly member: BlocksMember;
  readonly entries: Map<string, BlockEntry>;
  /** The label of some entry failed, so what is not here may be meant to be. */
  incomplete: boolean;
  /** `inOrder`, once all bodies are expanded. */
  order?: readonly BlockEntry[];
}

export interface BlockEntry {
  readonly label: Value;
  readonly draft: Draft;
}

export interface OneDraft {
  readonly kind: "block";
  readonly member: BlockMember;
  readonly draft: Draft;
  /** Who said that it is not there. */
  readonly absent: Source[];
}

export interface ChoiceDraft {
  readonly kind: "choice";
  readonly member: ChoiceMember;
  readonly arms: Map<string, Draft>;
}

export function entryOf(blocks: BlocksDraft, parent: Draft, label: Value): Draft {
  const key = keyOf(label);
  const known = blocks.entries.get(key);
  if (known) return known.draft;
  const draft = new Draft(blocks.member.block, blocks.member.name, parent, label);
  blocks.entries.set(key, { label, draft });
  return draft;
}

export function armOfChoice(choice: ChoiceDraft, parent: Draft, name: string): Draft {
  const known = choice.arms.get(name);
  if (known) return known;
  const arm = choice.member.arms.find((it) => it.name === name)!;
  const draft = new Draft(arm.block, name, parent);
  choice.arms.set(name, draft);
  return draft;
}

/** The draft of an option whose type is a record. */
export function nestedOf(leaf: LeafDraft, parent: Draft): Draft {
  if (leaf.nested) return leaf.nested;
  const type = bare(leaf.member.type);
  const inner = type.kind === "optional" ? bare(type.inner) : type;
  if (inner.kind !== "record") throw new Error(`BUG: \`${leaf.member.name}\` is opened and is no record`);
  leaf.nested = new Draft(inner, leaf.member.name, parent);
  return leaf.nested;
}

/** A block in it has an error of its own. */
export function isFaulty(field: FieldDraft): boolean {
  const inside: Draft[] = [];
  addInner(field, inside);
  for (const inner of inside) for (const each of draftsOf(inner)) if (each.faulty) return true;
  return false;
}

/** Every draft below and the draft itself, outer ones first, in the order in which they were written. */
export function* draftsOf(draft: Draft): Generator<Draft> {
  const pending = [draft];
  for (let next = pending.pop(); next; next = pending.pop()) {
    yield next;
    const first = pending.length;
    for (const field of next.fields.values()) addInner(field, pending);
    reverseFrom(pending, first);
  }
}

function reverseFrom<T>(list: T[], first: number): void {
  for (let a = first, b = list.length - 1; a < b; a++, b--) [list[a], list[b]] = [list[b]!, list[a]!];
}

/** The drafts right inside of a field. */
function addInner(field: FieldDraft, found: Draft[]): void {
  switch (field.kind) {
    case "leaf":
      if (field.nested) found.push(field.nested);
      return;
    case "blocks":
      for (const { draft } of field.entries.values()) found.push(draft);
      return;
    case "block":
      if (field.draft.openings.length > 0) found.push(field.draft);
      return;
    case "choice":
      for (const arm of field.arms.values()) found.push(arm);
  }
}

/** The entries in the order that positions count in: canonical, or as written. Only when all bodies are expanded. */
export function inOrder(blocks: BlocksDraft): readonly BlockEntry[] {
  if (!blocks.order) {
    const all = [...blocks.entries.values()];
    blocks.order = blocks.member.ordered ? all : all.sort((a, b) => compare(a.label, b.label));
  }
  return blocks.order;
}
