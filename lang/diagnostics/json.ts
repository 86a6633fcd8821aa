/** A diagnostic as data, for editors and other programs: the same parts, with places as lines and columns too. */
import type { Sources } from "../source/sources.ts";
import type { Position, Span } from "../source/span.ts";
import type { Diagnostic, Edit, Label, Severity } from "./diagnostic.ts";

/** Offsets count UTF-16 code units from 0, lines and columns (of characters) from 1; no positions if the file cannot be read. */
export interface JsonPlace {
  readonly file: string;
  readonly start: { readonly offset: number } & Partial<Position>;
  readonly end: { readonly offset: number } & Partial<Position>;
}

export interface JsonDiagnostic {
  readonly code: string;
  readonly severity: Severity;
  readonly text: string;
  readonly primary: JsonPlace & { readonly label: string };
  readonly related: readonly (JsonPlace & { readonly label: string })[];
  readonly helps: readonly {
    readonly text: string;
    readonly edit?: JsonPlace & { readonly replacement: string; readonly safe: boolean };
  }[];
  readonly notes: readonly string[];
}

export function toJson(diagnostic: Diagnostic, sources: Sources): JsonDiagnostic {
  const { code, severity, text, primary, related, helps, notes } = diagnostic;
  const label = (it: Label) => ({ ...place(it.span, sources), label: it.text });
  return {
    code,
    severity,
    text,
    primary: label(primary),
    related: related.map(label),
    helps: helps.map((help) =>
      help.edit ? { text: help.text, edit: edit(help.edit, sources) } : { text: help.text },
    ),
    notes,
  };
}

function edit({ span, text: replacement, safe }: Edit, sources: Sources) {
  return { ...place(span, sources), replacement, safe: safe === true };
}

function place({ source, start, end }: Span, sources: Sources): JsonPlace {
  const text = sources.text(source);
  return {
    file: source,
    start: { offset: start, ...text?.position(start) },
    end: { offset: end, ...text?.position(end) },
  };
}
