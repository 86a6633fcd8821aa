/** Labels of blocks, with everything that refers to them. */
import type { Fact } from "../check/recorder.ts";
import { type Draft, draftsOf } from "../evaluate/draft.ts";
import type { Span } from "../source/span.ts";
import type { RecordType, RefType } from "../types/type.ts";
import { plain } from "../values/print.ts";
import type { Analysis } from "./analysis.ts";
import { isIn, keyOf } from "./facts.ts";

type LabelFact = Extract<Fact, { fact: "label" }>;
type ReferenceFact = Extract<Fact, { fact: "reference" }>;

/** One label: the places that open the block, and those that refer to it. */
export interface Labelled {
  readonly text: string;
  readonly block: RecordType | undefined;
  readonly opened: readonly Span[];
  readonly referred: readonly Span[];
}

/** The label at a place; undefined if there is none, or nobody knows which block it is of. */
export function labelAt(analysis: Analysis, source: string, offset: number): Labelled | undefined {
  const { facts } = analysis;
  const label = facts.of("label", source).find(({ span }) => isIn(span, source, offset));
  const reference = label ?? facts.of("reference", source).findLast(({ span }) => isIn(span, source, offset));
  return reference && new Labels(analysis).around(reference);
}

class Labels {
  readonly #labels: readonly LabelFact[];
  readonly #references: readonly ReferenceFact[];
  readonly #draftsOfLabel = new Map<string, Set<Draft>>();
  readonly #draftsOfReference = new Map<string, Set<Draft>>();

  constructor({ facts, evaluated, bound }: Analysis) {
    this.#labels = facts.every("label");
    this.#references = facts.every("reference");
    const bySource = new Map<string, LabelFact[]>();
    for (const label of this.#labels) push(bySource, label.span.source, label);
    for (const { draft } of evaluated)
      for (const each of draftsOf(draft)) {
        if (each.label === undefined) continue;
        const text = plain(each.label);
        for (const { head } of each.openings)
          for (const { span, text: written } of bySource.get(head.source) ?? [])
            if (written === text && span.start >= head.start && span.end <= head.end)
              add(this.#draftsOfLabel, keyOf(span), each);
      }
    for (const { reference, block } of bound) add(this.#draftsOfReference, keyOf(reference), block);
  }

  around(start: LabelFact | ReferenceFact): Labelled {
    const drafts = new Set<Draft>();
    const opened = new Map<string, LabelFact>();
    const referred = new Map<string, ReferenceFact>();
    if (start.fact === "label") opened.set(keyOf(start.span), start);
    else referred.set(keyOf(start.span), start);
    for (let before = -1; before < drafts.size + opened.size + referred.size; ) {
      before = drafts.size + opened.size + referred.size;
      for (const key of opened.keys()) for (const it of this.#draftsOfLabel.get(key) ?? []) drafts.add(it);
      for (const fact of referred.values()) for (const it of this.#boundTo(fact)) drafts.add(it);
      for (const label of this.#labels)
        if (meets(this.#draftsOfLabel.get(keyOf(label.span)), drafts)) opened.set(keyOf(label.span), label);
      for (const each of this.#references)
        if (meets(this.#boundTo(each), drafts)) referred.set(keyOf(each.span), each);
    }
    const block = [...opened.values()][0]?.block ?? [...drafts][0]?.type;
    this.#loose(start, block, opened, referred);
    return {
      text: start.text,
      block,
      opened: [...opened.values()].map(({ span }) => span),
      referred: [...referred.values()].map(({ span }) => span),
    };
  }

  /** What was not evaluated is known by its text and by what it is a label of. */
  #loose(
    { text }: LabelFact | ReferenceFact,
    block: RecordType | undefined,
    opened: Map<string, LabelFact>,
    referred: Map<string, ReferenceFact>,
  ): void {
    for (const each of this.#references)
      if (each.text === text && this.#boundTo(each).size === 0 && block && names(each.to, block))
        referred.set(keyOf(each.span), each);
    for (const label of this.#labels)
      if (label.text === text && !this.#draftsOfLabel.has(keyOf(label.span)) && label.block === block)
        opened.set(keyOf(label.span), label);
  }

  #boundTo({ span, whole }: ReferenceFact): ReadonlySet<Draft> {
    return this.#draftsOfReference.get(keyOf(whole ?? span)) ?? nothing;
  }
}

const nothing: ReadonlySet<Draft> = new Set();

/** The reference can name blocks of this type. */
export const names = ({ library, block }: Pick<RefType, "library" | "block">, type: RecordType): boolean =>
  (type.library === library && type.name === block) || type.offers.includes(`${library}.${block}`);

function meets(some: ReadonlySet<Draft> | undefined, others: ReadonlySet<Draft>): boolean {
  for (const each of some ?? []) if (others.has(each)) return true;
  return false;
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const known = map.get(key);
  if (known) known.push(value);
  else map.set(key, [value]);
}

function add<T>(map: Map<string, Set<T>>, key: string, value: T): void {
  const known = map.get(key);
  if (known) known.add(value);
  else map.set(key, new Set([value]));
}
