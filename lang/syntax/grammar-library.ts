/** What only library files have (`BlockDecl`, `ModuleDecl` and `Member` of the grammar). */
import type {
  BlockDecl,
  BlocksMember,
  ChoiceArm,
  ChoiceMember,
  ClaimsMember,
  CodeMember,
  DiagnosticDecl,
  ErrorNode,
  FnParam,
  InterfaceDecl,
  Member,
  MergeRule,
  ModuleDecl,
  Name,
  OffersMember,
  OptionMember,
  OutdatedMember,
  PartMember,
  QueryMember,
  SizeMember,
} from "./ast.ts";
import type { LiteralExpr } from "./ast-expr.ts";
import type { TypeExpr } from "./ast-type.ts";
import type { Rule } from "./grammar-base.ts";
import { ItemGrammar } from "./grammar-item.ts";
import type { Fault } from "./messages.ts";
import {
  Assign,
  Bar,
  Colon,
  Dot,
  isReserved,
  isWord,
  LeftBrace,
  LeftParen,
  RightBrace,
  RightParen,
  To,
  type Token,
  W,
} from "./tokens.ts";
import { memberWords } from "./words.ts";

export abstract class LibraryGrammar extends ItemGrammar {
  protected readonly blockDecl: Rule<BlockDecl> = this.rule("blockDecl", () => {
    const first = this.next();
    this.CONSUME(W.block);
    const name = this.name(1, "a name for the block");
    const label = this.OPTION(() => this.SUBRULE(this.labelType));
    const members = this.SUBRULE(this.members);
    const doc = this.ACTION(() => this.doc(first));
    return { kind: "blockDecl", span: this.since(first), doc, name, label, members };
  });

  protected readonly moduleDecl: Rule<ModuleDecl> = this.rule("moduleDecl", () => {
    const first = this.next();
    this.CONSUME(W.module);
    const name = this.name(1, "a name for the module");
    const label = this.OPTION(() => this.SUBRULE(this.labelType));
    const members = this.SUBRULE(this.members);
    const doc = this.ACTION(() => this.doc(first));
    return { kind: "moduleDecl", span: this.since(first), doc, name, label, members };
  });

  private readonly labelType: Rule<TypeExpr> = this.rule("labelType", () => {
    this.CONSUME(Colon);
    return this.SUBRULE(this.typeExpr, { ARGS: ["body"] });
  });

  protected readonly interfaceDecl: Rule<InterfaceDecl> = this.rule("interfaceDecl", () => {
    const first = this.next();
    this.CONSUME(W.interface);
    const name = this.name(1, "a name for the interface");
    const body = this.SUBRULE(this.body);
    const doc = this.ACTION(() => this.doc(first));
    return { kind: "interfaceDecl", span: this.since(first), doc, name, body };
  });

  protected readonly diagnosticDecl: Rule<DiagnosticDecl> = this.rule("diagnosticDecl", () => {
    const first = this.next();
    this.CONSUME(W.diagnostic);
    const code = this.name(1, "a code, as `E0731`");
    const title = this.text(1, "a title in quotes");
    const doc = this.ACTION(() => this.doc(first));
    return { kind: "diagnosticDecl", span: this.since(first), doc, code, title };
  });

  private readonly members: Rule<Member[]> = this.rule("members", () => {
    const first = this.next();
    const members: Member[] = [];
    this.CONSUME(LeftBrace, { ERR_MSG: "`{`" });
    this.inBraces(first, false, () => {
      let stray: ErrorNode | undefined;
      do {
        this.MANY(() => {
          members.push(this.guarded(() => this.SUBRULE(this.member)));
          this.MANY1(() => this.SUBRULE(this.separator));
        });
        stray = this.stray(notAMember);
        if (stray) members.push(stray);
      } while (stray);
    });
    this.CONSUME(RightBrace, { ERR_MSG: "`}`" });
    return members;
  });

  private readonly member: Rule<Member> = this.rule("member", () =>
    this.OR<Member>({
      DEF: [
        { ALT: () => this.SUBRULE(this.optionMember) },
        { ALT: () => this.SUBRULE(this.blocks) },
        { ALT: () => this.SUBRULE(this.needs) },
        { ALT: () => this.SUBRULE(this.offers) },
        { ALT: () => this.SUBRULE(this.choice) },
        { ALT: () => this.SUBRULE(this.part) },
        { ALT: () => this.SUBRULE(this.size) },
        { ALT: () => this.SUBRULE(this.code) },
        { ALT: () => this.SUBRULE(this.query) },
        { ALT: () => this.SUBRULE(this.claims) },
        { ALT: () => this.SUBRULE(this.renamed) },
        { ALT: () => this.SUBRULE(this.removed) },
        { ALT: () => this.SUBRULE(this.deprecated) },
        { ALT: () => this.SUBRULE(this.letDecl) },
        { ALT: () => this.SUBRULE(this.assertion) },
        { ALT: () => this.SUBRULE(this.when) },
        { ALT: () => this.SUBRULE(this.loop) },
      ],
      ERR_MSG: "a member",
    }),
  );

