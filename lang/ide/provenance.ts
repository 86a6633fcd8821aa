/** Which definitions a setting has, on which target, and which of them wins. */
import type { Evaluated } from "../configure/watch.ts";
import { type Definition, type Draft, draftsOf, type LeafDraft } from "../evaluate/draft.ts";
import { decide } from "../evaluate/leaf.ts";
import type { Span } from "../source/span.ts";
import type { OptionMember } from "../types/type.ts";
import { print, shorten } from "../values/print.ts";
import type { Value } from "../values/value.ts";
import type { Analysis } from "./analysis.ts";

/** One option of one block on one target. */
export interface Setting {
  readonly appliance: string;
  readonly target: string;
  readonly member: OptionMember;
  readonly value: Value | undefined;
  /** Strongest first. */
  readonly given: readonly Given[];
}

export interface Given {
  readonly span: Span;
  readonly rank: Definition["rank"];
  readonly add: boolean;
  readonly wins: boolean;
  /** The fragment that brought it. */
  readonly via: string | undefined;
  readonly value: Value | undefined;
}

/** The options that the setting at this place says something of: several on several targets, or in a loop. */
export function settingsAt({ evaluated }: Analysis, name: Span): readonly Setting[] {
  return evaluated.flatMap((one) =>
    [...draftsOf(one.draft)].flatMap((draft) =>
      [...draft.fields.values()].flatMap((field) =>
        field.kind === "leaf" && definitionsOf(field).some(({ head }) => begins(head, name))
          ? [settingOf(field, draft, one)]
          : [],
      ),
    ),
  );
}

const begins = (head: Span, name: Span): boolean => head.source === name.source && head.start === name.start;

const definitionsOf = ({ whole, entries }: LeafDraft): readonly Definition[] => [
  ...whole,
  ...[...entries.values()].flatMap(({ definitions }) => definitions),
];

const order = ["override", "plain", "default"];

function settingOf(leaf: LeafDraft, draft: Draft, { appliance, target }: Evaluated): Setting {
  const { whole, adds } = decide(leaf);
  const winning = new Set([...whole, ...adds]);
  const given = definitionsOf(leaf).map((it) => ({
    span: it.span,
    rank: it.rank,
    add: it.add,
    wins: winning.has(it) || leaf.entries.size > 0,
    via: it.via?.name,
    value: it.value,
  }));
  return {
    appliance: appliance.name,
    target,
    member: leaf.member,
    value: draft.result?.fields.get(leaf.member.name),
    given: given.sort((a, b) => order.indexOf(a.rank) - order.indexOf(b.rank)),
  };
}

/** A value as it stands in a hover. */
export function shown(value: Value): string {
  const text = print(value);
  return text.length > 400 ? shorten(text) : text;
}
