/** Whole files (`File` and `Top` of the grammar), and the parser that is made of all the rules. */
import type { SourceText } from "../source/text.ts";
import type {
  ApplianceDecl,
  ErrorNode,
  FnDecl,
  FragmentDecl,
  LibraryDecl,
  ModulePath,
  Name,
  ParamDecl,
  SecretDecl,
  SecretDelivery,
  TargetDecl,
  TestDecl,
  Top,
  TypeDecl,
  UseDecl,
} from "./ast.ts";
import type { Expr, LiteralExpr, StringExpr } from "./ast-expr.ts";
import type { TypeExpr } from "./ast-type.ts";
import type { Parsed, Rule } from "./grammar-base.ts";
import { LibraryGrammar } from "./grammar-library.ts";
import { habitOfDeclaration } from "./habits.ts";
import type { Fault } from "./messages.ts";
import { Assign, Colon, isA, isReserved, isWord, Literal, Slash, To, type Token, W } from "./tokens.ts";
import { declarations } from "./words.ts";

const topTypes = new Set([...declarations.map((word) => W[word]), W.assert, W.check]);

export class Grammar extends LibraryGrammar {
  constructor(validate = false) {
    super(validate);
    this.performSelfAnalysis();
  }

  readonly file: Rule<Top[]> = this.rule("file", () => {
    const items: Top[] = [];
    const scope = {
      close: this.tokens.length,
      begins: (token: Token) => token.leads && topTypes.has(token.tokenType),
      inline: false,
    };
    this.within(scope, () => {
      let stray: ErrorNode | undefined;
      do {
        this.MANY(() => {
          items.push(this.guarded(() => this.SUBRULE(this.top)));
          this.MANY1(() => this.SUBRULE(this.separator));
        });
        stray = this.stray((token) => notADeclaration(token, this.tokens));
        if (stray) items.push(stray);
      } while (stray);
    });
    return items;
  });

  /** One expression and nothing else. */
  readonly only: Rule<Expr | ErrorNode> = this.rule("only", () =>
    this.within({ close: this.tokens.length, begins: () => false, inline: false }, () =>
      this.guarded(() => this.SUBRULE(this.expr)),
    ),
  );

  private readonly top: Rule<Top> = this.rule("top", () =>
    this.OR<Top>({
      DEF: [
        { ALT: () => this.SUBRULE(this.use) },
        { ALT: () => this.SUBRULE(this.letDecl) },
        { ALT: () => this.SUBRULE(this.fn) },
        { ALT: () => this.SUBRULE(this.type) },
        { ALT: () => this.SUBRULE(this.secret) },
        { ALT: () => this.SUBRULE(this.param) },
        { ALT: () => this.SUBRULE(this.test) },
        { ALT: () => this.SUBRULE(this.assertion) },
        { ALT: () => this.SUBRULE(this.appliance) },
        { ALT: () => this.SUBRULE(this.library) },
        { ALT: () => this.SUBRULE(this.blockDecl) },
        { ALT: () => this.SUBRULE(this.moduleDecl) },
        { ALT: () => this.SUBRULE(this.interfaceDecl) },
        { ALT: () => this.SUBRULE(this.diagnosticDecl) },
      ],
      ERR_MSG: "a declaration",
    }),
  );

  private readonly use: Rule<UseDecl> = this.rule("use", () => {
    const first = this.next();
    this.CONSUME(W.use);
    const from = this.OR<ModulePath | StringExpr>({
      DEF: [{ ALT: () => this.text(1, "a path in quotes") }, { ALT: () => this.SUBRULE(this.modulePath) }],
      ERR_MSG: "a library, as `std/net`, or a path in quotes",
    });
    const hash = this.OPTION(() => this.SUBRULE(this.hash));
    const alias = this.OPTION1(() => {
      this.CONSUME(W.as);
      return this.name(1, "a name");
    });
    const doc = this.ACTION(() => this.doc(first));
    return { kind: "use", span: this.since(first), doc, from, hash, alias };
  });

  private readonly hash: Rule<LiteralExpr> = this.rule("hash", () => {
    const first = this.next();
    const value = this.SUBRULE(this.literal);
    this.ACTION(() => {
      if (value.kind !== "hash") this.misplaced(first, "a hash, as `sha256:…`, or the next declaration");
    });
    return value;
  });

  private readonly modulePath: Rule<ModulePath> = this.rule("modulePath", () => {
    const first = this.next();
    const segments: Name[] = [this.name(1, "a name of a library")];
    this.MANY(() => {
      this.CONSUME(Slash);
      segments.push(this.name(2, "a name of a library"));
    });
    const text = this.ACTION(() => segments.map((segment) => segment.text).join("/"));
    return { kind: "modulePath", span: this.since(first), segments, text };
  });

  private readonly library: Rule<LibraryDecl> = this.rule("library", () => {
    const first = this.next();
    this.CONSUME(W.library);
    const path = this.SUBRULE(this.modulePath);
    const doc = this.ACTION(() => this.doc(first));
    return { kind: "library", span: this.since(first), doc, path };
  });

  private readonly fn: Rule<FnDecl> = this.rule("fn", () => {
    const first = this.next();
    this.CONSUME(W.fn);
    const name = this.name(1, "a name for the function");
    const params = this.SUBRULE(this.fnParams);
    this.CONSUME(To, { ERR_MSG: "`->` and a type" });
    const result = this.SUBRULE(this.typeExpr);
    const value = this.guarded(() => {
      this.CONSUME(Assign, { ERR_MSG: "`=` and a value" });
      return this.SUBRULE(this.value);
    }, first);
    const doc = this.ACTION(() => this.doc(first));
    return { kind: "fn", span: this.since(first), doc, name, params, result, value };
  });

