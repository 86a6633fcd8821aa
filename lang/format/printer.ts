/**
 * What all printers use: the tokens are taken one after the other, the tree says what they are.
 *
 * The tree knows nothing of parentheses around an expression, so they are seen by their place: those that begin in front of a
 * node and end behind it.
 */
import type { Span } from "../source/span.ts";
import { SourceText } from "../source/text.ts";
import { lex } from "../syntax/lexer.ts";
import { isA, LeftParen, Literal, StringToken } from "../syntax/tokens.ts";
import {
  comment,
  concat,
  type Doc,
  empty,
  group,
  hardLine,
  ifBroken,
  indent,
  item,
  join,
  line,
  ownComment,
  separator,
  softLine,
  space,
  tab,
  text,
} from "./doc.ts";
import { imageOf } from "./literals.ts";
import type { Piece } from "./pieces.ts";
import { textOf } from "./strings.ts";

/** How the things between two brackets are written. */
export interface Inside {
  /** Between two on one line. */
  readonly flat: "," | ";";
  /** Behind each on its own line. */
  readonly broken: "," | "";
  /** A blank inside of the brackets. */
  readonly padded: boolean;
  /** Broken because the author began a new line: behind the bracket, anywhere between two, or never. */
  readonly kept: "first" | "any" | "never";
  /** What stands between the separator and the next thing, for columns. */
  readonly between?: ((index: number) => Doc) | undefined;
}

export abstract class Printer {
  private readonly all: readonly Piece[];
  private at = 0;
  private lists = 0;
  /** The list whose items are being printed. */
  protected list = 0;

  constructor(all: readonly Piece[]) {
    this.all = all;
  }

  protected peek(ahead = 0): Piece {
    return this.all[Math.min(this.at + ahead, this.all.length - 1)]!;
  }

  /** The next token begins in front of the offset. */
  protected before(offset: number): boolean {
    return this.peek().token !== undefined && this.peek().start < offset;
  }

  // ---------------------------------------------------------------------------------------------- tokens

  /** The next token with its comments. */
  protected take(): Doc {
    const piece = this.peek();
    return concat(this.above(piece), this.bare());
  }

  /** The next token without the comments above it. */
  private bare(): Doc {
    const { token, image, behind } = this.peek();
    if (token === undefined) throw new Error("BUG: the printer wants more tokens than there are");
    this.at++;
    const doc = token.tokenType === StringToken ? textOf(token) : text(image === "" ? "" : imageOf(token));
    if (behind.length === 0) return doc;
    return concat(doc, comment(behind.map(({ span }) => this.commentText(span))));
  }

  private above({ above }: Piece): Doc {
    if (above.length === 0) return empty;
    return concat(...above.map(({ comment: { span }, blank }) => ownComment(this.commentText(span), blank)));
  }

  protected abstract commentText(span: Span): string;

  /**
   * What stands before a mark that is written without blanks: one blank if the last token, the mark and what follows, `count` tokens
   * in all, would be read as others. A MAC address ends neither in front of a point nor of a colon.
   */
  protected gap(count: number): Doc {
    const images = this.all.slice(this.at - 1, this.at - 1 + count).flatMap(({ token }) => token ?? []);
    if (!images.some((token) => isA(token, Literal) && token.tokenType !== StringToken)) return empty;
    const close = images.filter(({ tokenType }) => tokenType !== StringToken);
    const { tokens } = lex(new SourceText("", close.map(imageOf).join("")));
    const same = close.every(
      (it, n) => imageOf(it) === tokens[n]?.image && it.tokenType === tokens[n]?.tokenType,
    );
    return same ? empty : space;
  }

  /** Comments behind everything. */
  protected remaining(): Doc {
    return this.above(this.peek());
  }

  /** Tokens up to an offset, with a blank between two. */
  protected words(end: number): Doc {
    const docs: Doc[] = [];
    while (this.before(end)) docs.push(this.take());
    return join(docs, () => space);
  }

  /** Tokens up to an offset, with nothing between them. */
  protected tight(end: number): Doc {
    const docs: Doc[] = [];
    while (this.before(end)) docs.push(this.take());
    return concat(...docs);
  }

  // ---------------------------------------------------------------------------------------------- brackets

  /** The next token opens a parenthesis around the node. */
  protected wraps({ start, end }: Span): boolean {
    const { token, start: open, closer } = this.peek();
    return token?.tokenType === LeftParen && open < start && closer !== undefined && closer.start >= end;
  }

  /** The next token is a bracket: prints it, all between it and its partner, and that. */
  protected brackets(inside: Inside, each: () => readonly (() => Doc)[]): Doc {
    const { closer } = this.peek();
    const open = this.take();
    let kept = false;
    const list = this.newList();
    const outer = this.list;
    this.list = list;
    const docs: { doc: Doc; blank: boolean }[] = [];
    for (const [n, print] of each().entries()) {
      const { leads, blank } = this.peek();
      if (leads && (inside.kept === "any" || (inside.kept === "first" && n === 0))) kept = true;
      docs.push({ doc: print(), blank });
    }
    this.list = outer;
    if (closer === undefined || this.peek() !== closer)
      throw new Error("BUG: the tree and the tokens differ");
    if (closer.leads && inside.kept === "any" && docs.length > 0) kept = true;
    const rest = this.above(closer);
    const close = this.bare();
    if (docs.length === 0 && rest.void && !open.tail) return concat(open, close);
    const gap = (blank = false) => (inside.padded ? line(blank) : softLine(blank));
    const mark = inside.broken === "" ? empty : separator(inside.broken);
    const between = (n: number) =>
      concat(
        ifBroken(mark, separator(inside.flat)),
        ifBroken(empty, inside.between?.(n) ?? empty),
        line(docs[n]!.blank),
      );
    const items = join(
      docs.map(({ doc }) => doc),
      between,
    );
    const last = docs.length > 0 ? ifBroken(mark, empty) : empty;
    const comments = rest.void ? empty : concat(docs.length > 0 ? hardLine(closer.blank) : empty, rest);
    return group(
      concat(
        open,
        indent(concat(docs.length > 0 || !rest.void ? gap() : empty, items, last, comments)),
        gap(),
        close,
      ),
      kept,
    );
  }

  /** Things of a list that may take a line each; `of` are alike. */
  protected item(of: string, doc: Doc): Doc {
    return item(doc, this.list, of);
  }

  protected newList(): number {
    return ++this.lists;
  }

  protected tab(tag: string, list = this.list): Doc {
    return tab(tag, list);
  }
}
