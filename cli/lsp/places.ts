/** Offsets of the language to positions of the protocol, and paths to URIs. */
import { readFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Range } from "vscode-languageserver/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import type { Span } from "#lang";

const MARK = "\ufeff";

/** A text as editors count in it: lines from 0, columns in UTF-16 code units. Spans do not count a byte order mark, the protocol does. */
export class Positions {
  readonly #document: TextDocument;
  readonly #shift: number;

  constructor(document: TextDocument) {
    this.#document = document;
    this.#shift =
      document.getText({ start: { line: 0, character: 0 }, end: { line: 0, character: 1 } }) === MARK ? 1 : 0;
  }

  range({ start, end }: Pick<Span, "start" | "end">): Range {
    const at = (offset: number) => this.#document.positionAt(offset + this.#shift);
    return { start: at(start), end: at(end) };
  }

  offset(position: Range["start"]): number {
    return Math.max(0, this.#document.offsetAt(position) - this.#shift);
  }

  /** The text without its mark: what the language sees. */
  get text(): string {
    return this.#document.getText().slice(this.#shift);
  }
}

/** The positions in a file that nobody has open; undefined if it cannot be read. */
export function positionsOfFile(path: string): Positions | undefined {
  try {
    return new Positions(TextDocument.create(uriOf(path), "appl", 0, readFileSync(path, "utf8")));
  } catch {
    return undefined;
  }
}

export const uriOf = (path: string): string => pathToFileURL(path).href;

/** Undefined for what is no file of this machine: an unsaved document, say. */
export function pathOf(uri: string): string | undefined {
  try {
    return uri.startsWith("file:") ? fileURLToPath(uri) : undefined;
  } catch {
    return undefined;
  }
}
