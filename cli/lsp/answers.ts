/** Requests of the protocol, answered by the language. */
import { CodeActionKind, type Connection, MarkupKind } from "vscode-languageserver/node";
import { definitionAt, hoverAt, referencesAt, signatureAt } from "#ide";
import { completions } from "./completions.ts";
import { FIX_ALL, fixingAll, formatting, prepareRename, renaming } from "./edits.ts";
import { type AskedOf, type Here, hereOf } from "./here.ts";
import { fixesOf, isSafelyFixed } from "./report.ts";
import { symbols } from "./symbols.ts";
import type { Workspace } from "./workspace.ts";

/** What a client can do. */
export interface Abilities {
  snippets: boolean;
}

export function answers(connection: Connection, workspace: Workspace, abilities: Abilities): void {
  const at =
    <A extends AskedOf, T>(answer: (here: Here, asked: A) => T | undefined) =>
    (asked: A): T | null => {
      const here = hereOf(workspace, asked);
      return (here && answer(here, asked)) ?? null;
    };
  connection.onHover(
    at(({ analysis, source, offset, positions }) => {
      const hover = hoverAt(analysis, source, offset);
      return (
        hover && {
          contents: { kind: MarkupKind.Markdown, value: hover.text },
          range: positions.range(hover.span),
        }
      );
    }),
  );
  connection.onDefinition(
    at(({ analysis, source, offset, located }) =>
      definitionAt(analysis, source, offset)?.to.map((span) => located.place(span)),
    ),
  );
  connection.onReferences(
    at(({ analysis, source, offset, located }, { context }) =>
      referencesAt(analysis, source, offset, context.includeDeclaration).map((span) => located.place(span)),
    ),
  );
  connection.onDocumentHighlight(
    at(({ analysis, source, offset, positions }) =>
      referencesAt(analysis, source, offset, true)
        .filter((span) => span.source === source)
        .map((span) => ({ range: positions.range(span) })),
    ),
  );
  connection.onCompletion(at((here) => completions(here, abilities.snippets)));
  connection.onSignatureHelp(
    at(({ project, source, offset, positions }) => {
      const found = signatureAt(source, positions.text, offset, (text) =>
        project.imagine(new Map([[source, text]]), true),
      );
      if (!found) return undefined;
      const { text, docs, params, active } = found;
      const parameters = params.map(([start, end]) => ({ label: [start, end] as [number, number] }));
      const documentation =
        docs === undefined ? {} : { documentation: { kind: MarkupKind.Markdown, value: docs } };
      return {
        signatures: [{ label: text, parameters, ...documentation }],
        activeSignature: 0,
        activeParameter: active,
      };
    }),
  );
  connection.onDocumentSymbol(at(symbols));
  connection.onDocumentFormatting(at(formatting));
  connection.onPrepareRename(at(prepareRename));
  connection.onRenameRequest(at((here, { newName }) => renaming(here, newName)));
  connection.onCodeAction(({ textDocument, context: { diagnostics, only } }) => {
    const wants = (kind: string, otherwise: boolean): boolean =>
      only?.some((it) => it === "" || kind === it || kind.startsWith(`${it}.`)) ?? otherwise;
    const all = wants(FIX_ALL, diagnostics.some(isSafelyFixed))
      ? hereOf(workspace, { textDocument })
      : undefined;
    const fixed = all && fixingAll(all);
    return [...(wants(CodeActionKind.QuickFix, true) ? fixesOf(diagnostics) : []), ...(fixed ? [fixed] : [])];
  });
}
