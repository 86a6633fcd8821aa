/** Types. */
import type { Expr } from "../syntax/ast-expr.ts";
import type * as ast from "../syntax/ast-type.ts";
import { concat, type Doc, group, ifBroken, indent, line, separator, space, text } from "./doc.ts";
import { ExprPrinter } from "./print-expr.ts";
import type { Inside } from "./printer.ts";

const args: Inside = { flat: ",", broken: ",", padded: false, kept: "never" };
const wrapped: Inside = { flat: ",", broken: "", padded: false, kept: "never" };
const fields: Inside = { flat: ",", broken: "", padded: true, kept: "any" };

export abstract class TypePrinter extends ExprPrinter {
  protected type(type: ast.TypeExpr): Doc {
    if (this.wraps(type.span)) return this.brackets(wrapped, () => [() => this.type(type)]);
    switch (type.kind) {
      case "error":
        throw new Error("BUG: faulty items are not printed");
      case "namedType":
        return this.named(type);
      case "optionalType":
        return concat(this.type(type.inner), this.take());
      case "refinedType":
        return concat(this.type(type.inner), space, this.take(), space, this.expr(type.condition));
      case "unionType":
        return this.union(type);
      case "recordType":
        return this.brackets(fields, () => type.fields.map((field) => () => this.field(field)));
      case "tupleType":
        return this.brackets(args, () => type.items.map((it) => () => this.type(it)));
    }
  }

  private named({ name, args: types, payload }: ast.NamedType): Doc {
    const head = this.tight(name.span.end);
    if (payload)
      return concat(
        head,
        this.brackets(wrapped, () => [() => this.type(payload)]),
      );
    if (types.length === 0) return head;
    // `<` is no bracket to the lexer.
    const parts = [head, this.take()];
    for (const [n, it] of types.entries())
      parts.push(...(n === 0 ? [] : [separator(","), space]), this.type(it));
    return concat(...parts, this.take());
  }

  private union({ arms }: ast.UnionType): Doc {
    const parts = [this.type(arms[0]!)];
    for (const arm of arms.slice(1)) parts.push(indent(concat(line(), this.take(), space, this.type(arm))));
    return group(concat(...parts));
  }

  /** On lines of their own the colons stand below each other. */
  private field({ type, fallback }: ast.RecordField): Doc {
    const name = this.take();
    const colon = concat(this.tab(":"), ifBroken(text(" "), concat()), this.take(), space, this.type(type));
    return this.item("field", concat(name, colon, this.fallback(fallback, "default")));
  }

  /** `= …` behind a name, or as a default behind a type. */
  protected fallback(value: Expr | undefined, tag: "=" | "default"): Doc {
    if (value === undefined) return concat();
    return concat(this.tab(tag), space, this.take(), space, this.expr(value));
  }
}
