/**
 * Numbers that are kept in the lock: options that are declared `counted`.
 *
 * `auto` becomes the number of the lock's line as long as the hash of the settings around it is that of the line. When it is not, the number is
 * counted on, if the caller says what day it is: this is the only place where a day reaches a configuration, and the caller writes the result
 * into the lock, so that the next run with this lock needs none.
 */
import { type Draft, draftsOf } from "../evaluate/draft.ts";
import type { Machine } from "../evaluate/machine.ts";
import { digestOfSettings } from "../lock/digest.ts";
import { type CounterLine, escapeLabel, type Lock } from "../lock/lock.ts";
import { nextSerial } from "../lock/serial.ts";
import type { Span } from "../source/span.ts";
import { plain } from "../values/print.ts";
import { int, tagged, type Value } from "../values/value.ts";

/** Year, month and day, as people count them. */
export type Day = readonly [year: number, month: number, day: number];

export interface Counter {
  /** What the lock should say. Without a day, its number is still the old one. */
  readonly line: CounterLine;
  /** What it says. */
  readonly before: CounterLine | undefined;
  /** The two differ. */
  readonly changed: boolean;
  /** Of the word that asks for it, or of the block if it is the default. */
  readonly span: Span;
}

export interface Counting {
  readonly appliance: string;
  readonly lock: Lock;
  readonly day: Day | undefined;
  /** Nothing is counted: a change is an error. */
  readonly locked: boolean;
}

interface Asking {
  readonly draft: Draft;
  readonly option: string;
  readonly tag: string;
  readonly value: Value;
}

/** Puts numbers in the places of words, in the finished settings. */
export function count(root: Draft, counting: Counting, machine: Machine): readonly Counter[] {
  const asking = [...draftsOf(root)].flatMap(askingIn);
  const words = new Set(asking.map(({ value }) => value));
  const counters = new Map<string, Counter>();
  // All hashes are taken before the first number is put in.
  for (const [each, counter] of asking.map((each) => [each, counterOf(each, words, counting)] as const)) {
    const { name } = counter.line;
    const { span } = counter;
    if (counters.has(name))
      machine.attempt(() => {
        throw machine.stop("E0163", span, { name });
      });
    counters.set(name, counter);
    if (counter.changed && counting.locked)
      machine.attempt(() => {
        throw machine.stop("E0162", span, { name, number: counter.before?.number });
      });
    const fields = each.draft.result!.fields as Map<string, Value>;
    fields.set(each.option, tagged(each.tag, int(counter.line.number, span), span));
  }
  return [...counters.values()];
}

function askingIn(draft: Draft): readonly Asking[] {
  if (!draft.result) return [];
  const found: Asking[] = [];
  for (const member of draft.type.members) {
    if (member.kind !== "option" || !member.counted) continue;
    const { word, tag } = member.counted;
    const value = draft.result.fields.get(member.name);
    if (value?.kind === "tagged" && value.tag === word && !value.payload)
      found.push({ draft, option: member.name, tag, value });
  }
  return found;
}

function counterOf(
  { draft, option }: Asking,
  words: ReadonlySet<Value>,
  { appliance, lock, day }: Counting,
): Counter {
  const labels: string[] = [];
  /** The nearest block with a label, or the outermost one. */
  let around = draft;
  let isLabelled = false;
  for (let outer: Draft | undefined = draft; outer; outer = outer.parent) {
    if (outer.label) labels.unshift(escapeLabel(plain(outer.label)));
    if (!isLabelled && outer.parent) around = outer;
    isLabelled ||= outer.label !== undefined;
  }
  const name = ["serial", appliance, ...labels].join("/");
  const known = lock.get(name);
  const before = known?.kind === "counter" ? known : undefined;
  const digest = digestOfSettings(around.result ?? draft.result!, words);
  const changed = before?.digest !== digest;
  const number = !changed ? before.number : day ? nextSerial(before?.number, day) : (before?.number ?? 1);
  // The word may be the default of a library, where the user has nothing to look for.
  const span = draft.result?.origins.get(option)?.value ?? draft.head ?? draft.type.span;
  return { line: { kind: "counter", name, number, digest }, before, changed, span };
}
