/** A setting that the block does not declare. */
import { didYouMean } from "../diagnostics/nearest.ts";
import type * as ast from "../syntax/ast.ts";
import { fits } from "../types/fit.ts";
import { bare, type RecordType, type Settable, type Type } from "../types/type.ts";
import type { Checker } from "./checker.ts";
import { habitOfSetting } from "./habits.ts";
import { type BareLiteral, typedLiteral } from "./literals.ts";
import type { Scope } from "./scope.ts";

/** Undefined after a report; a module that is only not in use is found all the same. */
export function unknownSetting(
  name: ast.Name,
  written: ast.Setting | undefined,
  type: RecordType,
  block: string,
  scope: Scope,
  checker: Checker,
): Settable | undefined {
  if (type.what === "appliance") return checker.unknownModule(name, scope.top.unit);
  const options = [...type.settable.keys()].filter((it) => !type.outdated.has(it));
  const near = didYouMean(name.text, options) ?? alsoKnown(name.text, options) ?? inWords(name.text, options);
  const edit = near && /^did you mean `([^`]+)`\?$/.exec(near)?.[1];
  checker.error("E0101", name.span, {
    name: name.text,
    block,
    options,
    library: type.what === "record" ? undefined : type.library,
    hint: near
      ? undefined
      : (habitOfSetting(name.text) ??
        hintFor(name.text, type, scope) ??
        (written && hintOfValue(written, type, checker))),
    edit: edit ? { text: near, edit: { span: name.span, text: edit } } : undefined,
  });
  return undefined;
}

/** What other tools call an option. */
const synonyms: Readonly<Record<string, string>> = {
  exclude: "skip",
  ignore: "skip",
  without: "skip",
  glob: "only",
  pattern: "only",
  patterns: "only",
};

function alsoKnown(name: string, options: readonly string[]): string | undefined {
  const meant = Object.hasOwn(synonyms, name) ? synonyms[name]! : "";
  return options.includes(meant) ? `did you mean \`${meant}\`?` : undefined;
}

/** One of its words: `reverse_proxy` for `proxy`, `server_name` for `names`. */
function inWords(name: string, options: readonly string[]): string | undefined {
  const words = name.split("_").filter((word) => word.length > 3);
  if (words.length < 2 && !name.includes("_")) return undefined;
  const meant = options.filter((option) => words.some((word) => option === word || option === `${word}s`));
  return meant.length === 1 ? `did you mean \`${meant[0]}\`?` : undefined;
}

/** The name belongs to a block inside, or around. */
function hintFor(name: string, type: RecordType, scope: Scope): string | undefined {
  for (const member of type.members) {
    if (member.kind === "choice" && member.name === name)
      return `write one of its blocks: ${member.arms.map((arm) => `\`${arm.name} { … }\``).join(", ")}`;
    for (const [inner, block] of innerBlocks(member))
      if (block.settable.has(name)) return `\`${name}\` belongs into \`${inner} { … }\``;
  }
  return scope.setting(name) ? `\`${name}\` belongs into a block around this one` : undefined;
}

function innerBlocks(member: RecordType["members"][number]): readonly (readonly [string, RecordType])[] {
  if (member.kind === "option") return [];
  if (member.kind === "choice") return member.arms.map((arm) => [arm.name, arm.block] as const);
  return [[member.name, member.block]];
}

/** What stands behind the name tells what was meant. */
function hintOfValue(
  { path, labels, value }: ast.Setting,
  type: RecordType,
  checker: Checker,
): string | undefined {
  if (value.kind === "bare" && labels.length > 0) {
    const { source, start } = path.span;
    const before = checker.textOf({ source, start: Math.max(0, start - 4), end: start });
    return /;[ \t]*$/.test(before)
      ? "a comment begins with `#`: `;` separates settings"
      : "a setting is written `name = value`, a block `name { … }`";
  }
  if (value.kind !== "assign" || !/^(ip4|ip6|prefix|socket|mac)$/.test(value.value.kind)) return undefined;
  const { type: given } = typedLiteral(value.value as BareLiteral, checker);
  const takes = type.members.filter((it) => it.kind === "option" && isFor(given, it.type));
  return takes.length === 1 ? `\`${takes[0]!.name}\` takes such a value` : undefined;
}

/** The value itself, or as an element. */
function isFor(given: Type, type: Type): boolean {
  const it = bare(type);
  if (it.kind === "list") return isFor(given, it.element);
  if (it.kind === "optional") return isFor(given, it.inner);
  return it.kind === "scalar" && fits(given, it) !== "no";
}
