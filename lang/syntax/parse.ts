/** Text to tree. Never throws, whatever the text: what is wrong with it is told, and the tree has the rest. */
import { diagnose } from "../diagnostics/catalog.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { inOrder } from "../diagnostics/order.ts";
import type { SourceText } from "../source/text.ts";
import type { ErrorNode, FileAst } from "./ast.ts";
import type { Expr } from "./ast-expr.ts";
import { reportRepairs } from "./bracket-report.ts";
import { balance, repairs } from "./brackets.ts";
import { checkText } from "./check-text.ts";
import { Grammar } from "./grammar.ts";
import { lex } from "./lexer.ts";
import { type End, type Fault, report } from "./messages.ts";
import type { StringScan } from "./strings.ts";
import { endOf, StringToken, type Token, W } from "./tokens.ts";

const EDITION = 1;

let shared: Grammar | undefined;

/** Constructed at the first use: reading the grammar takes longer than reading a file. */
function grammar(): Grammar {
  shared ??= new Grammar();
  return shared;
}

/** One file. `path` is what spans and messages call it. */
export function parse(
  path: string,
  content: Uint8Array | string,
): { ast: FileAst; diagnostics: readonly Diagnostic[] } {
  const { source, diagnostics, hopeless } = checkText(path, content);
  const found = [...diagnostics];
  const span = source.span(0, source.text.length);
  if (hopeless)
    return { ast: { kind: "file", span, edition: undefined, items: [], comments: [] }, diagnostics: found };
  const lexed = lex(source);
  found.push(...lexed.diagnostics);
  const [edition, tokens] = readEdition(source, lexed.tokens, found);
  const items = read(source, tokens, endOfText(source, tokens), found, (by) => by.file());
  return {
    ast: { kind: "file", span, edition, items, comments: lexed.comments },
    diagnostics: inOrder(found),
  };
}

/** One expression, as a command line gives it. */
export function parseExpression(
  path: string,
  content: string,
): { expr: Expr; diagnostics: readonly Diagnostic[] } {
  const { source, diagnostics, hopeless } = checkText(path, content);
  if (hopeless) return { expr: { kind: "error", span: source.span(0, 0) }, diagnostics };
  const { tokens, diagnostics: lexical } = lex(source);
  const found = [...diagnostics, ...lexical];
  const expr = read(source, tokens, endOfText(source, tokens), found, (by) => by.only());
  return { expr, diagnostics: inOrder(found) };
}

/** `appl 1`: without it the rest is read as the newest edition. */
function readEdition(
  source: SourceText,
  tokens: Token[],
  found: Diagnostic[],
): readonly [edition: number | undefined, rest: Token[]] {
  const [word, number] = tokens;
  if (word?.tokenType !== W.appl || number === undefined || number.leads) {
    const start = word ? source.lineStarts[word.line]! : source.text.length;
    const edit = { span: source.span(start, start), text: `appl ${EDITION}\n`, safe: true as const };
    const wrong = word?.tokenType === W.appl;
    const at = word && wrong ? source.span(word.startOffset, endOf(word)) : source.span(start, start);
    found.push(diagnose("E0008", at, { edit: wrong ? undefined : edit }));
    return [undefined, wrong ? tokens.slice(1) : tokens];
  }
  const known = number.image === String(EDITION);
  if (!known)
    found.push(diagnose("E0009", source.span(number.startOffset, endOf(number)), { edition: number.image }));
  return [known ? EDITION : undefined, tokens.slice(2)];
}

/** Balances the tokens, parses the holes of their strings, then the tokens themselves. */
function read<T>(
  source: SourceText,
  tokens: readonly Token[],
  end: End,
  found: Diagnostic[],
  rule: (by: Grammar) => T,
): T {
  const made = repairs(tokens);
  const balanced = balance(tokens, made);
  const holes = new Map<number, Expr | ErrorNode>();
  readHoles(source, balanced, found, holes);
  const { value, faults, found: others } = grammar().parse(source, balanced, end.offset, holes, rule);
  const damaged = damagedLines(balanced);
  const lines = new Set<number>(); // with a fault that is not the consequence of another
  const reported = [...faults]
    .sort((a, b) => order(a) - order(b))
    .flatMap((fault) => {
      const { token, stray } = fault;
      if (stray && lines.has(token.line)) return [];
      if (token.index > (damaged.get(token.line) ?? Number.POSITIVE_INFINITY)) return [];
      lines.add(fault.token.line);
      return report(source, balanced, end, fault) ?? [];
    });
  found.push(...others, ...reported, ...reportRepairs(source, tokens, made, end, reported));
  return value;
}

/** Lines with a character that is none of the language, and the first token behind it: what follows there makes little sense. */
function damagedLines(tokens: readonly Token[]): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  for (const { damaged, line, index } of tokens) if (damaged && !found.has(line)) found.set(line, index);
  return found;
}

function readHoles(
  source: SourceText,
  tokens: readonly Token[],
  found: Diagnostic[],
  holes: Map<number, Expr | ErrorNode>,
): void {
  for (const { tokenType, payload, startOffset } of tokens) {
    if (tokenType !== StringToken) continue;
    for (const { start, end } of (payload as StringScan).holes) {
      const inner = lex(source, startOffset + start, startOffset + end);
      found.push(...inner.diagnostics);
      const close = { offset: startOffset + end, found: "`}`", closer: "`}`" };
      holes.set(
        startOffset + start,
        read(source, inner.tokens, close, found, (by) => by.only()),
      );
    }
  }
}

function endOfText(source: SourceText, tokens: readonly Token[]): End {
  const last = tokens.at(-1);
  return { offset: last ? endOf(last) : source.text.length, found: "the end of the text" };
}

/** The end of the text has no offset. */
function order({ token }: Fault): number {
  return Number.isNaN(token.startOffset) ? Number.POSITIVE_INFINITY : token.startOffset;
}
