/** Requests of the protocol, answered by the language. */
import type { Connection, Position } from "vscode-languageserver/node";
import { type Analysis, definitionAt, hoverAt, referencesAt } from "#ide";
import { Located } from "./located.ts";
import { Positions, pathOf } from "./places.ts";
import type { Project } from "./project.ts";
import { fixesOf } from "./report.ts";
import type { Workspace } from "./workspace.ts";

/** A place in an open document, as the language sees it. */
export interface Here {
  readonly project: Project;
  readonly analysis: Analysis;
  readonly source: string;
  readonly offset: number;
  readonly positions: Positions;
  readonly located: Located;
}

interface Asked {
  readonly textDocument: { readonly uri: string };
  readonly position: Position;
}

export function answers(connection: Connection, workspace: Workspace): void {
  const at =
    <T>(answer: (here: Here) => T | undefined | null) =>
    (asked: Asked): T | null => {
      const here = hereOf(workspace, asked);
      return (here && answer(here)) ?? null;
    };
  connection.onHover(
    at(({ analysis, source, offset, positions }) => {
      const hover = hoverAt(analysis, source, offset);
      return (
        hover && { contents: { kind: "markdown", value: hover.text }, range: positions.range(hover.span) }
      );
    }),
  );
  connection.onDefinition(
    at(({ analysis, source, offset, located }) =>
      definitionAt(analysis, source, offset)?.to.map((span) => located.place(span)),
    ),
  );
  connection.onReferences((asked) =>
    at(({ analysis, source, offset, located }) =>
      referencesAt(analysis, source, offset, asked.context.includeDeclaration).map((span) =>
        located.place(span),
      ),
    )(asked),
  );
  connection.onCodeAction(({ context }) => [...fixesOf(context.diagnostics)]);
}

/** Undefined for documents that are no files, and those that nobody has opened. */
function hereOf(workspace: Workspace, { textDocument, position }: Asked): Here | undefined {
  const file = pathOf(textDocument.uri);
  const document = file === undefined ? undefined : workspace.open.get(file);
  if (file === undefined || !document) return undefined;
  const project = workspace.projectOf(file);
  const source = project.sourceOf(file);
  if (source === undefined) return undefined;
  const positions = new Positions(document);
  const { analysis } = project;
  return {
    project,
    analysis,
    source,
    offset: positions.offset(position),
    positions,
    located: new Located(project, workspace.open),
  };
}