  private readonly optionMember: Rule<OptionMember> = this.rule("optionMember", () => {
    const first = this.next();
    this.CONSUME(W.option);
    const name = this.name(1, "a name for the option");
    this.CONSUME(Colon, { ERR_MSG: "`:` and a type" });
    const type = this.SUBRULE(this.typeExpr);
    const merge = this.OPTION(() => this.SUBRULE(this.mergeRule));
    const counted = this.OPTION2(() => this.CONSUME(W.counted)) !== undefined;
    const fallback = this.OPTION1(() => {
      this.CONSUME(Assign);
      return this.SUBRULE(this.value);
    });
    const doc = this.ACTION(() => this.doc(first));
    return { kind: "option", span: this.since(first), doc, name, type, merge, counted, fallback };
  });

  private readonly mergeRule: Rule<MergeRule> = this.rule("mergeRule", () => {
    const first = this.next();
    this.CONSUME(W.merge);
    const rule = this.OR({
      DEF: [
        { ALT: () => this.CONSUME(W.append) },
        { ALT: () => this.CONSUME(W.union) },
        { ALT: () => this.CONSUME(W.sum) },
      ],
      ERR_MSG: "`append`, `union` or `sum`",
    });
    return { kind: "mergeRule", span: this.since(first), rule: rule.image as MergeRule["rule"] };
  });

  private readonly blocks: Rule<BlocksMember> = this.rule("blocks", () => {
    const first = this.next();
    const count = this.OR([
      { ALT: () => this.CONSUME(W.blocks) },
      { ALT: () => this.CONSUME(W.one) },
      { ALT: () => this.CONSUME(W.maybe) },
    ]);
    const name = this.name(1, "a name for the block");
    this.CONSUME(Colon, { ERR_MSG: "`:` and a block" });
    const type = this.SUBRULE(this.typeExpr);
    const ordered = this.OPTION(() => this.CONSUME(W.ordered)) !== undefined;
    const min: LiteralExpr | undefined = this.OPTION1(() => {
      this.CONSUME(W.min);
      return this.SUBRULE(this.literal, { ARGS: ["a number"] });
    });
    const doc = this.ACTION(() => this.doc(first));
    return {
      kind: "blocks",
      span: this.since(first),
      doc,
      count: count.image as BlocksMember["count"],
      name,
      type,
      ordered,
      min,
    };
  });

  /** `needs` and `signal` look the same. */
  private readonly needs: Rule<Member> = this.rule("needs", () => {
    const first = this.next();
    const word = this.OR([{ ALT: () => this.CONSUME(W.needs) }, { ALT: () => this.CONSUME(W.signal) }]);
    const name = this.name(1, "a name");
    this.CONSUME(Colon, { ERR_MSG: "`:` and a type" });
    const type = this.SUBRULE(this.typeExpr);
    const part = this.OPTION({
      GATE: () => word.tokenType === W.needs,
      DEF: () => {
        this.CONSUME(W.when);
        return this.name(2, "a name of a part");
      },
    });
    const doc = this.ACTION(() => this.doc(first));
    return word.image === "signal"
      ? { kind: "signal", span: this.since(first), doc, name, type }
      : { kind: "needs", span: this.since(first), doc, name, type, part };
  });

  private readonly offers: Rule<OffersMember> = this.rule("offers", () => {
    const first = this.next();
    this.CONSUME(W.offers);
    let name = this.name(1, "a name of an interface");
    let qualifier: Name | undefined;
    this.OPTION(() => {
      this.CONSUME(Dot);
      qualifier = name;
      name = this.name(2, "a name of an interface");
    });
    const doc = this.ACTION(() => this.doc(first));
    return { kind: "offers", span: this.since(first), doc, qualifier, name };
  });

  private readonly choice: Rule<ChoiceMember> = this.rule("choice", () => {
    const first = this.next();
    this.CONSUME(W.choice);
    const name = this.name(1, "a name for the choice");
    this.CONSUME(Colon, { ERR_MSG: "`:` and the blocks to choose from" });
    const arms: ChoiceArm[] = [];
    this.AT_LEAST_ONE_SEP({
      SEP: Bar,
      DEF: () => {
        const start = this.next();
        const arm = this.name(2, "a name and a block");
        if (this.next().leads) this.misplaced(this.next(), "a name of a block");
        const block = this.name(3, "a name of a block");
        arms.push({ kind: "choiceArm", span: this.since(start), name: arm, block });
      },
      ERR_MSG: "a name and a block",
    });
    const doc = this.ACTION(() => this.doc(first));
    return { kind: "choice", span: this.since(first), doc, name, arms };
  });

  private readonly part: Rule<PartMember> = this.rule("part", () => {
    const first = this.next();
    this.CONSUME(W.part);
    const name = this.name(1, "a name for the part");
    this.CONSUME(W.when, { ERR_MSG: "`when` and a condition" });
    const condition = this.SUBRULE(this.expr);
    const planned = this.OPTION(() => this.CONSUME(W.planned)) !== undefined;
    const doc = this.ACTION(() => this.doc(first));
    return { kind: "part", span: this.since(first), doc, name, condition, planned };
  });

