/** What a name stands for, as text: its declaration as it would be written, and its documentation. */
import { printSignature } from "../check/functions.ts";
import type { Meaning } from "../check/recorder.ts";
import { builtins } from "../evaluate/operations/builtins.ts";
import { printType } from "../types/print.ts";
import type { Member, RecordType, Settable } from "../types/type.ts";
import type { Analysis } from "./analysis.ts";
import { declarationAt } from "./subject.ts";

export interface Description {
  /** In the notation of the language. */
  readonly code: string;
  readonly docs: string | undefined;
  /** `option of dns.Host`. */
  readonly about?: string | undefined;
}

export function describe(meaning: Meaning, analysis: Analysis): Description {
  switch (meaning.is) {
    case "variable": {
      const { name, type, role, span } = meaning.variable;
      const declared = declarationAt(analysis, span);
      const word = { let: "let ", param: "param ", secret: "secret " }[role as string] ?? "";
      const code =
        type.kind === "record" && type.what === "appliance"
          ? `appliance ${name}`
          : `${word}${name} : ${printType(type)}`;
      return { code, docs: declared?.doc, about: role === "loop" ? "of the loop" : undefined };
    }
    case "function": {
      const { fn } = meaning;
      return { code: `fn ${printSignature(fn)}`, docs: declarationAt(analysis, fn.span)?.doc };
    }
    case "builtin": {
      const { signature, docs } = builtins.get(meaning.name)!;
      return { code: signature, docs };
    }
    case "library": {
      const { unit } = meaning;
      const library = unit.ast.items.find((item) => item.kind === "library");
      return {
        code: `use ${unit.library ?? `"./${unit.path}"`}`,
        docs: library?.kind === "library" ? library.doc : undefined,
      };
    }
    case "fragment":
      return {
        code: `fragment ${declarationAt(analysis, meaning.declared)?.name.text ?? ""}`,
        docs: declarationAt(analysis, meaning.declared)?.doc,
      };
    case "type": {
      const { type } = meaning;
      if (type.kind !== "named") return { code: printType(type), docs: undefined };
      return { code: `type ${type.name} = ${printType(type.type)}`, docs: type.docs };
    }
    case "block":
      return { code: headOf(meaning.block), docs: meaning.block.docs };
    case "member":
      return describeMember(meaning.settable, meaning.of);
  }
}

function headOf({ name, label, what }: RecordType): string {
  return `${what === "module" ? "module" : "block"} ${name ?? ""}${label ? ` : ${printType(label)}` : ""}`;
}

export function describeMember({ member, arm }: Settable, of: RecordType): Description {
  const owner =
    of.name && of.what !== "appliance"
      ? `of ${of.what === "record" ? "" : `${of.what} `}\`${of.name}\``
      : undefined;
  if (arm)
    return {
      code: `${arm.name} : ${arm.block.name}`,
      docs: arm.block.docs ?? member.docs,
      about: `one of the choice \`${member.name}\`${owner ? ` ${owner}` : ""}`,
    };
  const code = codeOf(member, of);
  const docs =
    member.docs ?? (member.kind === "option" || member.kind === "choice" ? undefined : member.block.docs);
  return {
    code,
    docs,
    about:
      owner && `${member.kind === "option" ? (of.what === "record" ? "field" : "option") : "block"} ${owner}`,
  };
}

function codeOf(member: Member, of: RecordType): string {
  const { name } = member;
  switch (member.kind) {
    case "option": {
      const merge = member.merge ? ` merge ${member.merge}` : "";
      const fallback = member.fallback ? ` = ${member.fallback.text}` : "";
      return `${name} : ${printType(member.type, of.library)}${merge}${fallback}`;
    }
    case "blocks": {
      const label = member.block.label ? ` ${printType(member.block.label, of.library)}` : "";
      return `${name}${label} { … }${member.ordered ? "   # in order" : ""}`;
    }
    case "choice":
      return `${name} : ${member.arms.map((arm) => `${arm.name} ${arm.block.name}`).join(" | ")}`;
    default:
      return `${name} { … }`;
  }
}
