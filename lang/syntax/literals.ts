/** From literal tokens to their nodes: which kind, which parts. What the value is, the checker finds out. */
import type { TokenType } from "chevrotain";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { Span } from "../source/span.ts";
import type { SourceText } from "../source/text.ts";
import type { ErrorNode } from "./ast.ts";
import type {
  Expr,
  LiteralExpr,
  PlainLiteralKind,
  QuantityExpr,
  StringExpr,
  StringPart,
} from "./ast-expr.ts";
import { textPart } from "./string-text.ts";
import type { StringScan } from "./strings.ts";
import { bareLiterals, endOf, RegexToken, StringToken, type Token } from "./tokens.ts";

/** What is needed to read strings: their holes are expressions, which somebody else parses. */
export interface LiteralContext {
  readonly source: SourceText;
  report(diagnostic: Diagnostic): void;
  /** The expression between two offsets. */
  hole(start: number, end: number): Expr | ErrorNode;
}

/** The node of a token of the category `Literal`. */
export function literal(token: Token, context: LiteralContext): LiteralExpr {
  if (token.tokenType === StringToken) return stringLiteral(token, context);
  const raw = token.image;
  const span = context.source.span(token.startOffset, endOf(token));
  if (token.tokenType === RegexToken) {
    const end = span.end - (token.payload === true ? 1 : 0);
    const patternSpan = { ...span, start: span.start + 2, end };
    return { kind: "regex", span, raw, pattern: raw.slice(2, end - span.start), patternSpan };
  }
  if (token.tokenType.LABEL === "quantity") return { kind: "quantity", span, raw, parts: quantityParts(raw) };
  return { kind: token.tokenType.LABEL as PlainLiteralKind, span, raw };
}

/** The literal that a whole text is, read as in a description; undefined if it is none, or one in quotes. */
export function literalFrom(text: string, span: Span): Exclude<LiteralExpr, StringExpr> | undefined {
  for (const type of bareLiterals) {
    const found = whole(type).exec(text)?.[0];
    if (found === undefined) continue;
    if (found !== text) return undefined;
    if (type.LABEL === "quantity") return { kind: "quantity", span, raw: text, parts: quantityParts(text) };
    return { kind: type.LABEL as PlainLiteralKind, span, raw: text };
  }
  return undefined;
}

const patterns = new Map<TokenType, RegExp>();

/** What the lexer would take at the start of a text. */
function whole(type: TokenType): RegExp {
  const known = patterns.get(type);
  if (known) return known;
  const made = new RegExp(`^(?:${(type.PATTERN as RegExp).source})`);
  patterns.set(type, made);
  return made;
}

/** `1h30m` is `1 h` and `30 m`; `100Mbit/s` and `25%` are one part. */
function quantityParts(raw: string): QuantityExpr["parts"] {
  const parts: { number: string; unit: string }[] = [];
  for (const [, number, unit] of raw.matchAll(/(\d[\d_]*(?:\.\d[\d_]*)?)([^\d.]*)/g))
    parts.push({ number: number!, unit: unit! });
  return parts;
}

/** The node of a string token. */
export function stringLiteral(token: Token, context: LiteralContext): StringExpr {
  const { quotes, holes, fault } = token.payload as StringScan;
  const base = token.startOffset;
  const end = endOf(token);
  const closed = fault?.kind !== "open";
  const content = { start: base + quotes, end: Math.max(base + quotes, end - (closed ? quotes : 0)) };
  const parts: StringPart[] = [];
  const text = textPart(
    content,
    holes.map((hole) => ({ start: base + hole.start, end: base + hole.end })),
    quotes === 3,
    context,
  );
  let at = content.start;
  for (const hole of holes) {
    const [from, to] = [base + hole.start, base + hole.end];
    push(parts, text(at, from - 2));
    parts.push({
      kind: "holePart",
      span: context.source.span(from - 2, to + 1),
      value: context.hole(from, to),
    });
    at = to + 1;
  }
  push(parts, text(at, content.end));
  return { kind: "string", span: context.source.span(base, end), raw: token.image, parts };
}

function push(parts: StringPart[], part: StringPart | undefined): void {
  if (part) parts.push(part);
}
