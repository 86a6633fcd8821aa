/** `remove rule "x"`. */
import type * as ast from "../syntax/ast.ts";
import { bare, type Settable, scalar } from "../types/type.ts";
import { plain } from "../values/print.ts";
import type { ItemCore } from "./core.ts";
import { checkLabel } from "./labels.ts";
import type { Block, Segment } from "./opening.ts";
import type { Scope } from "./scope.ts";

export function checkRemove(
  { name, labels, head }: Segment,
  settable: Settable,
  written: ast.Setting,
  scope: Scope,
  { checker }: Block,
): readonly ItemCore[] | undefined {
  const { member } = settable;
  const { text } = name;
  const [label, extra] = labels;
  const wrong = (reason: string, example: string) => {
    checker.error("E0212", head, { name: text, reason, example });
    return undefined;
  };
  if (written.value.kind !== "bare") return wrong("is removed as a whole", `remove ${checker.textOf(head)}`);
  const type = member.kind === "option" ? bare(member.type) : undefined;
  const key =
    member.kind === "blocks"
      ? (member.block.label ?? scalar("Str"))
      : type?.kind === "map"
        ? type.key
        : undefined;
  if (extra || (label && !key)) return wrong("has no labels", `remove ${text}`);
  if (member.kind === "blocks" && !label) return wrong("has labels: say which one", `remove ${text} LABEL`);
  if (member.kind === "one") return wrong("must be there", `override ${text} { … }`);
  const core = label && key ? checkLabel(label, key, text, scope, checker) : undefined;
  if (core?.op === "error") return undefined;
  if (member.kind === "blocks" && label && core?.op === "const")
    checker.recorder?.add({
      fact: "label",
      span: label.span,
      block: member.block,
      text: plain(core.value),
    });
  return [{ item: "remove", span: written.span, settable, label: core, head }];
}
