/** Trees of texts that are known long before anybody reads them: reading a kept one takes a twentieth of the time of parsing. */
import { SourceText } from "../source/text.ts";
import type { FileAst } from "./ast.ts";
import { checkText } from "./check-text.ts";
import { parse } from "./parse.ts";
import { type ParsedText, type ParsedTexts, parseText } from "./parse-memory.ts";

interface Kept {
  readonly text: string;
  readonly ast: FileAst;
}

/** A text and its tree, to be kept; undefined if something is wrong with it. */
export function keptTree(path: string, content: Uint8Array | string): string | undefined {
  const { ast, diagnostics } = parse(path, content);
  if (diagnostics.length > 0) return undefined;
  const kept: Kept = { text: checkText(path, content).source.text, ast };
  return JSON.stringify(kept);
}

/** Takes the kept tree if it is of exactly this text, else parses. */
export class KeptTrees implements ParsedTexts {
  readonly #find: (path: string) => string | undefined;

  /** `find` gives what `keptTree` made of a path; it need not be of the text that is there now. */
  constructor(find: (path: string) => string | undefined) {
    this.#find = find;
  }

  get(path: string, content: Uint8Array | string): ParsedText {
    const found = typeof content === "string" ? this.#find(path) : undefined;
    const kept: Kept | undefined = found === undefined ? undefined : JSON.parse(found);
    if (kept?.text !== content) return parseText(path, content);
    return { source: new SourceText(path, kept.text), ast: kept.ast, diagnostics: [] };
  }
}
