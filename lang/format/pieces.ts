/** The tokens of a text with the comments that stand beside them. Separators are gone: the printer makes its own. */
import type { SourceText } from "../source/text.ts";
import type { Comment } from "../syntax/ast.ts";
import { Comma, closerOf, endOf, openerOf, Semicolon, type Token } from "../syntax/tokens.ts";

/** A token, or with an empty image the end of the text. */
export interface Piece {
  readonly image: string;
  readonly token: Token | undefined;
  readonly start: number;
  readonly end: number;
  /** Comments between the piece before it and this one, each on a line of its own. */
  readonly above: readonly OwnComment[];
  /** Comments behind it: the first on its line, others below that one. */
  readonly behind: readonly Comment[];
  /** It, or the first comment above it, begins a line. */
  readonly leads: boolean;
  /** An empty line stands before it and the comments above it. */
  readonly blank: boolean;
  /** For an opening bracket: its partner. */
  readonly closer: Piece | undefined;
}

export interface OwnComment {
  readonly comment: Comment;
  /** An empty line follows. */
  readonly blank: boolean;
}

type Draft = { -readonly [K in keyof Piece]: Piece[K] };

/** Brackets are balanced. */
export function pieces(
  source: SourceText,
  tokens: readonly Token[],
  comments: readonly Comment[],
): readonly Piece[] {
  const found: Draft[] = [];
  const open: Draft[] = [];
  let next = 0; // in `comments`
  let separators: Token[] = [];
  for (const token of [...tokens, undefined]) {
    if (token && (token.tokenType === Comma || token.tokenType === Semicolon)) {
      separators.push(token);
      continue;
    }
    const start = token?.startOffset ?? source.text.length;
    const between: Comment[] = [];
    for (; next < comments.length && comments[next]!.span.start < start; next++)
      between.push(comments[next]!);
    const before = found.at(-1);
    const behind = before ? between.slice(0, countBehind(source, before, separators, between)) : [];
    if (before) before.behind = behind;
    separators = [];
    const above = between.slice(behind.length);
    const from = behind.at(-1)?.span.end ?? before?.end ?? 0;
    const first = above[0]?.span.start ?? start;
    const piece: Draft = {
      image: token?.image ?? "",
      token,
      start,
      end: token ? endOf(token) : start,
      above: above.map((comment, n) => ({
        comment,
        blank: hasBlank(source, comment.span.end, above[n + 1]?.span.start ?? start),
      })),
      behind: [],
      leads: before === undefined || source.lineAt(from) < source.lineAt(first),
      blank: before !== undefined && hasBlank(source, from, first),
      closer: undefined,
    };
    found.push(piece);
    if (token && closerOf.has(token.tokenType)) open.push(piece);
    else if (token && openerOf.has(token.tokenType)) open.pop()!.closer = piece;
  }
  return found;
}

/** How many of the comments that follow `piece` stand behind it. The lexer reads documentation in the same way. */
function countBehind(
  source: SourceText,
  piece: Draft,
  separators: readonly Token[],
  comments: readonly Comment[],
): number {
  const [first] = comments;
  if (!first) return 0;
  const { start } = first.span;
  const last = separators.findLast((it) => it.startOffset < start);
  let line = source.lineAt(start);
  if (line !== source.lineAt(last?.startOffset ?? piece.end)) return 0;
  const column = columnOf(source, start);
  let count = 1;
  for (const { doc, span } of comments.slice(1)) {
    const below = source.lineAt(span.start) === line + 1 && columnOf(source, span.start) === column;
    if (!below || doc !== first.doc || separators.some((it) => it.startOffset > start)) break;
    line++;
    count++;
  }
  return count;
}

function columnOf(source: SourceText, offset: number): number {
  let column = 0;
  for (let at = source.lineStarts[source.lineAt(offset)]!; at < offset; at++)
    column = source.text[at] === "\t" ? column - (column % 8) + 8 : column + 1;
  return column;
}

function hasBlank(source: SourceText, start: number, end: number): boolean {
  return /\n[ \t\f\v]*\n/.test(source.text.slice(start, end).replace(/\r\n?/g, "\n"));
}
