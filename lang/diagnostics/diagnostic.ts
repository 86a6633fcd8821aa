/** What a diagnostic is. Which ones exist is `catalog.ts`; how one looks is `render.ts`. */
import type { Span } from "../source/span.ts";

export type Severity = "error" | "warning";

/** A place and what is to be said about it; the text may be empty. */
export interface Label {
  readonly span: Span;
  readonly text: string;
}

/** The text of `span` is replaced by `text`; an empty span inserts. */
export interface Edit {
  readonly span: Span;
  readonly text: string;
  /** It is no guess: the description then says what it says now, or the only thing that can have been meant. `appl fix` makes it. */
  readonly safe?: true;
}

/** What to write instead. With an edit, a tool can do it. */
export interface Help {
  /** Further lines are shown below the first, as an example to copy. */
  readonly text: string;
  readonly edit?: Edit;
}

export interface Diagnostic {
  /** `E0101`, `W0101`; libraries bring their own. */
  readonly code: string;
  readonly severity: Severity;
  /** The headline: what is wrong, in the user's own names, without a full stop. */
  readonly text: string;
  /** The cause, as small as possible. */
  readonly primary: Label;
  /** Other places that take part. */
  readonly related: readonly Label[];
  readonly helps: readonly Help[];
  readonly notes: readonly string[];
  /** Source text that is never shown: secrets. */
  readonly masked?: readonly Span[];
}

type OneOrMore<T> = T | readonly T[] | undefined;

/** One kind of diagnostic. `Data` is all that its texts may depend on. */
export interface Kind<Data> {
  /** At most six words, no full stop: the heading of its page in the manual. */
  readonly title: string;
  /** `error` if it is not given. */
  readonly severity?: Severity;
  /** The headline. */
  readonly text: (data: Data) => string;
  /** Stands behind the caret. */
  readonly label?: (data: Data) => string;
  readonly help?: (data: Data) => OneOrMore<string | Help>;
  /** What is true and helps to understand. */
  readonly note?: (data: Data) => OneOrMore<string>;
}

export const kind = <Data>(it: Kind<Data>): Kind<Data> => it;

/** Fills a kind with its data. Entries of the catalogue go through `diagnose`, which knows their types. */
export function fill<Data>(
  code: string,
  it: Kind<Data>,
  span: Span,
  data: Data,
  related: readonly Label[] = [],
): Diagnostic {
  return {
    code,
    severity: it.severity ?? "error",
    text: it.text(data),
    primary: { span, text: it.label?.(data) ?? "" },
    related,
    helps: list(it.help?.(data)).map((help) => (typeof help === "string" ? { text: help } : help)),
    notes: list(it.note?.(data)),
  };
}

function list<T extends string | Help>(value: OneOrMore<T>): readonly T[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value as T];
}
