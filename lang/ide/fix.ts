/** The safe fixes of a description: those after which it says what it was meant to say, whoever reads it. */
import type { Diagnostic, Edit } from "../diagnostics/diagnostic.ts";
import type { Analysis } from "./analysis.ts";
import { apply } from "./edits.ts";
import { type Changed, worse } from "./worse.ts";

/** Fixes can bring others to light: a module is only looked into when its library is in use. */
const MAX_ROUNDS = 8;
/** How often the description is checked again to find the one fix of many that does harm. */
const MAX_TRIALS = 64;

/** One change, with its place in the text as it was. */
export interface Fix {
  readonly code: string;
  /** The help that it carries out. */
  readonly help: string;
  readonly edit: Edit;
}

export interface Fixed {
  /** By place; none if nothing is to be fixed. */
  readonly fixes: readonly Fix[];
  /** Of the files that differ. */
  readonly texts: Texts;
  /** What is then still wrong, with places in the new texts. */
  readonly analysis: Analysis;
}

type Texts = ReadonlyMap<string, string>;

export interface Surroundings {
  /** The description with other texts in the place of files. */
  imagine(texts: Texts): Analysis;
  mayChange(source: string): boolean;
  /** Whether other descriptions, which use the same files, would have a mistake by it. */
  harmsOthers?(texts: Texts): boolean;
}

/**
 * Makes all fixes that are marked as safe, and those that come to light by that. What would bring a new mistake is not done; a file that
 * cannot be parsed as a whole is left as it is.
 */
export function fix(start: Analysis, around: Surroundings): Fixed {
  const run = new Run(start, around);
  for (let round = 0; round < MAX_ROUNDS && run.round(); round++);
  return run.result();
}

class Run {
  readonly #start: Analysis;
  readonly #around: Surroundings;
  #analysis: Analysis;
  #texts: Texts = new Map();
  /** Of each round, by place; the places of one round are those that the round before has left. */
  readonly #done: (readonly Fix[])[] = [];
  readonly #refused = new Set<string>();
  #trials = 0;

  constructor(start: Analysis, around: Surroundings) {
    this.#start = start;
    this.#analysis = start;
    this.#around = around;
  }

