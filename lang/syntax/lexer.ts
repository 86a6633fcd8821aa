/** Text to tokens. Comments are kept apart; documentation is put on the tokens that it stands beside. */
import { Lexer } from "chevrotain";
import { diagnose } from "../diagnostics/catalog.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { SourceText } from "../source/text.ts";
import type { Comment } from "./ast.ts";
import { habitOfForeign } from "./foreign.ts";
import type { StringScan } from "./strings.ts";
import {
  Comma,
  endOf,
  ForeignWord,
  Identifier,
  lexed,
  RegexToken,
  Semicolon,
  StringToken,
  type Token,
  words,
} from "./tokens.ts";

export interface Lexed {
  readonly tokens: Token[];
  readonly comments: readonly Comment[];
  readonly diagnostics: readonly Diagnostic[];
}

let shared: Lexer | undefined;

/** Constructed at the first use; `validate` makes a new one with all of chevrotain's checks, for a test. */
export function lexer(validate = false): Lexer {
  if (validate) return new Lexer([...lexed], { positionTracking: "onlyOffset", ensureOptimizations: true });
  shared ??= new Lexer([...lexed], { positionTracking: "onlyOffset", skipValidations: true });
  return shared;
}

/** The tokens between two offsets of the source. */
export function lex(source: SourceText, start = 0, end = source.text.length): Lexed {
  const { tokens: raw, groups, errors } = lexer().tokenize(source.text.slice(start, end));
  const tokens = raw as Token[];
  const diagnostics: Diagnostic[] = [];
  for (const token of tokens) {
    token.startOffset += start;
    if (token.tokenType === Identifier) {
      const type = words.get(token.image);
      if (type) Object.assign(token, { tokenType: type, tokenTypeIdx: type.tokenTypeIdx });
    }
    judge(token, source, diagnostics);
  }
  strange(
    source,
    errors.map(({ offset, length }) => [start + offset, start + offset + length]),
    diagnostics,
  );
  const comments = (groups["comments"] ?? []).map((token) =>
    comment(source, token.startOffset + start, token.image),
  );
  place(source, tokens, comments);
  const foreign = groups["foreign"] ?? [];
  for (const { startOffset, image } of foreign) {
    const { shown, help } = habitOfForeign(image);
    const from = start + startOffset;
    const span = source.span(from, from + shown.length);
    diagnostics.push(diagnose("E0002", span, { text: shown, word: false, help }));
  }
  damage(tokens, [
    ...errors.map(({ offset }) => start + offset),
    ...foreign.map((it) => start + it.startOffset),
  ]);
  return { tokens, comments, diagnostics };
}

/** Marks the tokens that stand behind something which is none. */
function damage(tokens: readonly Token[], offsets: readonly number[]): void {
  let at = 0;
  for (const offset of offsets.toSorted((a, b) => a - b)) {
    while (at < tokens.length && tokens[at]!.startOffset < offset) at++;
    if (at < tokens.length) tokens[at]!.damaged = true;
  }
}

function comment(source: SourceText, start: number, image: string): Comment {
  const doc = image.startsWith("##");
  const text = image.slice(doc ? 2 : 1).trimEnd();
  const span = source.span(start, start + image.length);
  return { kind: "comment", span, doc, text: text.startsWith(" ") ? text.slice(1) : text };
}

/** Faults within one token: the token stays, so the parser goes on as if it were right. */
function judge(token: Token, source: SourceText, diagnostics: Diagnostic[]): void {
  const { startOffset: start, tokenType: type } = token;
  if (type === StringToken) {
    const { quotes, fault } = token.payload as StringScan;
    if (fault?.kind === "open")
      diagnostics.push(diagnose("E0005", source.span(start, start + quotes), { what: "text", quotes }));
    if (fault?.kind === "hole")
      diagnostics.push(
        diagnose("E0005", source.span(start + fault.at, start + fault.at + 2), { what: "hole", quotes }),
      );
  } else if (type === RegexToken) {
    if (token.payload === false)
      diagnostics.push(diagnose("E0005", source.span(start, start + 2), { what: "regex", quotes: 1 }));
  } else if (type === ForeignWord)
    diagnostics.push(diagnose("E0002", source.span(start, endOf(token)), { text: token.image, word: true }));
}

const quotes = /^['`\u2018-\u201f\u00ab\u00bb]+$/;

/** Characters that begin no token; of quotes only the first on a line. */
function strange(
  source: SourceText,
  ranges: readonly (readonly [number, number])[],
  diagnostics: Diagnostic[],
): void {
  let quoted = -1;
  for (const [start, end] of ranges) {
    const text = source.text.slice(start, end);
    if (/^[\ufffd\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]+$/u.test(text)) continue; // reported by `checkText`
    const line = source.lineAt(start);
    if (quotes.test(text) && quoted === line) continue;
    if (quotes.test(text)) quoted = line;
    diagnostics.push(diagnose("E0002", source.span(start, end), { text, word: false }));
  }
}

/** Lines, indentation and documentation. */
function place(source: SourceText, tokens: readonly Token[], comments: readonly Comment[]): void {
  const docs = comments.filter((it) => it.doc);
  let nextDoc = 0;
  let line = tokens[0] ? source.lineAt(tokens[0].startOffset) : 0;
  let lastLine = -1; // where the token before ends
  let pending: string[] = [];
  let behind: { token: Token; line: number; column: number } | undefined;
  const document = (until: number, previous: number) => {
    for (; nextDoc < docs.length && docs[nextDoc]!.span.start < until; nextDoc++) {
      const { span, text } = docs[nextDoc]!;
      const at = source.lineAt(span.start);
      const column = indentation(source.text, source.lineStarts[at]!, span.start);
      if (at === lastLine) {
        const token = documented(tokens, previous);
        if (!token) continue;
        token.docBehind = text;
        behind = { token, line: at, column };
      } else if (behind && behind.line + 1 === at && behind.column === column) {
        behind.token.docBehind += `\n${text}`;
        behind.line = at;
      } else pending.push(text);
    }
  };
  for (const [index, token] of tokens.entries()) {
    document(token.startOffset, index - 1);
    while (line + 1 < source.lineStarts.length && source.lineStarts[line + 1]! <= token.startOffset) line++;
    token.line = line;
    token.leads = line !== lastLine;
    token.indent = token.leads ? indentation(source.text, source.lineStarts[line]!, token.startOffset) : 0;
    if (pending.length > 0) token.docBefore = pending.join("\n");
    pending = [];
    behind = undefined;
    lastLine = token.tokenType === StringToken ? source.lineAt(endOf(token)) : line;
  }
  document(Number.POSITIVE_INFINITY, tokens.length - 1);
}

/** The token that a comment behind `tokens[index]` belongs to: a separator has no documentation. */
function documented(tokens: readonly Token[], index: number): Token | undefined {
  const token = tokens[index];
  const separates = token?.tokenType === Comma || token?.tokenType === Semicolon;
  return separates ? (tokens[index - 1] ?? token) : token;
}

function indentation(text: string, start: number, end: number): number {
  let width = 0;
  for (let at = start; at < end; at++) width = text[at] === "\t" ? width - (width % 8) + 8 : width + 1;
  return width;
}
