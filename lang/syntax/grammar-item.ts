/** Bodies and what stands in them (`Body` to `Label` of the grammar). */
import type {
  AssertItem,
  Body,
  EntryLabel,
  ErrorNode,
  ForItem,
  IncludeItem,
  Item,
  LetDecl,
  Path,
  PathStep,
  Rank,
  Setting,
  SettingValue,
  WhenItem,
} from "./ast.ts";
import type { Expr } from "./ast-expr.ts";
import type { TypeExpr } from "./ast-type.ts";
import type { Rule } from "./grammar-base.ts";
import { TypeGrammar } from "./grammar-type.ts";
import { GENERAL_HELP, NO_VALUE } from "./habits.ts";
import type { Fault } from "./messages.ts";
import {
  Add,
  Assign,
  Colon,
  Comma,
  Dot,
  isA,
  isReserved,
  LeftBrace,
  LeftBracket,
  Literal,
  NameToken,
  ReaderToken,
  RightBrace,
  RightBracket,
  StringToken,
  To,
  type Token,
  W,
} from "./tokens.ts";
import { declarations } from "./words.ts";

export abstract class ItemGrammar extends TypeGrammar {
  protected readonly body: Rule<Body> = this.rule("body", () => {
    const first = this.next();
    const items: Item[] = [];
    this.CONSUME(LeftBrace, { ERR_MSG: "`{`" });
    this.inBraces(first, true, () => {
      let stray: ErrorNode | undefined;
      do {
        this.MANY(() => {
          items.push(this.guarded(() => this.SUBRULE(this.item)));
          this.MANY1(() => this.SUBRULE(this.separator));
        });
        stray = this.stray((token) => notAnItem(token, items.at(-1)));
        if (stray) items.push(stray);
      } while (stray);
    });
    this.CONSUME(RightBrace, { ERR_MSG: "`}`" });
    return { kind: "body", span: this.since(first), items };
  });

  /** Reads what stands between the brace `open` and its partner. */
  protected inBraces(open: Token, inline: boolean, parse: () => void): void {
    const scope = { close: open.close ?? this.tokens.length, begins: (token: Token) => token.leads, inline };
    this.nested(() => this.within(scope, parse));
  }

  private readonly item: Rule<Item> = this.rule("item", () =>
    this.OR<Item>({
      DEF: [
        { ALT: () => this.SUBRULE(this.letDecl) },
        { ALT: () => this.SUBRULE(this.assertion) },
        { ALT: () => this.SUBRULE(this.include) },
        { ALT: () => this.SUBRULE(this.when) },
        { ALT: () => this.SUBRULE(this.loop) },
        { ALT: () => this.SUBRULE(this.setting) },
      ],
      ERR_MSG: "a setting",
    }),
  );

  protected readonly letDecl: Rule<LetDecl> = this.rule("letDecl", () => {
    const first = this.next();
    this.CONSUME(W.let);
    const name = this.name(1, "a name");
    let type: TypeExpr | undefined;
    const value = this.guarded(() => {
      type = this.OPTION(() => {
        this.CONSUME(Colon);
        return this.SUBRULE(this.typeExpr);
      });
      this.CONSUME(Assign, { ERR_MSG: type ? "`=` and a value" : "`=`" });
      return this.SUBRULE(this.value);
    }, first);
    const doc = this.ACTION(() => this.doc(first));
    return { kind: "let", span: this.since(first), doc, name, type, value };
  });

  /** An expression behind `=`. A line that begins the next setting is none. */
  protected readonly value: Rule<Expr> = this.rule("value", () => {
    this.ACTION(() => {
      const next = this.next();
      const reads = this.is(1, ReaderToken) && this.is(2, StringToken);
      const marks = this.is(2, Assign, Add, To) || (this.is(2, Literal, NameToken) && !this.next(2).leads);
      const named = isA(next, NameToken) && marks && !reads;
      if (next.leads && (named || this.is(1, W.let, W.for, W.when, W.include)))
        this.misplaced(next, "a value");
    });
    return this.SUBRULE(this.expr);
  });

  protected readonly assertion: Rule<AssertItem> = this.rule("assertion", () => {
    const first = this.next();
    const word = this.OR([{ ALT: () => this.CONSUME(W.assert) }, { ALT: () => this.CONSUME(W.check) }]);
    const condition = this.SUBRULE(this.expr);
    const message = this.OPTION({
      GATE: () => this.is(2, StringToken),
      DEF: () => {
        this.CONSUME(Comma);
        return this.text(1, "a message in quotes");
      },
    });
    const details = this.OPTION1({
      GATE: () => message !== undefined,
      DEF: () => this.SUBRULE(this.body),
    });
    const doc = this.ACTION(() => this.doc(first));
    return {
      kind: "assert",
      span: this.since(first),
      doc,
      word: word.image as AssertItem["word"],
      condition,
      message,
      details,
    };
  });

