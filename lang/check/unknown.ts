/** A setting that the block does not declare. */
import { didYouMean } from "../diagnostics/nearest.ts";
import type * as ast from "../syntax/ast.ts";
import type { RecordType, Settable } from "../types/type.ts";
import type { Checker } from "./checker.ts";
import type { Scope } from "./scope.ts";

/** Undefined after a report; a module that is only not in use is found all the same. */
export function unknownSetting(
  name: ast.Name,
  type: RecordType,
  block: string,
  scope: Scope,
  checker: Checker,
): Settable | undefined {
  if (type.what === "appliance") return checker.unknownModule(name, scope.top.unit);
  const options = [...type.settable.keys()];
  const near = didYouMean(name.text, options) ?? alsoKnown(name.text, options);
  const edit = near && /^did you mean `([^`]+)`\?$/.exec(near)?.[1];
  checker.error("E0101", name.span, {
    name: name.text,
    block,
    options,
    library: type.what === "record" ? undefined : type.library,
    hint: near ? undefined : hintFor(name.text, type, scope),
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
