/** Which definition wins, and what is said when none does. */
import type { Rank } from "../check/core.ts";
import type { Span } from "../source/span.ts";
import { printShort } from "../values/print.ts";
import type { Draft, Source } from "./draft.ts";
import type { Machine } from "./machine.ts";

const height: Readonly<Record<Rank, number>> = { default: 1, plain: 2, override: 3 };

export function highest(ranks: readonly (Rank | undefined)[]): Rank | undefined {
  let top: Rank | undefined;
  for (const rank of ranks) if (rank && (!top || height[rank] > height[top])) top = rank;
  return top;
}

/** The highest of the ranks. */
export const rankOf = (sources: readonly Source[]): Rank | undefined =>
  highest(sources.map(({ rank }) => rank));

export const isAbove = (rank: Rank, other: Rank | undefined): boolean =>
  other === undefined || height[rank] > height[other];

/** How a message calls a setting; most are never in one. */
export type Named = () => string;

/** `override` before a setting means that there is one to override: else it is a mistake, or has become one. */
export function forced(source: Source, others: readonly Source[], name: Named, machine: Machine): void {
  const { forced: word } = source;
  if (!word || others.some(({ rank }) => rank !== "override")) return;
  machine.attempt(() => {
    throw machine.stop("E0403", word, { name: name(), edit: { span: withBlank(word), text: "" } });
  });
}

const withBlank = (word: Span): Span => ({ ...word, end: word.end + 1 });

export function forcedOpening(draft: Draft, machine: Machine): void {
  const { openings } = draft;
  for (const opening of openings) forced(opening, openings, () => pathOf(draft), machine);
}

/** `dns.zone["example.com"].ttl`; without a name, of the block itself. */
export function pathOf(draft: Draft, name?: string): string {
  const own = draft.label === undefined ? draft.name : `${draft.name}[${printShort(draft.label)}]`;
  const path = name === undefined ? own : own === "" ? name : `${own}.${name}`;
  if (draft.parent === undefined || (draft.parent.name === "" && draft.parent.parent === undefined))
    return path;
  return pathOf(draft.parent, path);
}

export interface Side extends Source {
  readonly span?: Span;
  /** The value as the user would write it. */
  readonly shown: string;
}

/** Two definitions of the same rank that differ. `value` is what the second one gives. */
export function conflict(
  name: string,
  [first, second]: readonly [Side, Side],
  value: string,
  machine: Machine,
  appliance: string | undefined,
): void {
  const at = (side: Side): Span => side.span ?? side.head;
  const label = (side: Side) => `${side.shown} here${by(side, machine)}`;
  machine.attempt(() => {
    throw machine.stop(
      "E0402",
      at(second),
      {
        name,
        label: label(second),
        value,
        setting: second.via ? undefined : at(second),
        give: first.via && { fragment: first.via.name, setting: oneLine(machine.around.textOf(at(first))) },
        appliance,
      },
      [{ span: at(first), text: label(first) }],
    );
  });
}

const oneLine = (text: string): string => {
  const line = text.replace(/\s+/g, " ");
  return line.length > 60 ? `${line.slice(0, 57)}...` : line;
};

/** `, by `include hardened` (line 7)`. */
function by({ via, head }: Side, machine: Machine): string {
  if (!via) return "";
  const place = machine.around.where(via.span);
  const [, file, line] = /^(.*):(\d+):\d+$/.exec(place) ?? [undefined, "", place];
  const where = file === head.source || file === "" ? `line ${line}` : `${file}:${line}`;
  return `, by \`include ${via.name}\` (${where})`;
}
