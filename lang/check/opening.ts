/** What opens a block: its name, its label, what is inside. */
import type { Span } from "../source/span.ts";
import type * as ast from "../syntax/ast.ts";
import { printType } from "../types/print.ts";
import { bare, type RecordType, type Settable, scalar, type Type } from "../types/type.ts";
import { plain } from "../values/print.ts";
import type { Checker } from "./checker.ts";
import type { BodyCore, ItemCore } from "./core.ts";
import { checkLabel } from "./labels.ts";
import { ranked } from "./ranks.ts";
import type { Scope } from "./scope.ts";

/** What a body belongs to. */
export interface Block {
  readonly type: RecordType;
  /** What messages call it. */
  readonly name: string;
  readonly checker: Checker;
}

/** One name of a path with the labels behind it. */
export interface Segment {
  readonly name: ast.Name;
  readonly labels: readonly ast.EntryLabel[];
  readonly head: Span;
}

export function open(
  { name, labels, head }: Segment,
  settable: Settable,
  type: RecordType,
  inside: (type: RecordType) => BodyCore,
  written: ast.Setting,
  scope: Scope,
  { checker }: Block,
): readonly ItemCore[] | undefined {
  const keyed = settable.member.kind === "blocks";
  const [label, extra] = labels;
  const example = (text: string) => `${name.text} ${text}{ … }`;
  const labelType = type.label ?? scalar("Str");
  const problem = extra ? "many" : keyed && !label ? "missing" : !keyed && label ? "none" : undefined;
  if (problem) {
    const at = extra?.span ?? (problem === "none" ? label!.span : head);
    const behind = written.path.steps.find((step) => step.kind === "fieldStep")?.name.text;
    const shown = keyed
      ? `${problem === "missing" && behind !== undefined ? behind : labelExample(labelType)} `
      : "";
    checker.error("E0211", at, {
      block: name.text,
      problem,
      type: printType(labelType),
      example: example(shown),
    });
  }
  // `net.wan.address = …`: what stands behind the point may be the label
  if (problem === "missing" && written.path.steps.length > 0) return undefined;
  const labelCore = keyed && label ? checkLabel(label, labelType, name.text, scope, checker) : undefined;
  if (label && labelCore?.op === "const")
    checker.recorder?.add({ fact: "label", span: label.span, block: type, text: plain(labelCore.value) });
  const body = inside(type);
  if (problem) return undefined;
  return [
    { item: "open", span: written.span, settable, label: labelCore, body, ...ranked(written, scope), head },
  ];
}

function labelExample(type: Type): string {
  const it = bare(type);
  return it.kind === "scalar" && it.name !== "Str"
    ? ({ DomainName: '"example.com"' }[it.name as string] ?? "LABEL")
    : '"name"';
}

/** `soa { … }` and `soa = { … }` are the same. */
export function bodyOf(value: ast.SettingValue): readonly ast.Item[] | undefined {
  if (value.kind === "block") return value.body.items;
  if (value.kind === "bare") return [];
  return value.kind === "assign" && value.value.kind === "record" ? value.value.body.items : undefined;
}
