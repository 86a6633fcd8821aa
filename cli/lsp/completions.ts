/** Completions as the protocol has them. */
import {
  type CompletionItem,
  CompletionItemKind,
  type CompletionList,
  InsertTextFormat,
  InsertTextMode,
  MarkupKind,
} from "vscode-languageserver/node";
import { type CompletionKind, completeAt } from "#ide";
import type { Here } from "./here.ts";

const kinds: Readonly<Record<CompletionKind, CompletionItemKind>> = {
  word: CompletionItemKind.Keyword,
  option: CompletionItemKind.Property,
  block: CompletionItemKind.Struct,
  value: CompletionItemKind.Variable,
  literal: CompletionItemKind.Value,
  function: CompletionItemKind.Function,
  type: CompletionItemKind.Class,
  library: CompletionItemKind.Module,
  label: CompletionItemKind.Reference,
  unit: CompletionItemKind.Unit,
  file: CompletionItemKind.File,
  folder: CompletionItemKind.Folder,
};

export function completions(
  { project, analysis, source, offset, positions }: Here,
  snippets: boolean,
): CompletionList {
  const { replaces, items } = completeAt({
    source,
    text: positions.text,
    offset,
    before: analysis,
    imagine: (text) => project.imagine(new Map([[source, text]]), true),
  });
  const range = positions.range(replaces);
  return {
    isIncomplete: false,
    items: items.map(({ label, kind, snippet, detail, docs, rank }): CompletionItem => {
      const newText = snippet === undefined ? label : snippets ? snippet : plainly(snippet, label);
      return {
        label,
        kind: kinds[kind],
        sortText: `${rank}${label}`,
        textEdit: { range, newText },
        ...(snippet !== undefined &&
          snippets && {
            insertTextFormat: InsertTextFormat.Snippet,
            insertTextMode: InsertTextMode.adjustIndentation,
          }),
        ...(detail !== undefined && { detail }),
        ...(docs !== undefined &&
          docs !== "" && { documentation: { kind: MarkupKind.Markdown, value: docs } }),
      };
    }),
  };
}

/** Without places to fill in: one line of it, as far as that is clear. */
function plainly(snippet: string, label: string): string {
  if (snippet.includes("\n") || /\$\{\d/.test(snippet)) return /^[\w"./-]+$/.test(label) ? label : "";
  return snippet.replace(/\$\d/g, "").replace(/\\([\\$}])/g, "$1");
}
