/** Texts of files that a description reads while it is checked. */
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { beside, resolvePath } from "../evaluate/file.ts";
import { holdsPrivateKey } from "../evaluate/private-key.ts";
import type { SourceText } from "../source/text.ts";
import type * as ast from "../syntax/ast.ts";
import { checkText } from "../syntax/check-text.ts";
import type { Checker } from "./checker.ts";

/** Undefined after a report. `most`: how many characters it may have, if less than any file may have. */
export function textOfFile(
  expr: ast.ReadExpr,
  path: string,
  checker: Checker,
  most?: { readonly characters: number; readonly limit: string },
): SourceText | undefined {
  const at = expr.path.span;
  const { around } = checker.machine;
  const resolved = resolvePath(at.source, path);
  if ("reason" in resolved) {
    checker.error("E0313", at, { path, reason: resolved.reason });
    return undefined;
  }
  const looked = resolved.path;
  const bytes = around.read(looked);
  if (!bytes) {
    const is = around.list(looked) ? ("folder" as const) : undefined;
    checker.error("E0307", at, { what: "file", path, looked, is, beside: beside(looked, around) });
    return undefined;
  }
  if (holdsPrivateKey(bytes)) {
    checker.error("E0312", at, { path });
    return undefined;
  }
  const { source, diagnostics, hopeless } = checkText(looked, bytes);
  const tooLong = most && source.text.length > most.characters;
  if (tooLong) {
    const what = `\`${path}\` is too long to be a text in a description (\`file\` takes it as it is)`;
    checker.error("E0309", at, { what, limit: most.limit });
    return undefined;
  }
  for (const diagnostic of diagnostics) checker.report(readBy(expr, diagnostic));
  return hopeless || diagnostics.length > 0 ? undefined : source;
}

/** Says with a mistake in a file who reads it. What could be written in a description instead cannot be put into the file by a tool. */
export function readBy(expr: ast.ReadExpr, diagnostic: Diagnostic): Diagnostic {
  if (diagnostic.primary.span.source === expr.span.source) return diagnostic;
  return {
    ...diagnostic,
    related: [...diagnostic.related, { span: expr.path.span, text: "read from here" }],
    helps: diagnostic.helps.map(({ text }) => ({ text })),
  };
}

/** The text of a short file as a literal whose places are in the file. Lines end with LF, and the last one without. */
export function literalOf({ path, text }: SourceText): ast.StringExpr {
  const end = /\r?\n$/.exec(text)?.index ?? text.length;
  const span = { source: path, start: 0, end };
  const whole = text.slice(0, end);
  if (!whole.includes("\r"))
    return { kind: "string", span, raw: whole, parts: whole === "" ? [] : [part(span, whole)] };
  const offsets: number[] = [];
  for (let at = 0; at < whole.length; at++) if (!whole.startsWith("\r\n", at)) offsets.push(at);
  const value = offsets.map((at) => whole[at]).join("");
  return { kind: "string", span, raw: whole, parts: [{ ...part(span, value), offsets: [...offsets, end] }] };
}

const part = (span: ast.Expr["span"], value: string): ast.TextPart => ({
  kind: "textPart",
  span,
  value,
  offsets: undefined,
});
