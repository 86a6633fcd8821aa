/** Expressions (`Expr` to `Braced` of the grammar). */
import { join } from "../source/span.ts";
import type { Body, EntryLabel, ErrorNode, MapEntry, Name } from "./ast.ts";
import type { Expr, LiteralExpr, MatchArm, Pattern, ReadExpr, StringExpr } from "./ast-expr.ts";
import type { TypeExpr } from "./ast-type.ts";
import { GrammarBase, type Rule, type Stop } from "./grammar-base.ts";
import { literal, stringLiteral } from "./literals.ts";
import { isArithmetic, type Operand, tree } from "./operators.ts";
import {
  Arrow,
  Colon,
  Comma,
  Dot,
  Infix,
  LeftBrace,
  LeftBracket,
  LeftParen,
  Literal,
  Minus,
  ReaderToken,
  RightBrace,
  RightBracket,
  RightParen,
  Semicolon,
  StringToken,
  type Token,
  W,
} from "./tokens.ts";

export abstract class ExprGrammar extends GrammarBase {
  protected abstract readonly body: Rule<Body>;
  protected abstract readonly typeExpr: Rule<TypeExpr, [stop?: Stop]>;
  /** The expression in a hole of a string. */
  protected abstract hole(start: number, end: number): Expr | ErrorNode;

  readonly expr: Rule<Expr, [stop?: Stop]> = this.rule("expr", (stop?: Stop) =>
    this.nested(() =>
      this.OR({
        DEF: [
          { ALT: () => this.SUBRULE(this.conditional, { ARGS: [stop] }) },
          { ALT: () => this.SUBRULE(this.match, { ARGS: [stop] }) },
          { ALT: () => this.SUBRULE(this.operation, { ARGS: [stop] }) },
        ],
        ERR_MSG: "a value",
      }),
    ),
  );

  private readonly conditional: Rule<Expr, [stop?: Stop]> = this.rule("conditional", (stop?: Stop) => {
    const first = this.next();
    return this.measured((): [Expr, number] => {
      this.CONSUME(W.if);
      const condition = this.SUBRULE(this.expr);
      this.CONSUME(W.then, { ERR_MSG: "`then`" });
      const yes = this.SUBRULE1(this.expr);
      this.CONSUME(W.else, { ERR_MSG: "`else`" });
      const no = this.SUBRULE2(this.expr, { ARGS: [stop] });
      return [{ kind: "if", span: this.since(first), condition, yes, no }, 1];
    });
  });

  private readonly match: Rule<Expr, [stop?: Stop]> = this.rule("match", () => {
    const first = this.next();
    this.CONSUME(W.match);
    const subject = this.SUBRULE(this.operation, { ARGS: ["body"] });
    this.CONSUME(LeftBrace, { ERR_MSG: "`{`" });
    const arms: MatchArm[] = [];
    this.AT_LEAST_ONE({
      DEF: () => {
        arms.push(this.SUBRULE(this.matchArm));
        this.MANY(() => this.SUBRULE(this.separator));
      },
      ERR_MSG: "a pattern",
    });
    this.CONSUME(RightBrace, { ERR_MSG: "a pattern or `}`" });
    return { kind: "match", span: this.since(first), subject, arms };
  });

  private readonly matchArm: Rule<MatchArm> = this.rule("matchArm", () => {
    const first = this.next();
    const pattern = this.OR<Pattern>({
      DEF: [
        {
          ALT: () => {
            const name = this.name(1, "a pattern");
            const binding = this.OPTION(() => {
              this.CONSUME(LeftParen);
              const inner = this.name(2, "a name for what is in it");
              this.CONSUME(RightParen, { ERR_MSG: "`)`" });
              return inner;
            });
            return { kind: "namePattern", span: this.since(first), name, binding };
          },
        },
        {
          ALT: () => {
            const value = this.SUBRULE(this.literal);
            return { kind: "literalPattern", span: this.since(first), value };
          },
        },
      ],
      ERR_MSG: "a pattern",
    });
    this.CONSUME(Arrow, { ERR_MSG: "`=>`" });
    const value = this.SUBRULE(this.expr);
    return { kind: "matchArm", span: this.since(first), pattern, value };
  });

  /** Operands and the operators between them; with `range`, those of `Range` and stronger ones only. */
  protected readonly operation: Rule<Expr, [stop?: Stop, range?: boolean]> = this.rule(
    "operation",
    (stop?: Stop, range?: boolean) =>
      this.measured((): [Expr, number] => {
        const operands: Operand[] = [this.SUBRULE(this.operand, { ARGS: [stop] })];
        const operators: Token[] = [];
        this.MANY({
          GATE: () => !range || isArithmetic(this.next()),
          DEF: () => {
            operators.push(this.CONSUME(Infix) as Token);
            operands.push(this.SUBRULE1(this.operand, { ARGS: [stop] }));
          },
        });
        return [this.ACTION(() => tree(operands, operators)), operators.length];
      }),
  );