  /** Whether there may be more to do. */
  round(): boolean {
    const groups = new Map<string, Fix[]>();
    for (const it of safeFixes(this.#analysis, this.#around)) {
      const key = this.#kindOf(it);
      if (!this.#refused.has(key)) groups.set(key, [...(groups.get(key) ?? []), it]);
    }
    const taken = this.#harmless([...groups], [], this.#analysis);
    if (taken.fixes.length === 0) return false;
    this.#done.push([...taken.fixes].sort(byPlace));
    this.#texts = new Map([...this.#texts, ...apply(this.#analysis, editsOf(taken.fixes))]);
    this.#analysis = taken.after;
    return true;
  }

  /** All groups that make nothing worse, beside the fixes that are taken already. */
  #harmless(groups: readonly Group[], taken: readonly Fix[], before: Analysis): Taken {
    if (groups.length === 0 || this.#trials >= MAX_TRIALS) return { fixes: taken, after: before };
    this.#trials++;
    const found = groups.flatMap(([, fixes]) => fixes);
    const both = [...taken, ...found];
    const texts = new Map([...this.#texts, ...apply(this.#analysis, editsOf(both))]);
    const after = this.#around.imagine(texts);
    if (!worse(before, after, placesAfter(both, found)) && !this.#around.harmsOthers?.(texts))
      return { fixes: both, after };
    if (groups.length === 1) {
      this.#refused.add(groups[0]![0]);
      return { fixes: taken, after: before };
    }
    const middle = groups.length >> 1;
    const first = this.#harmless(groups.slice(0, middle), taken, before);
    return this.#harmless(groups.slice(middle), first.fixes, first.after);
  }

  /** Another name for an option is written everywhere or nowhere: half of it would be a change of meaning. */
  #kindOf({ code, edit: { span, text } }: Fix): string {
    const before = this.#analysis.unit(span.source)!.source.text.slice(span.start, span.end);
    return JSON.stringify([code, before, text]);
  }

  result(): Fixed {
    const fixes = this.#done.flatMap((round, index) => {
      const before = this.#done.slice(0, index).reverse();
      return round.map((it) => before.reduce(asBefore, it));
    });
    const sources = this.#start.reads;
    fixes.sort(
      (a, b) => sources.indexOf(a.edit.span.source) - sources.indexOf(b.edit.span.source) || byPlace(a, b),
    );
    return { fixes, texts: this.#texts, analysis: this.#analysis };
  }
}

/** Fixes of one kind, with a name for it. */
type Group = readonly [kind: string, fixes: readonly Fix[]];

interface Taken {
  readonly fixes: readonly Fix[];
  readonly after: Analysis;
}

const editsOf = (fixes: readonly Fix[]): readonly Edit[] => fixes.map(({ edit }) => edit);

const byPlace = (a: Fix, b: Fix): number => a.edit.span.start - b.edit.span.start;

/** At most one for each place. */
function safeFixes(analysis: Analysis, { mayChange }: Surroundings): readonly Fix[] {
  const fixes: Fix[] = [];
  const broken = new Set(analysis.diagnostics.filter(isOfSyntax).map(({ primary }) => primary.span.source));
  for (const { code, helps } of analysis.diagnostics)
    for (const { text: help, edit } of helps) {
      if (edit?.safe !== true) continue;
      const { source } = edit.span;
      if (broken.has(source) || !mayChange(source) || !isOwn(source, analysis)) continue;
      if (fixes.some((it) => overlap(it.edit, edit))) continue;
      fixes.push({ code, help, edit: { ...edit, text: withEnds(edit.text, source, analysis) } });
    }
  return fixes.sort(byPlace);
}

/** What cannot be read as a whole, or is of an edition that nobody here knows, is left as it is. */
const isOfSyntax = ({ code, severity }: Diagnostic): boolean =>
  severity === "error" && /^E00[0-8]/.test(code) && code !== "E0008";

/** Files of libraries and packages are others'. */
const isOwn = (source: string, analysis: Analysis): boolean => {
  const unit = analysis.unit(source);
  return unit !== undefined && (unit.library === undefined || source === analysis.path);
};

const overlap = ({ span: a }: Edit, { span: b }: Edit): boolean =>
  a.source === b.source && (a.start === b.start || (a.start < b.end && b.start < a.end));

/** Lines end as those of the file do. */
function withEnds(text: string, source: string, analysis: Analysis): string {
  const whole = analysis.unit(source)!.source.text;
  return whole.includes("\r\n") ? text.replaceAll("\n", "\r\n") : text;
}

/** Where the texts of `those` are once all fixes are made. */
function placesAfter(all: readonly Fix[], those: readonly Fix[]): readonly Changed[] {
  return those.map(({ code, edit: { span, text } }) => {
    let start = span.start;
    for (const { edit } of all)
      if (edit.span.source === span.source && edit.span.end <= span.start && edit.span !== span)
        start += edit.text.length - (edit.span.end - edit.span.start);
    return { code, span: { source: span.source, start, end: start + text.length } };
  });
}

/** A fix with its place in the text that the round before began with. */
function asBefore(it: Fix, round: readonly Fix[]): Fix {
  const { span } = it.edit;
  const back = (offset: number): number => {
    let moved = 0;
    for (const { edit } of round) {
      if (edit.span.source !== span.source) continue;
      const start = edit.span.start + moved;
      if (offset <= start) break;
      if (offset < start + edit.text.length) return edit.span.start;
      moved += edit.text.length - (edit.span.end - edit.span.start);
    }
    return offset - moved;
  };
  const start = back(span.start);
  return { ...it, edit: { ...it.edit, span: { ...span, start, end: Math.max(start, back(span.end)) } } };
}
