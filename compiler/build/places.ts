/** Spans as lines and columns; a span's text may be the user's or a library's. */
import { Sources, type Span } from "#lang";
import type { BuildRequest } from "./build.ts";
import type { Place } from "./report.ts";

export class Places {
  readonly #sides: readonly Sources[];

  constructor({ files, libraries }: Pick<BuildRequest, "files" | "libraries">) {
    this.#sides = [new Sources(files), new Sources(libraries)];
  }

  of(span: Span): Place | undefined {
    for (const side of this.#sides) {
      const position = side.position(span);
      if (position !== undefined) return { file: span.source, ...position };
    }
    return undefined;
  }

  text({ source, start, end }: Span): string {
    for (const side of this.#sides) {
      const text = side.text(source);
      if (text !== undefined) return text.text.slice(start, end);
    }
    return "";
  }
}
