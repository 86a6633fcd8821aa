/** Diagnostics as the protocol has them. */
import {
  type CodeAction,
  CodeActionKind,
  type Diagnostic,
  DiagnosticSeverity,
  type Range,
} from "vscode-languageserver/node";
import type * as lang from "#lang";
import type { Located } from "./located.ts";

/** What can be done about it goes with it, so that a code action needs no second look. */
export interface Fixes {
  readonly fixes: readonly Fix[];
}

interface Fix {
  readonly title: string;
  /** It is no guess. */
  readonly safe: boolean;
  readonly uri: string;
  readonly range: Range;
  readonly newText: string;
}

export function toProtocol(found: lang.Diagnostic, located: Located): Diagnostic {
  const { code, severity, text, primary, related, helps, notes } = found;
  const rest = [
    primary.text === "" ? undefined : primary.text,
    ...helps.map((help) => `help: ${help.text}`),
    ...notes.map((note) => `note: ${note}`),
  ].filter((line) => line !== undefined && line !== text);
  const fixes: Fix[] = helps.flatMap(({ text: title, edit }) =>
    edit
      ? [
          {
            title: title.split("\n")[0]!,
            safe: edit.safe === true,
            ...located.place(edit.span),
            newText: edit.text,
          },
        ]
      : [],
  );
  return {
    range: located.place(primary.span).range,
    severity: severity === "error" ? DiagnosticSeverity.Error : DiagnosticSeverity.Warning,
    code,
    source: "appl",
    message: [text, ...rest].join("\n"),
    relatedInformation: related.map((label) => ({
      location: located.place(label.span),
      message: label.text === "" ? "see here" : label.text,
    })),
    data: { fixes } satisfies Fixes,
  };
}

export function fixesOf(diagnostics: readonly Diagnostic[]): readonly CodeAction[] {
  return diagnostics.flatMap((diagnostic) => {
    const { fixes = [] } = (diagnostic.data ?? {}) as Partial<Fixes>;
    return fixes.map(({ title, uri, range, newText }) => ({
      title,
      kind: CodeActionKind.QuickFix,
      diagnostics: [diagnostic],
      isPreferred: fixes.length === 1,
      edit: { changes: { [uri]: [{ range, newText }] } },
    }));
  });
}

/** One of them can be made without a question. */
export const isSafelyFixed = ({ data }: Diagnostic): boolean =>
  ((data ?? {}) as Partial<Fixes>).fixes?.some(({ safe }) => safe) === true;