  private readonly operand: Rule<Operand, [stop?: Stop]> = this.rule("operand", (stop?: Stop) => {
    const not = this.OPTION(() => this.CONSUME(W.not)) as Token | undefined;
    const minus = this.OPTION1(() => this.CONSUME(Minus)) as Token | undefined;
    const value = this.measured((): [Expr, number] => {
      let links = 1;
      let value = this.SUBRULE(this.primary, { ARGS: [stop] });
      this.MANY({
        GATE: () => !this.next().leads || !this.is(1, LeftBracket, LeftParen),
        DEF: () => {
          value = this.SUBRULE(this.postfix, { ARGS: [value] });
          links++;
        },
      });
      return [value, links];
    });
    if (!minus) return { not, value };
    return this.ACTION(() => {
      const span = { ...value.span, start: minus.startOffset };
      return { not, value: { kind: "unary", span, operator: "-", operand: value } };
    });
  });

  private readonly postfix: Rule<Expr, [object?: Expr]> = this.rule("postfix", (given?: Expr) => {
    const object = given as Expr;
    const span = () => this.ACTION(() => join(object.span, this.at(this.previous())));
    return this.OR<Expr>([
      {
        ALT: () => {
          this.CONSUME(Dot);
          const name = this.name(1, "a name");
          return { kind: "field", span: span(), object, name };
        },
      },
      {
        ALT: () => {
          this.CONSUME(LeftBracket);
          const index = this.SUBRULE(this.expr);
          this.CONSUME(RightBracket, { ERR_MSG: "`]`" });
          return { kind: "index", span: span(), object, index };
        },
      },
      {
        ALT: () => {
          this.CONSUME(LeftParen);
          const args = this.SUBRULE(this.values);
          this.CONSUME(RightParen, { ERR_MSG: "`)`" });
          return { kind: "call", span: span(), callee: object, args };
        },
      },
      {
        ALT: () => {
          this.CONSUME(W.with);
          const body = this.SUBRULE(this.body);
          return { kind: "with", span: span(), object, body };
        },
      },
    ]);
  });

  private readonly primary: Rule<Expr, [stop?: Stop]> = this.rule("primary", (stop?: Stop) =>
    this.OR<Expr>({
      DEF: [
        { ALT: () => this.SUBRULE(this.literal) },
        { ALT: () => this.SUBRULE(this.reader, { ARGS: [stop] }) },
        {
          IGNORE_AMBIGUITIES: true, // `file` is a name too, but not in an expression
          ALT: () => {
            if (this.is(1, ReaderToken)) this.misplaced(this.next(2), "a path in quotes");
            const name = this.name(1, "a value");
            return this.ACTION(() => ({ kind: "name", span: name.span, text: name.text }));
          },
        },
        { ALT: () => this.SUBRULE(this.word, { ARGS: [stop] }) },
        { ALT: () => this.SUBRULE(this.list) },
        { GATE: () => this.opensMap(), ALT: () => this.SUBRULE(this.map), IGNORE_AMBIGUITIES: true },
        {
          ALT: () => {
            const body = this.SUBRULE(this.body);
            return this.ACTION(() => ({ kind: "record", span: body.span, body }));
          },
        },
        { ALT: () => this.SUBRULE(this.parenthesised) },
      ],
      ERR_MSG: "a value",
    }),
  );

  private readonly word: Rule<Expr, [stop?: Stop]> = this.rule("word", (stop?: Stop) => {
    const first = this.next();
    this.CONSUME(Dot);
    const name = this.name(1, "a name");
    const body = this.OPTION({ GATE: () => stop !== "body", DEF: () => this.SUBRULE(this.body) });
    return { kind: "word", span: this.since(first), name, body };
  });

  private readonly reader: Rule<ReadExpr, [stop?: Stop]> = this.rule("reader", (stop?: Stop) => {
    const first = this.next();
    const word = this.CONSUME(ReaderToken).image as ReadExpr["word"];
    const path = this.text(1, "a path in quotes");
    const settings = this.OPTION({ GATE: () => stop !== "body", DEF: () => this.SUBRULE(this.body) });
    const type = this.OPTION1({
      GATE: () => stop !== "colon",
      DEF: () => {
        this.CONSUME(Colon);
        return this.SUBRULE(this.typeExpr, { ARGS: [stop] });
      },
    });
    return { kind: "read", span: this.since(first), word, path, settings, type };
  });

