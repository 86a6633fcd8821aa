/** The declarations of a file. */

import type { Span } from "../source/span.ts";
import type { SourceText } from "../source/text.ts";
import type * as ast from "../syntax/ast.ts";
import { concat, type Doc, empty, hardLine, join, space } from "./doc.ts";
import type { Piece } from "./pieces.ts";
import { LibraryPrinter } from "./print-library.ts";

export class FilePrinter extends LibraryPrinter {
  private readonly source: SourceText;

  constructor(source: SourceText, pieces: readonly Piece[]) {
    super(pieces);
    this.source = source;
  }

  protected commentText({ start, end }: Span): string {
    return this.source.text.slice(start, end).trimEnd();
  }

  /** Declarations with whole trees, and the comments at the end. `edition`: with the first line. */
  file(items: readonly ast.Top[], edition: boolean): Doc {
    this.list = this.newList();
    const docs: { doc: Doc; blank: boolean }[] = [];
    const add = (print: () => Doc) => {
      const { blank } = this.peek();
      docs.push({ doc: print(), blank });
    };
    if (edition) add(() => this.item("edition", concat(this.take(), space, this.take())));
    for (const it of items) add(() => this.item(it.kind, this.top(it)));
    if (this.peek().above.length > 0) add(() => this.remaining());
    return join(
      docs.map(({ doc }) => doc),
      (n) => hardLine(docs[n]!.blank),
    );
  }

  private top(it: ast.Top): Doc {
    switch (it.kind) {
      case "error":
        throw new Error("BUG: faulty items are not printed");
      case "use":
        return this.use(it);
      case "library":
        return concat(this.take(), space, this.tight(it.span.end));
      case "let":
        return this.letDecl(it);
      case "assert":
        return this.assertion(it);
      case "fn":
        return this.fn(it);
      case "type": {
        const head = concat(this.take(), space, this.take(), this.tab("="), space, this.take());
        return concat(head, space, this.type(it.type));
      }
      case "secret": {
        const head = concat(this.take(), space, this.take(), this.typed(it.type));
        return concat(head, space, this.words(it.span.end));
      }
      case "param":
        return concat(
          this.take(),
          space,
          this.take(),
          this.typed(it.type),
          it.delivery ? concat(space, this.words(it.delivery.span.end)) : empty,
          this.fallback(it.fallback, "default"),
        );
      case "test":
      case "appliance":
      case "fragment":
      case "target":
      case "interfaceDecl":
        return concat(this.take(), space, this.take(), this.beforeBody(), this.block(it.body));
      case "blockDecl":
      case "moduleDecl":
        return this.declaration(it);
      case "diagnosticDecl":
        return this.words(it.span.end);
    }
  }

  private use({ from, span }: ast.UseDecl): Doc {
    const head = concat(this.take(), space, this.tight(from.span.end));
    return this.before(span.end) ? concat(head, space, this.words(span.end)) : head;
  }
}