  private readonly claims: Rule<ClaimsMember> = this.rule("claims", () => {
    const first = this.next();
    this.CONSUME(W.claims);
    const name = this.name(1, "a name of what is claimed");
    this.CONSUME(Assign, { ERR_MSG: "`=` and a list" });
    const value = this.SUBRULE(this.value);
    const doc = this.ACTION(() => this.doc(first));
    return { kind: "claims", span: this.since(first), doc, name, value };
  });

  private readonly size: Rule<SizeMember> = this.rule("size", () => {
    const first = this.next();
    this.CONSUME(W.size);
    const part = this.OPTION(() => this.name(1, "a name of a part"));
    const body = this.SUBRULE(this.body);
    const doc = this.ACTION(() => this.doc(first));
    return { kind: "size", span: this.since(first), doc, part, body };
  });

  private readonly renamed: Rule<OutdatedMember> = this.rule("renamed", () => {
    const first = this.next();
    this.CONSUME(W.renamed);
    const name = this.name(1, "the old name");
    this.CONSUME(To, { ERR_MSG: "`->` and the new name" });
    const to = this.name(2, "the new name");
    const advice = this.OPTION(() => this.text(1, "a text in quotes"));
    return { kind: "outdated", word: "renamed", ...this.placed(first), name, to, advice };
  });

  private readonly removed: Rule<OutdatedMember> = this.rule("removed", () => {
    const first = this.next();
    this.CONSUME(W.removed);
    const name = this.name(1, "the name of what is gone");
    const advice = this.text(1, "what to do instead, in quotes");
    return { kind: "outdated", word: "removed", ...this.placed(first), name, to: undefined, advice };
  });

  private readonly deprecated: Rule<OutdatedMember> = this.rule("deprecated", () => {
    const first = this.next();
    this.CONSUME(W.deprecated);
    const name = this.name(1, "the name of what is to go");
    const to = this.OPTION(() => {
      this.CONSUME(To);
      return this.name(2, "the name of what takes its place");
    });
    const advice = this.OPTION1(() => this.text(1, "a text in quotes"));
    this.ACTION(() => {
      if (!to && !advice) this.misplaced(this.next(), "what to use instead: `-> NAME`, or a text in quotes");
    });
    return { kind: "outdated", word: "deprecated", ...this.placed(first), name, to, advice };
  });

  private placed(first: Token) {
    const doc = this.ACTION(() => this.doc(first));
    return { span: this.since(first), doc };
  }

  private readonly code: Rule<CodeMember> = this.rule("code", () => {
    const first = this.next();
    this.CONSUME(W.code);
    const form = this.name(1, "a name of a form of code, as `as` or `prepare`");
    const arch = this.OPTION(() => this.name(2, "a name"));
    const path = this.text(1, "a path in quotes");
    const settings = this.OPTION1(() => this.SUBRULE(this.body));
    const doc = this.ACTION(() => this.doc(first));
    return { kind: "code", span: this.since(first), doc, form, arch, path, settings };
  });

  private readonly query: Rule<QueryMember> = this.rule("query", () => {
    const first = this.next();
    this.CONSUME(W.query);
    const name = this.name(1, "a name for the query");
    const params = this.SUBRULE(this.fnParams);
    this.CONSUME(To, { ERR_MSG: "`->` and a type" });
    const result = this.SUBRULE(this.typeExpr);
    this.CONSUME(Assign, { ERR_MSG: "`=` and a value" });
    const value = this.SUBRULE(this.value);
    const doc = this.ACTION(() => this.doc(first));
    return { kind: "query", span: this.since(first), doc, name, params, result, value };
  });

  protected readonly fnParams: Rule<FnParam[]> = this.rule("fnParams", () => {
    const params: FnParam[] = [];
    this.CONSUME(LeftParen, { ERR_MSG: "`(`" });
    this.MANY(() => {
      params.push(this.SUBRULE(this.fnParam));
      this.OPTION(() => this.SUBRULE(this.separator));
    });
    this.CONSUME(RightParen, { ERR_MSG: "a name of a parameter or `)`" });
    return params;
  });

  private readonly fnParam: Rule<FnParam> = this.rule("fnParam", () => {
    const first = this.next();
    const name = this.name(1, "a name of a parameter");
    this.CONSUME(Colon, { ERR_MSG: "`:` and a type" });
    const type = this.SUBRULE(this.typeExpr);
    const fallback = this.OPTION(() => {
      this.CONSUME(Assign);
      return this.SUBRULE(this.expr);
    });
    return { kind: "fnParam", span: this.since(first), name, type, fallback };
  });
}

function notAMember(token: Token): Fault {
  const expected = "a member, as `option name : Type`";
  return isWord(token) && !isReserved(token) ? { token, expected, words: memberWords } : { token, expected };
}
