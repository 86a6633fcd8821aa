/** Where a value comes from: every definition of a setting with its rank and place, and which one won. */
import type { Definition, Draft, LeafDraft, Source } from "../evaluate/draft.ts";
import { decide } from "../evaluate/leaf.ts";
import type { Span } from "../source/span.ts";
import { printType } from "../types/print.ts";
import type { OptionMember } from "../types/type.ts";
import { plain, print } from "../values/print.ts";
import type { Value } from "../values/value.ts";
import { type Found, follow, stepsOf } from "./path.ts";

export interface Explanation {
  /** The canonical form of the path. */
  readonly path: string;
  /** Of the option; undefined for a block. */
  readonly type: string | undefined;
  readonly docs: string | undefined;
  /** What it is in the end; undefined for a block. */
  readonly value: string | undefined;
  /** The strongest first; the option's own default last. */
  readonly definitions: readonly Explained[];
  /** Of a block: its settings, each with what won. */
  readonly settings: readonly { readonly path: string; readonly value: string; readonly by: Explained }[];
}

export interface Explained {
  readonly value: string;
  /** `option default` is what the library says. */
  readonly rank: "option default" | "default" | "plain" | "override";
  readonly wins: boolean;
  /** A contribution with `+=`. */
  readonly adds: boolean;
  /** The whole setting. */
  readonly span: Span;
  /** The fragment that brought it. */
  readonly via: string | undefined;
}

export type ExplainProblem = Extract<Found, { kind: "unknown" | "absent" }> | { readonly kind: "no path" };

export function explain(root: Draft, text: string): Explanation | ExplainProblem {
  const steps = stepsOf(text);
  if (!steps) return { kind: "no path" };
  const found = follow(root, steps);
  switch (found.kind) {
    case "unknown":
    case "absent":
      return found;
    case "leaf":
      return ofLeaf(found);
    case "block":
      return ofBlock(found.draft, found.path);
  }
}

function ofLeaf({ owner, member, leaf, key, path }: Extract<Found, { kind: "leaf" }>): Explanation {
  const value = owner.result?.fields.get(member.name);
  const entry = key === undefined ? value : entryOf(value, key);
  return {
    path,
    type: printType(member.type, owner.type.library),
    docs: member.docs,
    value: entry && print(entry),
    definitions: definitionsOf(member, leaf, key, entry),
    settings: [],
  };
}

function entryOf(value: Value | undefined, key: string): Value | undefined {
  if (value?.kind !== "map") return undefined;
  return [...value.entries.values()].find((entry) => plain(entry.key) === key)?.value;
}

const ranks = ["override", "plain", "default"] as const;

function definitionsOf(
  member: OptionMember,
  leaf: LeafDraft | undefined,
  key: string | undefined,
  value: Value | undefined,
): readonly Explained[] {
  const { whole, adds } = leaf ? decide(leaf) : { whole: [], adds: [] };
  const entries = [...(leaf?.entries.values() ?? [])].filter(
    (each) => key === undefined || plain(each.key) === key,
  );
  const counting = new Set<Definition>([
    ...whole,
    ...adds,
    ...entries.flatMap(({ definitions }) => winners(definitions)),
  ]);
  const all = [...(leaf?.whole ?? []), ...entries.flatMap(({ definitions }) => definitions)];
  const shown = ranks.flatMap((rank) =>
    all.filter((each) => each.rank === rank).map((each) => explained(each, counting.has(each), key)),
  );
  const fallback = member.fallback;
  // a contribution adds to the option's own default, unless that was replaced
  const isUsed = whole.length === 0 && entries.length === 0;
  if (!fallback) return shown;
  const text = all.length === 0 && value ? print(value) : fallback.text;
  return [
    ...shown,
    { value: text, rank: "option default", wins: isUsed, adds: false, span: member.span, via: undefined },
  ];
}

/** Of one entry: those of the highest rank. */
function winners(definitions: readonly Definition[]): readonly Definition[] {
  const top = ranks.find((rank) => definitions.some((each) => each.rank === rank));
  return definitions.filter(({ rank }) => rank === top);
}

function explained(definition: Definition, wins: boolean, key: string | undefined): Explained {
  const { value, rank, add, span, via } = definition;
  const shown = key !== undefined && value?.kind === "map" ? entryOf(value, key) : value;
  return { value: shown ? print(shown) : "(an error)", rank, wins, adds: add, span, via: via?.name };
}

// ------------------------------------------------------------------------------------------------ blocks

function ofBlock(draft: Draft, path: string): Explanation {
  const settings: { path: string; value: string; by: Explained }[] = [];
  collect(draft, path, settings);
  return {
    path,
    type: undefined,
    docs: draft.type.docs,
    value: undefined,
    definitions: draft.openings.map(openingOf),
    settings,
  };
}

const openingOf = ({ rank, head, via }: Source): Explained => ({
  value: "a block",
  rank,
  wins: true,
  adds: false,
  span: head,
  via: via?.name,
});

function collect(draft: Draft, path: string, found: { path: string; value: string; by: Explained }[]): void {
  for (const member of draft.type.members) {
    const below = path === "" ? member.name : `${path}.${member.name}`;
    const field = draft.fields.get(member.name);
    switch (field?.kind) {
      case "blocks":
        for (const { label, draft: inner } of field.entries.values())
          collect(inner, `${below}[${print(label)}]`, found);
        break;
      case "block":
        if (field.draft.openings.length > 0) collect(field.draft, below, found);
        break;
      case "choice":
        for (const [arm, inner] of field.arms) collect(inner, path === "" ? arm : `${path}.${arm}`, found);
        break;
      default: {
        if (member.kind !== "option") break;
        const leaf = field?.kind === "leaf" ? field : undefined;
        if (leaf?.nested) {
          collect(leaf.nested, below, found);
          break;
        }
        const value = draft.result?.fields.get(member.name);
        const by = definitionsOf(member, leaf, undefined, value).find(({ wins }) => wins);
        if (value && by) found.push({ path: below, value: print(value), by });
      }
    }
  }
}
