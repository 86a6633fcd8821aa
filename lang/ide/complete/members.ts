/** What can be set in a block, and the other items of its body. */
import type { Scope } from "../../check/scope.ts";
import { wordsOfDevice } from "../../types/devices.ts";
import { printType } from "../../types/print.ts";
import { rowOf } from "../../types/scalars.ts";
import { bare, type Member, type RecordType, type Settable, type Type } from "../../types/type.ts";
import { describeMember } from "../describe.ts";
import type { Completion } from "./completion.ts";
import { literal } from "./completion.ts";

/** `set`: names of settings that the block has already. */
export function settings(
  type: RecordType,
  set: ReadonlySet<string>,
  bareName = false,
): readonly Completion[] {
  return [...type.settable].flatMap(([name, settable]) => {
    if (type.outdated.has(name)) return [];
    const { member } = settable;
    const once = member.kind !== "blocks" && !(member.kind === "option" && bare(member.type).kind === "map");
    if (once && set.has(name)) return [];
    const missing = member.kind === "one" || (member.kind === "option" && !member.fallback);
    const { docs, about } = describeMember(settable, type);
    return [
      {
        label: name,
        kind: member.kind === "option" ? "option" : "block",
        snippet: bareName ? undefined : snippetFor(name, settable),
        detail: detailOf(settable, type),
        docs: [about, docs].filter((text) => text !== undefined).join("\n\n"),
        rank: missing ? 0 : 1,
      } as const,
    ];
  });
}

function detailOf({ member, arm }: Settable, of: RecordType): string {
  if (arm)
    return `one of ${(member as Extract<Member, { kind: "choice" }>).arms.map(({ name }) => name).join(", ")}`;
  if (member.kind === "option")
    return `${printType(member.type, of.library)}${member.fallback ? ` = ${member.fallback.text}` : ", must be given"}`;
  if (member.kind === "blocks") return "block with a label";
  return member.kind === "one" ? "block, must be given" : "block";
}

function snippetFor(name: string, { member, arm }: Settable): string {
  if (member.kind === "option")
    return bare(member.type).kind === "map" ? `${name} {\n  $0\n}` : `${name} = $0`;
  const label = !arm && member.kind === "blocks" ? ` ${labelFor(member.block.label)}` : "";
  return `${name}${label} {\n  $0\n}`;
}

/** A place to fill in, quoted where a name alone would not do. */
function labelFor(type: Type | undefined): string {
  const it = type && bare(type);
  const example =
    it?.kind === "scalar" && it.name !== "Str"
      ? rowOf(it.name).example
      : it?.kind === "device"
        ? wordsOfDevice(it.of).example
        : undefined;
  if (example === undefined) return "${1:name}";
  return example.startsWith('"') ? `"\${1:${literal(example.slice(1, -1))}}"` : `\${1:${literal(example)}}`;
}

interface Keyword {
  readonly word: string;
  readonly snippet: string;
  readonly docs: string;
  /** Where it has a place; everywhere in bodies if it is not said. */
  readonly only?: readonly Scope["place"][];
}

const keywords: readonly Keyword[] = [
  { word: "let", snippet: "let ${1:name} = $0", docs: "Names a value for the rest of this body." },
  {
    word: "when",
    snippet: "when ${1:condition} {\n  $0\n}",
    docs: 'What is inside holds only if the condition does: `when target.name == "lab"`.',
  },
  {
    word: "for",
    snippet: "for ${1:each} in ${2:list} {\n  $0\n}",
    docs: "What is inside, once for every element.",
  },
  {
    word: "assert",
    snippet: 'assert ${1:condition}, "${2:message}"',
    docs: "Must hold when everything is decided.",
  },
  {
    word: "include",
    snippet: "include ${0:fragment}",
    docs: "Everything that a fragment says.",
    only: ["appliance", "fragment"],
  },
  {
    word: "override",
    snippet: "override $0",
    docs: "Wins over what is set without it.",
    only: ["appliance", "target"],
  },
  {
    word: "default",
    snippet: "default $0",
    docs: "Gives way to what is set without it.",
    only: ["appliance", "target", "fragment"],
  },
  {
    word: "remove",
    snippet: "remove $0",
    docs: "Takes out what a fragment brought.",
    only: ["appliance", "target"],
  },
  { word: "set", snippet: "set {\n  $0\n}", docs: "Values for params on this target.", only: ["target"] },
];

export function bodyWords({ place }: Pick<Scope, "place">, inBlock: boolean): readonly Completion[] {
  return keywords
    .filter(({ only, word }) =>
      only ? only.includes(place) && !(inBlock && (word === "include" || word === "set")) : true,
    )
    .map(({ word, snippet, docs }) => ({ label: word, kind: "word", snippet, docs, rank: 5 }));
}
