/** Changes of texts: the style, and other names. */
import {
  type CodeAction,
  CodeActionKind,
  ResponseError,
  type TextEdit,
  type WorkspaceEdit,
} from "vscode-languageserver/node";
import { fix, type Renaming, rename, renameable } from "#ide";
import { format } from "#lang";
import type { Here } from "./here.ts";
import type { Positions } from "./places.ts";

/** `RequestFailed` of the protocol: the request was understood, and what it asks for cannot be done. */
const FAILED = -32803;

/** Editors ask for it when a file is saved, or when somebody wants all at once. */
export const FIX_ALL = `${CodeActionKind.SourceFixAll}.appl`;

/** What `appl fix` would do to this document. */
export function fixingAll({ project, analysis, source, positions, located }: Here): CodeAction | undefined {
  const { texts } = fix(analysis, {
    imagine: (changed) => project.imagine(changed, false),
    mayChange: (it) => it === source,
  });
  const after = texts.get(source);
  if (after === undefined) return undefined;
  const { uri } = located.place({ source, start: 0, end: 0 });
  return {
    title: "Fix all that is safe to fix",
    kind: FIX_ALL,
    edit: { changes: { [uri]: difference(positions, after) } },
  };
}

/** What differs from the style, from the first difference to the last. */
export function formatting({ positions, source }: Pick<Here, "positions" | "source">): TextEdit[] {
  const before = positions.text;
  const formatted = format(source, before).text;
  if (formatted === undefined) return [];
  return difference(positions, before.includes("\r\n") ? formatted.replace(/\r?\n/g, "\r\n") : formatted);
}

/** One edit that makes another text of a document, as small as it can be. */
function difference(positions: Positions, after: string): TextEdit[] {
  const before = positions.text;
  if (after === before) return [];
  let start = 0;
  while (start < before.length && before[start] === after[start]) start++;
  let end = 0;
  const most = Math.min(before.length, after.length) - start;
  while (end < most && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  // CR LF is one thing
  if (before[start - 1] === "\r") start--;
  if (before[before.length - end] === "\n" && before[before.length - end - 1] === "\r") end--;
  return [
    {
      range: positions.range({ start, end: before.length - end }),
      newText: after.slice(start, after.length - end),
    },
  ];
}

export function prepareRename({ analysis, source, offset, positions }: Here): {
  range: ReturnType<Positions["range"]>;
  placeholder: string;
} {
  const found = renameable(analysis, source, offset);
  if ("refused" in found) throw new ResponseError(FAILED, found.refused);
  return { range: positions.range(found.span), placeholder: found.text };
}

export function renaming({ project, analysis, source, offset, located }: Here, name: string): WorkspaceEdit {
  const renamed: Renaming = rename(analysis, source, offset, name, (texts) => project.imagine(texts, false));
  if ("refused" in renamed) throw new ResponseError(FAILED, renamed.refused);
  const changes: Record<string, TextEdit[]> = {};
  for (const { span, text } of renamed.edits) {
    const { uri, range } = located.place(span);
    changes[uri] ??= [];
    changes[uri].push({ range, newText: text });
  }
  return { changes };
}
