/** String literals: with or without holes, and as values of the types that are written as strings. */
import { diagnose } from "../diagnostics/catalog.ts";
import type { Help } from "../diagnostics/diagnostic.ts";
import { didYouMean } from "../diagnostics/nearest.ts";
import type { Span } from "../source/span.ts";
import type * as ast from "../syntax/ast.ts";
import { spanWithin } from "../syntax/string-text.ts";
import { rowOf, type Scalar } from "../types/scalars.ts";
import { holdsSecret } from "../types/secrets.ts";
import { bare, scalar, type Type } from "../types/type.ts";
import type { Parsed } from "../values/fault.ts";
import {
  parseDomainName,
  parseEmail,
  parseHostLabel,
  parseHttpPath,
  parseMediaType,
  parseSemver,
  parseUrl,
} from "../values/names.ts";
import { quote } from "../values/print.ts";
import { str, type Value } from "../values/value.ts";
import type { Checker, Expected, Typed } from "./checker.ts";
import type { Core, Finished, TextCore } from "./core.ts";
import { isConstant, isSetting } from "./names.ts";
import { reportRead } from "./read-signal.ts";
import { refuseSecret } from "./refuse-secret.ts";
import type { Scope } from "./scope.ts";

interface TextType {
  /** For a message: `a domain name`. */
  readonly what: string;
  readonly parse: (text: string) => Parsed<string>;
}

const textTypes: Partial<Record<Scalar, TextType>> = {
  DomainName: { what: "a domain name", parse: parseDomainName },
  HostLabel: { what: "a host label", parse: parseHostLabel },
  Url: { what: "a URL", parse: parseUrl },
  HttpPath: { what: "a path", parse: parseHttpPath },
  Email: { what: "a mail address", parse: parseEmail },
  MediaType: { what: "a media type", parse: parseMediaType },
  Semver: { what: "a version", parse: parseSemver },
};

/** Whether a string literal can be of the type. */
export const isWritten = (name: Scalar): boolean => rowOf(name).shape === "string";

/** The text of a literal without holes. */
export function plainText(expr: ast.StringExpr): string | undefined {
  const [part] = expr.parts;
  if (!part) return "";
  return expr.parts.length === 1 && part.kind === "textPart" ? part.value : undefined;
}

export function inferText(expr: ast.StringExpr, scope: Scope, checker: Checker): Typed {
  return { core: textCore(expr, undefined, scope, checker), type: scalar("Str") };
}

/** The literal as a value of a type for which `isWritten`. */
export function textAs(
  expr: ast.StringExpr,
  name: Scalar,
  { subject }: Expected,
  scope: Scope,
  checker: Checker,
): Core {
  const type = textTypes[name];
  const finish = type ? finisher(type, subject, expr) : name === "Bytes" ? bytes : undefined;
  return textCore(expr, finish, scope, checker);
}

const bytes = (text: string, span: Span): Finished => ({
  ok: true,
  value: { kind: "bytes", bytes: new TextEncoder().encode(text), span },
});

function finisher(
  { what, parse }: TextType,
  subject: string | undefined,
  expr: ast.StringExpr,
): TextCore["finish"] {
  return (text, span) => {
    const read = parse(text);
    if (read.ok) return { ok: true, value: str(read.value, span) };
    const { start, end, reason, instead } = read.fault;
    const help: Help | undefined =
      instead === undefined
        ? undefined
        : { text: `write \`${quote(instead)}\``, edit: { span: expr.span, text: quote(instead) } };
    const report = (at: Span) => diagnose("E0302", at, { subject, type: what, reason, instead: help });
    return { ok: false, start, end, report };
  };
}

function textCore(expr: ast.StringExpr, finish: TextCore["finish"], scope: Scope, checker: Checker): Core {
  const text = plainText(expr);
  if (text !== undefined) return constantText(expr, text, finish, checker);
  const parts = expr.parts.map((part) =>
    part.kind === "textPart" ? part : { hole: hole(part, scope, checker), span: part.span },
  );
  return { op: "text", span: expr.span, parts, finish };
}

function constantText(
  expr: ast.StringExpr,
  text: string,
  finish: TextCore["finish"],
  checker: Checker,
): Core {
  const { span } = expr;
  if (!finish) return { op: "const", span, value: str(text, span) };
  const finished = finish(text, span);
  if (finished.ok) return { op: "const", span, value: finished.value };
  checker.report(finished.report(insideText(expr, finished.start, finished.end)));
  return { op: "error", span };
}

/** The source of a part of a literal without holes. An empty part is the character behind it. */
function insideText(expr: ast.StringExpr, start: number, end: number): Span {
  const [part] = expr.parts;
  if (part?.kind !== "textPart") return expr.span;
  return spanWithin(
    part,
    Math.min(start, part.value.length),
    Math.min(Math.max(end, start + 1), part.value.length),
  );
}

/** Everything can be put into a text that a user could read there. */
function hole(part: ast.HolePart, scope: Scope, checker: Checker): Core {
  const { value } = part;
  if (
    value.kind === "name" &&
    scope.find(value.text) === undefined &&
    !isConstant(value.text) &&
    !isSetting(value.text, scope, checker)
  ) {
    const inScope = scope.names();
    const hint =
      didYouMean(value.text, inScope) ??
      `\`\${…}\` puts in a value of the description, like \`let ${value.text} = …\`; for the characters themselves write \`\\\${\``;
    checker.error("E0105", value.span, { name: value.text, inScope, hint });
    return { op: "error", span: part.span };
  }
  const { core, type } = checker.infer(part.value, scope);
  if (holdsSecret(type)) {
    refuseSecret(part.value, type, "text", checker);
    return { op: "error", span: part.span };
  }
  if (bare(type).kind === "signal") {
    reportRead(part.value, checker.signals().takers, checker);
    return { op: "error", span: part.span };
  }
  const unreadable = notReadable(type);
  if (!unreadable) return core;
  checker.error("E0219", part.value.span, { what: "put into a text", type: unreadable, why: "not readable" });
  return { op: "error", span: part.span };
}

function notReadable(type: Type): string | undefined {
  if (type.kind === "record") return type.what === "record" ? "a record" : "a block";
  return type.kind === "named" ? notReadable(type.type) : undefined;
}

/** A value that a literal without holes has, at the offending character if there is one. */
export function misfitSpan(expr: ast.Expr, value: Value, offset: number | undefined): Span {
  if (offset === undefined || expr.kind !== "string" || value.kind !== "str") return expr.span;
  const text = plainText(expr);
  if (text !== value.value || offset >= text.length) return expr.span;
  return insideText(expr, offset, offset + ((text.codePointAt(offset) ?? 0) > 0xffff ? 2 : 1));
}