  private readonly include: Rule<IncludeItem> = this.rule("include", () => {
    const first = this.next();
    this.CONSUME(W.include);
    const path = this.SUBRULE(this.path, { ARGS: ["a name of a fragment"] });
    const doc = this.ACTION(() => this.doc(first));
    return { kind: "include", span: this.since(first), doc, path };
  });

  protected readonly when: Rule<WhenItem> = this.rule("when", () => {
    const first = this.next();
    this.CONSUME(W.when);
    const condition = this.SUBRULE(this.expr, { ARGS: ["body"] });
    const body = this.SUBRULE(this.body);
    const doc = this.ACTION(() => this.doc(first));
    return { kind: "when", span: this.since(first), doc, condition, body };
  });

  protected readonly loop: Rule<ForItem> = this.rule("loop", () => {
    const first = this.next();
    this.CONSUME(W.for);
    const names = this.SUBRULE(this.loopNames);
    this.CONSUME(W.in, { ERR_MSG: "`in`" });
    const source = this.SUBRULE(this.expr, { ARGS: ["body"] });
    const body = this.SUBRULE(this.body);
    const doc = this.ACTION(() => this.doc(first));
    return { kind: "for", span: this.since(first), doc, names, source, body };
  });

  private readonly setting: Rule<Setting> = this.rule("setting", () => {
    const first = this.next();
    const rank = this.OPTION(() => this.SUBRULE(this.rank));
    const start = this.next();
    const path = this.SUBRULE(this.path, { ARGS: ["a name of a setting"] });
    const labels: EntryLabel[] = [];
    // On the line of the name: what stands on the next one begins another setting.
    this.MANY({ GATE: () => !this.next().leads, DEF: () => labels.push(this.SUBRULE(this.label)) });
    const head = this.since(start);
    const value = this.OPTION1(() => this.SUBRULE(this.settingValue)) ?? { kind: "bare" };
    const doc = this.ACTION(() => this.doc(first));
    return { kind: "setting", span: this.since(first), doc, rank, path, labels, value, head };
  });

  private readonly rank: Rule<Rank> = this.rule("rank", () => {
    const token = this.OR([
      { ALT: () => this.CONSUME(W.override) },
      { ALT: () => this.CONSUME(W.default) },
      { ALT: () => this.CONSUME(W.remove) },
    ]) as Token;
    return this.ACTION(() => ({ kind: "rank", span: this.at(token), word: token.image as Rank["word"] }));
  });

  private readonly settingValue: Rule<SettingValue> = this.rule("settingValue", () => {
    const first = this.next();
    return this.OR<SettingValue>([
      { ALT: () => ({ kind: "block", body: this.SUBRULE(this.body) }) },
      {
        ALT: () => {
          this.CONSUME(Assign);
          return { kind: "assign", value: this.guarded(() => this.SUBRULE(this.value), first) };
        },
      },
      {
        ALT: () => {
          this.CONSUME(Add);
          return { kind: "add", value: this.guarded(() => this.SUBRULE1(this.value), first) };
        },
      },
      {
        ALT: () => {
          this.CONSUME(To);
          const to = this.SUBRULE(this.label);
          this.CONSUME1(Assign, { ERR_MSG: "`=`" });
          return { kind: "arrow", to, value: this.guarded(() => this.SUBRULE2(this.value), first) };
        },
      },
      {
        ALT: () => {
          this.CONSUME(Colon);
          this.ACTION(() => this.note({ token: first, expected: NO_VALUE }));
          const below = this.ACTION(() => this.skipDeeper(first));
          return { kind: "assign", value: below ?? this.guarded(() => this.SUBRULE3(this.value), first) };
        },
      },
    ]);
  });

  protected readonly path: Rule<Path, [what?: string]> = this.rule("path", (what?: string) => {
    const first = this.next();
    const head = this.name(1, what ?? "a name");
    const steps: PathStep[] = [];
    this.MANY(() => {
      const start = this.next();
      steps.push(
        this.OR<PathStep>([
          {
            ALT: () => {
              this.CONSUME(Dot);
              const name = this.name(2, "a name");
              return { kind: "fieldStep", span: this.since(start), name };
            },
          },
          {
            ALT: () => {
              this.CONSUME(LeftBracket);
              const index = this.SUBRULE(this.expr);
              this.CONSUME(RightBracket, { ERR_MSG: "`]`" });
              return { kind: "indexStep", span: this.since(start), index };
            },
          },
        ]),
      );
    });
    return { kind: "path", span: this.since(first), head, steps };
  });
}

const outside: readonly string[] = declarations;

/** `before` is the item that ends in front of the token. */
function notAnItem(token: Token, before: Item | undefined): Fault {
  if (!token.leads && before?.kind === "setting" && before.value.kind === "bare")
    return { token, expected: NO_VALUE };
  if (outside.includes(token.image))
    return {
      token,
      expected: "a setting",
      help: `\`${token.image}\` stands outside of all blocks, at the start of a line`,
    };
  if (isA(token, Literal)) return { token, expected: "a setting", help: GENERAL_HELP };
  return { token, expected: isReserved(token) ? "a name of a setting" : "a setting" };
}
