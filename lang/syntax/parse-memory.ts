/** Texts that were parsed before: a file that has not changed is not parsed again. */
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { SourceText } from "../source/text.ts";
import type { FileAst } from "./ast.ts";
import { checkText } from "./check-text.ts";
import { parse } from "./parse.ts";

export interface ParsedText {
  readonly source: SourceText;
  readonly ast: FileAst;
  readonly diagnostics: readonly Diagnostic[];
}

/** Who says what a text is. */
export interface ParsedTexts {
  get(path: string, content: Uint8Array | string): ParsedText;
}

export function parseText(path: string, content: Uint8Array | string): ParsedText {
  return { ...parse(path, content), source: checkText(path, content).source };
}

/** The last text of each path. */
export class ParseMemory implements ParsedTexts {
  readonly #known = new Map<string, { readonly content: Uint8Array | string; readonly parsed: ParsedText }>();
  readonly #others: ParsedTexts;

  /** `others` is asked for what is not remembered. */
  constructor(others: ParsedTexts = { get: parseText }) {
    this.#others = others;
  }

  get(path: string, content: Uint8Array | string): ParsedText {
    const known = this.#known.get(path);
    if (known && isSame(known.content, content)) return known.parsed;
    const parsed = this.#others.get(path, content);
    this.#known.set(path, { content, parsed });
    return parsed;
  }
}

function isSame(a: Uint8Array | string, b: Uint8Array | string): boolean {
  if (typeof a === "string" || typeof b === "string") return a === b;
  return a.length === b.length && a.every((byte, at) => byte === b[at]);
}
