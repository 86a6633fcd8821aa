/** Bodies and what stands in them. */
import type * as ast from "../syntax/ast.ts";
import { concat, type Doc, empty, group, hardLine, indent, line, separator, softLine, space } from "./doc.ts";
import { TypePrinter } from "./print-type.ts";
import type { Inside } from "./printer.ts";

const blocks: Inside = { flat: ";", broken: "", padded: true, kept: "any" };
const records: Inside = { flat: ",", broken: "", padded: true, kept: "any" };

export abstract class ItemPrinter extends TypePrinter {
  protected block(body: ast.Body): Doc {
    return this.body(body, this.columns(body));
  }

  protected record(body: ast.Body): Doc {
    return this.brackets(records, () => body.items.map((it) => () => this.itemOf(it)));
  }

  /** Braces with items in them. */
  private body({ items }: ast.Body, between: Inside["between"]): Doc {
    return this.brackets({ ...blocks, between }, () => items.map((it) => () => this.itemOf(it)));
  }

  /** In blocks of one line below each other the same settings stand below each other. */
  private columns({ items }: ast.Body): Inside["between"] {
    const keys = items.map((it) => (it.kind === "setting" ? keyOf(it) : it.kind));
    const list = this.list;
    return (n) => this.tab(`${keys[n - 1]} ${keys[n]}`, list);
  }

  private itemOf(it: ast.Item): Doc {
    switch (it.kind) {
      case "error":
        throw new Error("BUG: faulty items are not printed");
      case "let":
        return this.item("let", this.letDecl(it));
      case "assert":
        return this.item("assert", this.assertion(it));
      case "include":
        return this.item("include", concat(this.take(), space, this.path(it.path)));
      case "when":
        return this.item("when", this.when(it));
      case "for":
        return this.item("for", this.forItem(it));
      case "setting":
        return this.item(classOf(it), this.setting(it));
    }
  }

  protected letDecl({ type, value }: ast.LetDecl): Doc {
    return concat(
      this.take(),
      space,
      this.take(),
      this.typed(type),
      this.fallback(value, type ? "default" : "="),
    );
  }

  /** `: T` behind a name. */
  protected typed(type: ast.TypeExpr | undefined): Doc {
    if (type === undefined) return empty;
    return concat(this.tab(":"), space, this.take(), space, this.type(type));
  }

  protected assertion({ condition, message, details }: ast.AssertItem): Doc {
    const head = concat(this.take(), space, this.expr(condition));
    if (message === undefined) return head;
    const said = group(concat(head, separator(","), indent(concat(line(), this.take()))));
    return details ? concat(said, space, this.block(details)) : said;
  }

  protected when({ condition, body }: ast.WhenItem): Doc {
    return concat(this.take(), space, this.expr(condition), this.beforeBody(), this.block(body));
  }

  protected forItem({ names, source, body }: ast.ForItem): Doc {
    const head = this.loop(names.at(-1)!.span.end);
    return concat(head, space, this.expr(source), this.beforeBody(), this.block(body));
  }

  /**
   * Documentation behind a brace is that of the item if the brace stands on the item's first line: it stays where it was.
   */
  protected beforeBody(): Doc {
    const { leads, behind } = this.peek();
    return leads && behind[0]?.doc ? hardLine() : space;
  }

  private setting({ rank, path, labels, value }: ast.Setting): Doc {
    const parts: Doc[] = rank ? [this.take(), space] : [];
    parts.push(this.path(path));
    for (const label of labels) parts.push(space, this.label(label));
    const head = concat(...parts);
    switch (value.kind) {
      case "bare":
        return head;
      case "block":
        return concat(head, this.tab("="), this.beforeBody(), this.block(value.body));
      case "arrow": {
        const to = concat(this.tab("->"), space, this.take(), space, this.label(value.to));
        return concat(head, to, this.fallback(value.value, "="));
      }
      default:
        return concat(head, this.fallback(value.value, "="));
    }
  }

  private path({ steps }: ast.Path): Doc {
    const parts = [this.take()];
    for (const step of steps)
      if (step.kind === "fieldStep") parts.push(this.take(), this.take());
      else
        parts.push(
          this.take(),
          group(concat(indent(concat(softLine(), this.expr(step.index))), softLine())),
          this.take(),
        );
    return concat(...parts);
  }
}

/** Settings that stand below each other and look the same: those with labels by their name, all others. */
function classOf({ path, labels, rank }: ast.Setting): string {
  return labels.length === 0 ? "setting" : `${rank?.word ?? ""} ${path.head.text}`;
}

function keyOf({ path, labels, value }: ast.Setting): string {
  return `${path.head.text}${path.steps.length}/${labels.length}/${value.kind}`;
}
