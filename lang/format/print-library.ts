/** What only library files have. */
import type * as ast from "../syntax/ast.ts";
import { concat, type Doc, empty, group, indent, join, line, space, text } from "./doc.ts";
import { bounded } from "./print-expr.ts";
import { ItemPrinter } from "./print-item.ts";
import type { Inside } from "./printer.ts";

const members: Inside = { flat: ";", broken: "", padded: true, kept: "any" };
const params: Inside = { flat: ",", broken: ",", padded: false, kept: "never" };

/** The longest word before a name: the names stand below each other. */
const MEMBER_WORD = "option".length;

export abstract class LibraryPrinter extends ItemPrinter {
  /** `block Host : Name { … }`, `module dns { … }`. */
  protected declaration({ label, members: all }: ast.BlockDecl | ast.ModuleDecl): Doc {
    const head = concat(this.take(), space, this.take());
    const type = label ? concat(space, this.take(), space, this.type(label)) : empty;
    return concat(
      head,
      type,
      this.beforeBody(),
      this.brackets(members, () => all.map((it) => () => this.member(it))),
    );
  }

  private member(it: ast.Member): Doc {
    switch (it.kind) {
      case "error":
        throw new Error("BUG: faulty items are not printed");
      case "assert":
        return this.item("assert", this.assertion(it));
      case "for":
        return this.item("for", this.forItem(it));
      case "when":
        return this.item("when", this.when(it));
      case "let":
        return this.item("let", this.letDecl(it));
      case "claims":
        return this.item("claims", this.claims(it));
      case "part":
        return this.item("part", this.part(it));
      case "code":
        return this.item("code", this.code(it));
      case "query":
        return this.item("query", this.fn(it));
      case "size":
        return this.item("size", this.size(it));
      case "outdated":
        return this.item("outdated", this.words(it.span.end));
      case "offers":
        return this.item("member", concat(this.memberWord(), this.tight(it.span.end)));
      case "choice":
        return this.item("member", concat(this.memberWord(), this.take(), this.arms(it)));
      case "option":
        return this.item(
          "member",
          concat(this.memberWord(), this.take(), this.typed(it.type), this.rest(it)),
        );
      case "blocks":
      case "needs":
      case "signal": {
        const head = concat(this.memberWord(), this.take(), this.typed(it.type));
        const end = this.before(it.span.end) ? concat(space, this.words(it.span.end)) : empty;
        return this.item("member", concat(head, end));
      }
    }
  }

  /** The word that a member begins with, and blanks up to its name. */
  private memberWord(): Doc {
    const { image } = this.peek();
    return concat(this.take(), text(" ".repeat(Math.max(0, MEMBER_WORD - image.length) + 1)));
  }

  /** `merge append counted = …`. */
  private rest({ merge, counted, fallback }: ast.OptionMember): Doc {
    if (!merge && !counted) return this.fallback(fallback, "default");
    const words = [...(merge ? [this.take(), this.take()] : []), ...(counted ? [this.take()] : [])];
    const rules = concat(
      this.tab("default"),
      space,
      join(words, () => space),
    );
    return fallback ? concat(rules, space, this.take(), space, this.expr(fallback)) : rules;
  }

  private arms({ arms }: ast.ChoiceMember): Doc {
    const parts = [this.tab(":"), space, this.take(), space, this.words(arms[0]!.span.end)];
    for (const arm of arms.slice(1))
      parts.push(indent(concat(line(), this.take(), space, this.words(arm.span.end))));
    return group(concat(...parts));
  }

  private part({ condition, planned }: ast.PartMember): Doc {
    const head = concat(this.take(), space, this.take());
    const when = concat(this.tab("="), space, this.take(), space, this.expr(condition));
    return concat(head, when, planned ? concat(space, this.take()) : empty);
  }

  private claims({ value }: ast.ClaimsMember): Doc {
    return concat(this.take(), space, this.take(), this.fallback(value, "="));
  }

  private code({ path, settings }: ast.CodeMember): Doc {
    const head = this.words(path.span.end);
    return settings ? concat(head, space, this.block(settings)) : head;
  }

  private size({ part, body }: ast.SizeMember): Doc {
    const head = part ? concat(this.take(), space, this.take()) : this.take();
    return concat(head, this.tab("="), space, this.block(body));
  }

  /** `fn NAME(…) -> T = …`, `query NAME(…) -> T = …`. The value may stand on the next line, as it was written. */
  protected fn({ params: all, result, value }: ast.FnDecl | ast.QueryMember): Doc {
    const head = concat(this.take(), space, this.take());
    const list = this.brackets(params, () => all.map((it) => () => this.param(it)));
    const type = concat(space, this.take(), space, this.type(result), space, this.take());
    const { leads } = this.peek();
    if (!leads && bounded.has(value.kind)) return concat(head, list, type, space, this.expr(value));
    // What begins a line needs no indentation for its own next ones.
    const ladder = value.kind === "if" && !this.wraps(value.span);
    const body = ladder ? this.conditional(value, (it) => it) : this.expr(value);
    return concat(head, list, type, group(indent(concat(line(), body)), leads));
  }

  private param({ type, fallback }: ast.FnParam): Doc {
    const head = concat(this.take(), this.take(), space, this.type(type));
    return fallback ? concat(head, space, this.take(), space, this.expr(fallback)) : head;
  }
}
