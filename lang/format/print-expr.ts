/** Expressions. */
import type { Body, EntryLabel } from "../syntax/ast.ts";
import type * as ast from "../syntax/ast-expr.ts";
import type { TypeExpr } from "../syntax/ast-type.ts";
import { concat, type Doc, group, indent, join, line, separator, space } from "./doc.ts";
import { type Inside, Printer } from "./printer.ts";

const values: Inside = { flat: ",", broken: ",", padded: false, kept: "first" };
const args: Inside = { flat: ",", broken: ",", padded: false, kept: "never" };
const wrapped: Inside = { flat: ",", broken: "", padded: false, kept: "never" };
const entries: Inside = { flat: ",", broken: "", padded: true, kept: "any" };

/** Which operators may stand beside each other without a level between them. */
const strength: Readonly<Record<ast.BinaryOperator, number>> = {
  or: 1,
  and: 2,
  "==": 3,
  "!=": 3,
  "<": 3,
  "<=": 3,
  ">": 3,
  ">=": 3,
  in: 3,
  matches: 3,
  is: 3,
  "+": 4,
  "++": 4,
  "-": 4,
  "*": 5,
  "/": 5,
  "%": 5,
};

/** Expressions that need no lines for the brackets around them. */
export const bounded: ReadonlySet<string> = new Set(["list", "map", "record", "listFor", "string"]);

export abstract class ExprPrinter extends Printer {
  protected abstract type(type: TypeExpr): Doc;
  /** Settings in braces as parts of a value: with commas. */
  protected abstract record(body: Body): Doc;
  /** Settings in braces as a block: with semicolons. */
  protected abstract block(body: Body): Doc;

  protected expr(expr: ast.Expr): Doc {
    if (this.wraps(expr.span)) return this.hugged([expr], wrapped);
    switch (expr.kind) {
      case "error":
        throw new Error("BUG: faulty items are not printed");
      case "list":
        return this.hugged(expr.items, values);
      case "tuple":
        return this.brackets(args, () => expr.items.map((it) => () => this.expr(it)));
      case "listFor":
        return this.comprehension(expr);
      case "map":
        return this.map(expr);
      case "record":
        return this.record(expr.body);
      case "word":
        return concat(this.tight(expr.name.span.end), this.maybeRecord(expr.body));
      case "read":
        return this.read(expr);
      case "if":
        return this.conditional(expr);
      case "match":
        return this.match(expr);
      case "unary":
        return this.unary(expr);
      case "binary":
        return this.chain(expr);
      case "range":
        return this.range(expr);
      case "field": {
        const object = this.expr(expr.object);
        return concat(object, this.gap(2), this.take(), this.take());
      }
      case "index":
        return concat(
          this.expr(expr.object),
          this.brackets(wrapped, () => [() => this.expr(expr.index)]),
        );
      case "call":
        return concat(this.expr(expr.callee), this.hugged(expr.args, args));
      case "with":
        return concat(this.expr(expr.object), space, this.take(), space, this.record(expr.body));
      default:
        return this.take(); // a name or a literal
    }
  }

  /** A single thing in brackets of its own needs no lines for ours, if no comment does. */
  private hugged(items: readonly ast.Expr[], inside: Inside): Doc {
    const [open, next] = [this.peek(), this.peek(1)];
    const bracketed = items.length === 1 && bounded.has(items[0]!.kind);
    const last = next.closer ?? next;
    const commented = [open.behind, next.above, last.behind, open.closer?.above].some((it) => it?.length);
    if (!bracketed || next.leads || commented)
      return this.brackets(inside, () => items.map((it) => () => this.item("value", this.expr(it))));
    return concat(this.take(), this.expr(items[0]!), this.take());
  }

  private comprehension(expr: ast.ListForExpr): Doc {
    return this.brackets(wrapped, () => [
      () => {
        const head = concat(this.loop(expr.names.at(-1)!.span.end), space, this.expr(expr.source));
        const condition = expr.condition
          ? concat(line(), this.take(), space, this.expr(expr.condition))
          : concat();
        return concat(
          head,
          condition,
          this.gap(2),
          this.take(),
          indent(concat(line(), this.expr(expr.value))),
        );
      },
    ]);
  }

  /** `for k, v in`. */
  protected loop(end: number): Doc {
    const names: Doc[] = [];
    const first = this.take();
    while (this.before(end)) names.push(this.take());
    return concat(
      first,
      space,
      join(names, () => concat(separator(","), space)),
      space,
      this.take(),
    );
  }

  private map({ entries: all }: ast.MapExpr): Doc {
    return this.brackets(entries, () =>
      all.map((entry) => () => {
        const key = this.label(entry.key);
        return this.item(
          "entry",
          concat(key, this.tab("="), space, this.take(), space, this.expr(entry.value)),
        );
      }),
    );
  }

  private match({ subject, arms }: ast.MatchExpr): Doc {
    const head = concat(this.take(), space, this.expr(subject), space);
    return concat(
      head,
      this.brackets(entries, () =>
        arms.map((arm) => () => {
          const pattern = this.tight(arm.pattern.span.end);
          return this.item(
            "arm",
            concat(pattern, this.tab("="), space, this.take(), space, this.expr(arm.value)),
          );
        }),
      ),
    );
  }

  protected label(label: EntryLabel): Doc {
    if (label.kind !== "computedLabel") return this.take();
    if (label.value.kind === "tuple" && label.value.span.start === label.span.start)
      return this.expr(label.value);
    return this.hugged([label.value], wrapped);
  }

  private read({ path, settings, type }: ast.ReadExpr): Doc {
    const head = this.words(path.span.end);
    const body = settings ? concat(space, this.block(settings)) : concat();
    if (!type) return concat(head, body);
    return concat(head, body, space, this.take(), space, this.type(type));
  }

  private maybeRecord(body: Body | undefined): Doc {
    return body ? concat(space, this.record(body)) : concat();
  }

  /** A ladder of `else if` stays at one indentation. */
  protected conditional(expr: ast.IfExpr, inner: (doc: Doc) => Doc = indent): Doc {
    const parts: Doc[] = [];
    let last: ast.Expr = expr;
    for (; last.kind === "if" && (parts.length === 0 || !this.wraps(last.span)); last = last.no) {
      const head = concat(this.take(), space, this.expr(last.condition));
      const yes = indent(concat(line(), this.take(), space, this.expr(last.yes)));
      parts.push(group(concat(head, yes)), line(), this.take(), space);
    }
    return group(inner(concat(...parts, this.expr(last))));
  }

  private unary({ operator, operand }: ast.UnaryExpr): Doc {
    const sign = this.take();
    return concat(sign, operator === "not" ? space : concat(), this.expr(operand));
  }

  /** Operators of one strength in a row; each may begin a line. */
  private chain(expr: ast.BinaryExpr): Doc {
    const row: ast.BinaryExpr[] = [];
    let first: ast.Expr = expr;
    while (
      first.kind === "binary" &&
      strength[first.operator] === strength[expr.operator] &&
      !(row.length > 0 && this.wraps(first.span))
    ) {
      row.push(first);
      first = first.left;
    }
    const parts = [this.expr(first)];
    for (const { right } of row.reverse())
      parts.push(indent(concat(line(), this.take(), space, this.expr(right))));
    return group(concat(...parts));
  }

  private range({ low, high }: ast.RangeExpr): Doc {
    const first = this.expr(low);
    const gap = low.kind === "binary" || high.kind === "binary" ? space : this.gap(3);
    return concat(first, gap, this.take(), gap, this.expr(high));
  }
}
