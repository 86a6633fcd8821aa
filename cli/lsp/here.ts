/** A place in an open document, as the language sees it. */
import type { Position } from "vscode-languageserver/node";
import type { Analysis } from "#ide";
import { Located } from "./located.ts";
import { Positions, pathOf } from "./places.ts";
import type { Project } from "./project.ts";
import type { Workspace } from "./workspace.ts";

export interface Here {
  readonly project: Project;
  readonly analysis: Analysis;
  /** The file, as spans name it. */
  readonly source: string;
  readonly offset: number;
  readonly positions: Positions;
  readonly located: Located;
}

export interface AskedOf {
  readonly textDocument: { readonly uri: string };
  readonly position?: Position;
}

/** Undefined for documents that are no files, and for those that nobody has opened. */
export function hereOf(workspace: Workspace, { textDocument, position }: AskedOf): Here | undefined {
  const file = pathOf(textDocument.uri);
  const document = file === undefined ? undefined : workspace.open.get(file);
  if (file === undefined || !document) return undefined;
  const project = workspace.projectOf(file);
  const source = project.sourceOf(file);
  if (source === undefined) return undefined;
  const positions = new Positions(document);
  return {
    project,
    analysis: project.analysis,
    source,
    offset: position ? positions.offset(position) : 0,
    positions,
    located: new Located(project, workspace.open),
  };
}
