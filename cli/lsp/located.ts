/** Spans of a description as places of the protocol. */
import type { Location } from "vscode-languageserver/node";
import type { Span } from "#lang";
import { Positions, positionsOfFile, uriOf } from "./places.ts";
import type { Project } from "./project.ts";
import type { Open } from "./texts.ts";

const nowhere = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };

export class Located {
  readonly #project: Project;
  readonly #open: Open;
  readonly #positions = new Map<string, Positions | undefined>();

  constructor(project: Project, open: Open) {
    this.#project = project;
    this.#open = open;
  }

  place(span: Span): Location {
    const file = this.#project.fileOf(span.source);
    return { uri: uriOf(file), range: this.#at(file)?.range(span) ?? nowhere };
  }

  #at(file: string): Positions | undefined {
    if (!this.#positions.has(file)) {
      const document = this.#open.get(file);
      this.#positions.set(file, document ? new Positions(document) : positionsOfFile(file));
    }
    return this.#positions.get(file);
  }
}
