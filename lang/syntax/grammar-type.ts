/** Types (`TypeExpr` of the grammar). */
import type { Name } from "./ast.ts";
import type { RecordField, TypeExpr } from "./ast-type.ts";
import type { Rule, Stop } from "./grammar-base.ts";
import { ExprGrammar } from "./grammar-expr.ts";
import {
  Assign,
  Bar,
  Colon,
  Dot,
  Greater,
  LeftBrace,
  LeftParen,
  Less,
  Question,
  RightBrace,
  RightParen,
  W,
} from "./tokens.ts";

export abstract class TypeGrammar extends ExprGrammar {
  protected readonly typeExpr: Rule<TypeExpr, [stop?: Stop]> = this.rule("typeExpr", (stop?: Stop) =>
    this.nested(() => {
      const first = this.next();
      const arms: TypeExpr[] = [];
      this.AT_LEAST_ONE_SEP({
        SEP: Bar,
        DEF: () => arms.push(this.SUBRULE(this.typeTerm, { ARGS: [stop] })),
        ERR_MSG: "a type",
      });
      return arms.length === 1 ? arms[0]! : { kind: "unionType", span: this.since(first), arms };
    }),
  );

  private readonly typeTerm: Rule<TypeExpr, [stop?: Stop]> = this.rule("typeTerm", (stop?: Stop) => {
    const first = this.next();
    let type = this.OR<TypeExpr>({
      DEF: [
        { ALT: () => this.SUBRULE(this.namedType) },
        { ALT: () => this.SUBRULE(this.recordType) },
        { ALT: () => this.SUBRULE(this.tupleType) },
      ],
      ERR_MSG: "a type",
    });
    this.OPTION(() => {
      this.CONSUME(Question);
      type = { kind: "optionalType", span: this.since(first), inner: type };
    });
    this.OPTION1(() => {
      const inner = type;
      this.OR1([
        {
          ALT: () => {
            this.CONSUME(W.in);
            const condition = this.SUBRULE(this.operation, { ARGS: [stop, true] });
            type = { kind: "refinedType", span: this.since(first), inner, by: "in", condition };
          },
        },
        {
          ALT: () => {
            this.CONSUME(W.where);
            const condition = this.SUBRULE(this.expr, { ARGS: [stop] });
            type = { kind: "refinedType", span: this.since(first), inner, by: "where", condition };
          },
        },
      ]);
    });
    return type;
  });

  private readonly namedType: Rule<TypeExpr> = this.rule("namedType", () => {
    const first = this.next();
    let name = this.name(1, "a type");
    let qualifier: Name | undefined;
    this.OPTION(() => {
      this.CONSUME(Dot);
      qualifier = name;
      name = this.name(2, "a name");
    });
    let args: TypeExpr[] = [];
    let payload: TypeExpr | undefined;
    this.OPTION1(() => {
      this.OR([
        {
          ALT: () => {
            this.CONSUME(Less);
            args = this.SUBRULE(this.types);
            this.CONSUME(Greater, { ERR_MSG: "`>`" });
          },
        },
        {
          ALT: () => {
            this.CONSUME(LeftParen);
            payload = this.SUBRULE(this.typeExpr);
            this.CONSUME(RightParen, { ERR_MSG: "`)`" });
          },
        },
      ]);
    });
    return { kind: "namedType", span: this.since(first), qualifier, name, args, payload };
  });

  private readonly recordType: Rule<TypeExpr> = this.rule("recordType", () => {
    const first = this.next();
    this.CONSUME(LeftBrace);
    const fields: RecordField[] = [];
    this.MANY(() => {
      fields.push(this.SUBRULE(this.recordField));
      this.MANY1(() => this.SUBRULE(this.separator));
    });
    this.CONSUME(RightBrace, { ERR_MSG: "a name of a field or `}`" });
    return { kind: "recordType", span: this.since(first), fields };
  });

  private readonly recordField: Rule<RecordField> = this.rule("recordField", () => {
    const first = this.next();
    const name = this.name(1, "a name of a field");
    this.CONSUME(Colon, { ERR_MSG: "`:` and a type" });
    const type = this.SUBRULE(this.typeExpr);
    const fallback = this.OPTION(() => {
      this.CONSUME(Assign);
      return this.SUBRULE(this.expr);
    });
    const doc = this.ACTION(() => this.doc(first));
    return { kind: "recordField", span: this.since(first), doc, name, type, fallback };
  });

  private readonly tupleType: Rule<TypeExpr> = this.rule("tupleType", () => {
    const first = this.next();
    this.CONSUME(LeftParen);
    const items = this.SUBRULE(this.types);
    this.CONSUME(RightParen, { ERR_MSG: "`)`" });
    return this.ACTION(() =>
      items.length === 1 ? items[0]! : { kind: "tupleType", span: this.since(first), items },
    );
  });

  /** One type or more; the comma between two of them is optional. */
  private readonly types: Rule<TypeExpr[]> = this.rule("types", () => {
    const items: TypeExpr[] = [];
    this.AT_LEAST_ONE({
      DEF: () => {
        items.push(this.SUBRULE(this.typeExpr));
        this.OPTION(() => this.SUBRULE(this.separator));
      },
      ERR_MSG: "a type",
    });
    return items;
  });
}