  private readonly type: Rule<TypeDecl> = this.rule("type", () => {
    const first = this.next();
    this.CONSUME(W.type);
    const name = this.name(1, "a name for the type");
    const type = this.guarded<TypeExpr>(() => {
      this.CONSUME(Assign, { ERR_MSG: "`=` and a type" });
      return this.SUBRULE(this.typeExpr);
    }, first);
    const doc = this.ACTION(() => this.doc(first));
    return { kind: "type", span: this.since(first), doc, name, type };
  });

  private readonly secret: Rule<SecretDecl> = this.rule("secret", () => {
    const first = this.next();
    this.CONSUME(W.secret);
    const name = this.name(1, "a name for the secret");
    let type: TypeExpr | ErrorNode = this.ACTION(() => ({ kind: "error", span: this.since(first) }));
    const delivery = this.guarded<SecretDelivery>(() => {
      this.CONSUME(Colon, { ERR_MSG: "`:` and a type" });
      type = this.SUBRULE(this.typeExpr);
      return this.SUBRULE(this.delivery);
    }, first);
    const doc = this.ACTION(() => this.doc(first));
    return { kind: "secret", span: this.since(first), doc, name, type, delivery };
  });

  private readonly delivery: Rule<SecretDelivery> = this.rule("delivery", () => {
    const first = this.next();
    this.CONSUME(W.from, { ERR_MSG: "`from` and where the machine gets it" });
    return this.OR<SecretDelivery>({
      DEF: [
        {
          ALT: () => {
            this.CONSUME(W.boot);
            const slot = this.text(1, "a name of a slot in quotes");
            return { kind: "boot", span: this.since(first), slot };
          },
        },
        {
          ALT: () => {
            this.CONSUME(W.sealed);
            const path = this.text(2, "a path in quotes");
            return { kind: "sealed", span: this.since(first), path };
          },
        },
        {
          ALT: () => {
            this.CONSUME(W.generated);
            return { kind: "generated", span: this.since(first) };
          },
        },
      ],
      ERR_MSG: "`boot`, `sealed` or `generated`",
    });
  });

  private readonly param: Rule<ParamDecl> = this.rule("param", () => {
    const first = this.next();
    this.CONSUME(W.param);
    const name = this.name(1, "a name for the param");
    let delivery: SecretDelivery | undefined;
    let fallback: Expr | undefined;
    const type = this.guarded<TypeExpr>(() => {
      this.CONSUME(Colon, { ERR_MSG: "`:` and a type" });
      const type = this.SUBRULE(this.typeExpr);
      delivery = this.OPTION1(() => this.SUBRULE(this.delivery));
      fallback = this.OPTION(() => {
        this.CONSUME(Assign);
        return this.SUBRULE(this.value);
      });
      return type;
    }, first);
    const doc = this.ACTION(() => this.doc(first));
    return { kind: "param", span: this.since(first), doc, name, type, delivery, fallback };
  });

  private readonly test: Rule<TestDecl> = this.rule("test", () => {
    const first = this.next();
    this.CONSUME(W.test);
    const title = this.text(1, "a title in quotes");
    const body = this.SUBRULE(this.body);
    const doc = this.ACTION(() => this.doc(first));
    return { kind: "test", span: this.since(first), doc, title, body };
  });

  /** `appliance`, `fragment` and `target` look the same. */
  private readonly appliance: Rule<ApplianceDecl | FragmentDecl | TargetDecl> = this.rule("appliance", () => {
    const first = this.next();
    const word = this.OR([
      { ALT: () => this.CONSUME(W.appliance) },
      { ALT: () => this.CONSUME(W.fragment) },
      { ALT: () => this.CONSUME(W.target) },
    ]);
    const name = this.name(1, `a name for the ${word.image}`);
    const body = this.SUBRULE(this.body);
    const doc = this.ACTION(() => this.doc(first));
    return {
      kind: word.image as "appliance" | "fragment" | "target",
      span: this.since(first),
      doc,
      name,
      body,
    };
  });

  private holes: Holes = new Map();

  protected hole(start: number): Expr | ErrorNode {
    return this.holes.get(start)!;
  }

  /**
   * Parses balanced tokens by one of the two rules. A parser cannot be entered twice, so the expressions in the holes of strings
   * come ready, by the offset at which each begins.
   */
  parse<T>(
    source: SourceText,
    tokens: readonly Token[],
    end: number,
    holes: Holes,
    rule: (grammar: this) => T,
  ): Parsed<T> {
    this.holes = holes;
    return this.run(source, tokens, end, () => rule(this));
  }
}

export type Holes = ReadonlyMap<number, Expr | ErrorNode>;

function notADeclaration(token: Token, tokens: readonly Token[]): Fault {
  const expected = "a declaration, as `appliance`, `let` or `use`";
  const { words, help } = habitOfDeclaration(token, tokens, [...declarations, "assert"]);
  if (isWord(token) && !isReserved(token)) return { token, expected, words, help };
  const literal = isA(token, Literal) ? "settings stand in a block, as `appliance name { … }`" : undefined;
  return { token, expected, help: words.length === 0 ? help : literal };
}