  private readonly list: Rule<Expr> = this.rule("list", () => {
    const first = this.next();
    this.CONSUME(LeftBracket);
    const made = this.OR<(() => Expr) | undefined>([
      { ALT: () => this.SUBRULE(this.comprehension, { ARGS: [first] }) },
      {
        ALT: () => {
          const items = this.SUBRULE(this.values);
          return () => ({ kind: "list", span: this.since(first), items });
        },
      },
    ]);
    this.CONSUME(RightBracket, { ERR_MSG: "a value or `]`" });
    return this.ACTION(() => made!());
  });

  private readonly comprehension: Rule<() => Expr, [first?: Token]> = this.rule(
    "comprehension",
    (first?: Token) => {
      this.CONSUME(W.for);
      const names = this.SUBRULE(this.loopNames);
      this.CONSUME(W.in, { ERR_MSG: "`in`" });
      const source = this.SUBRULE(this.expr, { ARGS: ["colon"] });
      const condition = this.OPTION(() => {
        this.CONSUME(W.if);
        return this.SUBRULE(this.operation, { ARGS: ["colon"] });
      });
      this.CONSUME(Colon, { ERR_MSG: "`:` and what each element becomes" });
      const value = this.SUBRULE1(this.expr);
      return () => ({ kind: "listFor", span: this.since(first!), names, source, condition, value });
    },
  );

  protected readonly loopNames: Rule<Name[]> = this.rule("loopNames", () => {
    const names = [this.name(1, "a name for the element")];
    this.MANY(() => {
      this.CONSUME(Comma);
      names.push(this.name(2, "a name for the value"));
    });
    return names;
  });

  /** `{ key => value … }`. */
  private readonly map: Rule<Expr> = this.rule("map", () => {
    const first = this.next();
    this.CONSUME(LeftBrace);
    const entries: MapEntry[] = [];
    this.AT_LEAST_ONE(() => {
      const start = this.next();
      const key = this.SUBRULE(this.label);
      this.CONSUME(Arrow, { ERR_MSG: "`=>`" });
      const value = this.SUBRULE(this.expr);
      entries.push({ kind: "mapEntry", span: this.since(start), key, value });
      this.MANY(() => this.SUBRULE(this.separator));
    });
    this.CONSUME(RightBrace, { ERR_MSG: "a key or `}`" });
    return { kind: "map", span: this.since(first), entries };
  });

  /** The brace opens a map: a key stands behind it. The key in parentheses is what a token of lookahead cannot tell. */
  private opensMap(): boolean {
    return this.is(2, LeftParen, Literal) || this.is(3, Arrow);
  }

  protected readonly label: Rule<EntryLabel> = this.rule("label", () => {
    const first = this.next();
    return this.OR<EntryLabel>({
      DEF: [
        {
          ALT: () => {
            const name = this.name(1, "a name");
            return { kind: "nameLabel", span: this.since(first), name };
          },
        },
        {
          ALT: () => {
            const value = this.SUBRULE(this.literal);
            return { kind: "literalLabel", span: this.since(first), value };
          },
        },
        {
          ALT: () => {
            const value = this.SUBRULE(this.parenthesised);
            return { kind: "computedLabel", span: this.since(first), value };
          },
        },
      ],
      ERR_MSG: "a label",
    });
  });

  private readonly parenthesised: Rule<Expr> = this.rule("parenthesised", () => {
    const first = this.next();
    this.CONSUME(LeftParen);
    const items = this.SUBRULE(this.values);
    this.CONSUME(RightParen, { ERR_MSG: "`)`" });
    return this.ACTION((): Expr => {
      if (items.length === 0) this.misplaced(this.previous(), "a value");
      return items.length === 1 ? items[0]! : { kind: "tuple", span: this.since(first), items };
    });
  });

  /** Expressions; the comma between two of them is optional. */
  private readonly values: Rule<Expr[]> = this.rule("values", () => {
    const items: Expr[] = [];
    this.MANY(() => {
      items.push(this.SUBRULE(this.expr));
      this.OPTION(() => this.SUBRULE(this.separator));
    });
    return items;
  });

  protected readonly separator: Rule<undefined> = this.rule("separator", () => {
    this.OR([{ ALT: () => this.CONSUME(Comma) }, { ALT: () => this.CONSUME(Semicolon) }]);
    return undefined;
  });

  protected readonly literal: Rule<LiteralExpr, [what?: string]> = this.rule("literal", (what?: string) => {
    const token = this.CONSUME(Literal, { ERR_MSG: what ?? "a value" }) as Token;
    return this.ACTION(() => literal(token, this.literalContext()));
  });

  /** Consumes a string; `what` tells what it is for. */
  protected text(occurrence: number, what: string): StringExpr {
    const token = this.consume(occurrence, StringToken, { ERR_MSG: what }) as Token;
    return this.ACTION(() => stringLiteral(token, this.literalContext()));
  }

  private literalContext() {
    return {
      source: this.source,
      report: (it: (typeof this.found)[number]) => this.found.push(it),
      hole: (start: number, end: number) => this.hole(start, end),
    };
  }
}
