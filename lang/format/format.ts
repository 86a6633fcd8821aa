/**
 * The one style of `.appl` files: a text in, the same text laid out. What it says is the same, every comment is there, and
 * laying it out again changes nothing.
 *
 * Declarations with mistakes stay as they were written, to the letter.
 */
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import type { SourceText } from "../source/text.ts";
import type { Comment, FileAst, Top } from "../syntax/ast.ts";
import { repairs } from "../syntax/brackets.ts";
import { checkText } from "../syntax/check-text.ts";
import { lex } from "../syntax/lexer.ts";
import { parse } from "../syntax/parse.ts";
import type { Token } from "../syntax/tokens.ts";
import { align } from "./align.ts";
import { type Line, layout } from "./layout.ts";
import { pieces } from "./pieces.ts";
import { FilePrinter } from "./print-file.ts";
import { sameTree } from "./same.ts";

export interface Formatted {
  /** Undefined if the text cannot be laid out without a change of what it says. */
  readonly text: string | undefined;
  /** Of the syntax; declarations with errors are as they were. */
  readonly diagnostics: readonly Diagnostic[];
}

export function format(path: string, content: Uint8Array | string): Formatted {
  const { source, hopeless } = checkText(path, content);
  const { ast, diagnostics } = parse(path, content);
  if (hopeless) return { text: undefined, diagnostics };
  const text = formatted(source, ast, diagnostics);
  // Whoever trusts this with a description must not have to look.
  return { text: sameTree(ast, parse(path, text).ast) ? text : undefined, diagnostics };
}

/** A declaration, or everything before the first, up to where the next one begins. */
interface Section {
  readonly start: number;
  readonly end: number;
  readonly item: Top | undefined;
  readonly faulty: boolean;
}

function formatted(source: SourceText, ast: FileAst, diagnostics: readonly Diagnostic[]): string {
  const { tokens, comments } = lex(source);
  const sections = sectionsOf(source, ast, tokens, diagnostics);
  let text = "";
  for (let n = 0; n < sections.length; ) {
    let last = n + 1;
    const { faulty, start } = sections[n]!;
    while (sections[last]?.faulty === faulty) last++;
    const part = faulty
      ? source.text.slice(start, sections[last - 1]!.end).trimEnd()
      : laidOut(source, tokens, comments, sections.slice(n, last));
    if (text !== "" && part !== "") text += isBlankBefore(source, start) ? "\n\n" : "\n";
    text += part;
    n = last;
  }
  return text === "" ? "" : `${text}\n`;
}

function sectionsOf(
  { text }: SourceText,
  { items }: FileAst,
  tokens: readonly Token[],
  diagnostics: readonly Diagnostic[],
): Section[] {
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  // What did not parse may begin with the blanks before it.
  const starts = items.map(({ span: { start } }) => start + text.slice(start).search(/\S|$/));
  return [undefined, ...items].map((item, n) => {
    const start = starts[n - 1] ?? 0;
    const end = starts[n] ?? text.length;
    const isWithin = (at: number) => start <= at && (at < end || end === text.length);
    const faulty =
      errors.some(({ primary: { span } }) => isWithin(span.start)) ||
      (errors.length > 0 &&
        (hasErrors(item) || repairs(tokens.filter((it) => isWithin(it.startOffset))).length > 0));
    return { start, end, item, faulty };
  });
}

function hasErrors(node: unknown): boolean {
  if (typeof node !== "object" || node === null) return false;
  return (node as { kind?: string }).kind === "error" || Object.values(node).some(hasErrors);
}

function isBlankBefore({ text }: SourceText, offset: number): boolean {
  return /\n\s*\n\s*$/.test(text.slice(0, offset).replace(/\r\n?/g, "\n"));
}

function laidOut(
  source: SourceText,
  tokens: readonly Token[],
  comments: readonly Comment[],
  sections: readonly Section[],
): string {
  const [from, to] = [sections[0]!.start, sections.at(-1)!.end];
  const within = <T>(all: readonly T[], place: (it: T) => number) =>
    all.filter((it) => from <= place(it) && place(it) < to);
  const own = pieces(
    source,
    within(tokens, (it) => it.startOffset),
    within(comments, (it) => it.span.start),
  );
  const items = sections.flatMap(({ item }) => item ?? []);
  const lines = layout(new FilePrinter(source, own).file(items, from === 0 && own.length > 1));
  align(lines);
  return lines.map(written).join("\n");
}

function written({ indent, text, blank, comments }: Line, index: number): string {
  const begin = " ".repeat(indent);
  const column = " ".repeat([...text].length + 2);
  const full = comments.map((it, n) => (n === 0 ? `${text}  ${it}` : column + it));
  const lines = (full.length === 0 ? [text] : full).map((it) => (it === "" ? "" : begin + it));
  return (blank && index > 0 ? "\n" : "") + lines.join("\n");
}
