/** What is offered where somebody writes. */
import type { Span } from "../../source/span.ts";

export type CompletionKind =
  | "word"
  | "option"
  | "block"
  | "value"
  | "literal"
  | "function"
  | "type"
  | "library"
  | "label"
  | "unit"
  | "file"
  | "folder";

export interface Completion {
  readonly label: string;
  readonly kind: CompletionKind;
  /** What to write; `$1`, `${1:text}` and `$0` are places to fill in. The label itself if there is none. */
  readonly snippet?: string | undefined;
  /** Behind the label: a type, most often. */
  readonly detail?: string | undefined;
  /** In Markdown. */
  readonly docs?: string | undefined;
  /** Lower ones first; those of one rank in alphabetical order. */
  readonly rank: number;
}

export interface Completions {
  /** What is replaced by the one that is chosen. */
  readonly replaces: Span;
  readonly items: readonly Completion[];
}

/** The first of each label. */
export function once(items: readonly Completion[]): readonly Completion[] {
  const seen = new Set<string>();
  return items.filter(({ label }) => !seen.has(label) && seen.add(label));
}

/** A text that is to stand in a snippet as it is. */
export const literal = (text: string): string => text.replace(/[\\$}]/g, "\\$&");
