/** The texts that spans point into, each read and decoded once. */
import { decode } from "./decode.ts";
import type { Texts } from "./files.ts";
import type { Position, Span } from "./span.ts";
import { SourceText } from "./text.ts";

export class Sources {
  readonly #files: Texts;
  readonly #texts = new Map<string, SourceText | undefined>();

  constructor(files: Texts) {
    this.#files = files;
  }

  /** Undefined if there is no such file. */
  text(path: string): SourceText | undefined {
    if (!this.#texts.has(path)) {
      const bytes = this.#files.read(path);
      this.#texts.set(path, bytes && new SourceText(path, decode(bytes).text));
    }
    return this.#texts.get(path);
  }

  /** Where the span begins; undefined if there is no such file. */
  position({ source, start }: Span): Position | undefined {
    return this.text(source)?.position(start);
  }

  /** The span of `length` characters from a place that was counted in lines and columns: a master file's, say. */
  spanAt(path: string, position: Position, length: number): Span {
    const text = this.text(path);
    if (!text) return { source: path, start: 0, end: 0 };
    const start = text.offset(position);
    const end = text.offset({ line: position.line, column: position.column + length });
    return { source: path, start, end };
  }
}
