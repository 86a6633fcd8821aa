/** What a check tells an editor, kept by file. */
import type { Fact, Meaning, Recorder } from "../check/recorder.ts";
import type { Span } from "../source/span.ts";
import { touches } from "./nodes.ts";

type Of<K extends Fact["fact"]> = Extract<Fact, { fact: K }>;

export class Facts implements Recorder {
  readonly #all: { readonly [K in Fact["fact"]]: Map<string, Of<K>[]> } = {
    expected: new Map(),
    inferred: new Map(),
    means: new Map(),
    setting: new Map(),
    field: new Map(),
    label: new Map(),
    reference: new Map(),
    typeName: new Map(),
    fragmentName: new Map(),
    paramName: new Map(),
    call: new Map(),
  };

  add(fact: Fact): void {
    const bySource = this.#all[fact.fact] as Map<string, Fact[]>;
    const { source } = spanOf(fact);
    const known = bySource.get(source);
    if (known) known.push(fact);
    else bySource.set(source, [fact]);
  }

  /** What was told of a file. */
  forget(source: string): void {
    for (const bySource of Object.values(this.#all)) bySource.delete(source);
  }

  of<K extends Fact["fact"]>(kind: K, source: string): readonly Of<K>[] {
    return this.#all[kind].get(source) ?? [];
  }

  /** Of all files. */
  every<K extends Fact["fact"]>(kind: K): readonly Of<K>[] {
    return [...this.#all[kind].values()].flat();
  }

  /** The innermost expectation around an offset; of equal ones the first, which leaves most open. */
  wanted(source: string, offset: number): Of<"expected"> | undefined {
    const last = this.at("expected", source, offset);
    return last && this.of("expected", source).find((fact) => isSame(spanOf(fact), spanOf(last)));
  }

  /** The innermost one around an offset; of equal ones the last, which knows most. */
  at<K extends Fact["fact"]>(kind: K, source: string, offset: number): Of<K> | undefined {
    let found: Of<K> | undefined;
    let length = Number.POSITIVE_INFINITY;
    for (const fact of this.of(kind, source)) {
      const { start, end } = spanOf(fact);
      if (start > offset || end < offset || end - start > length) continue;
      found = fact;
      length = end - start;
    }
    return found;
  }
}

export function spanOf(fact: Fact): Span {
  switch (fact.fact) {
    case "expected":
    case "inferred":
    case "call":
    case "typeName":
      return fact.expr.span;
    case "setting":
    case "field":
    case "paramName":
      return fact.name.span;
    case "fragmentName":
      return fact.path.span;
    default:
      return fact.span;
  }
}

/** Where what a name stands for is declared; undefined for what the language brings. */
export function declarationOf(meaning: Meaning): Span | undefined {
  switch (meaning.is) {
    case "variable":
      return placed(meaning.variable.span);
    case "function":
      return placed(meaning.fn.span);
    case "fragment":
      return meaning.declared;
    case "type":
      return meaning.type.kind === "named" ? meaning.type.span : undefined;
    case "block":
      return placed(meaning.block.span);
    case "member":
      return placed((meaning.settable.arm ?? meaning.settable.member).span);
    case "library":
      return { source: meaning.unit.path, start: 0, end: 0 };
    case "builtin":
      return undefined;
  }
}

const placed = (span: Span): Span | undefined => (span.source === "" ? undefined : span);

/** Two spans with the same key are one place. */
export const keyOf = ({ source, start }: Span): string => `${source}\0${start}`;

const isSame = (a: Span, b: Span): boolean => a.start === b.start && a.end === b.end;

export const isIn = (span: Span, source: string, offset: number): boolean =>
  span.source === source && touches(span, offset);
