/** Types as a user would write them. */
import type { Arm, Member, RecordType, Type } from "./type.ts";

/** `home` is the library whose own names need no qualifier; without it every name stands alone. */
export function printType(type: Type, home?: string): string {
  switch (type.kind) {
    case "scalar":
      return type.name;
    case "named":
      return qualified(type.name, type, home);
    case "list":
      return `List<${printType(type.element, home)}>`;
    case "map":
      return `Map<${printType(type.key, home)}, ${printType(type.value, home)}>`;
    case "range":
      return `Range<${printType(type.element, home)}>`;
    case "optional":
      return `${grouped(type.inner, home)}?`;
    case "tuple":
      return `(${type.items.map((item) => printType(item, home)).join(", ")})`;
    case "record":
      return type.name ?? printFields(type, home);
    case "union":
      return type.arms.map((arm) => printArm(arm, home)).join(" | ");
    case "ref":
      return `Ref<${qualified(type.block, type, home)}>`;
    case "device":
      return type.can.length === 0 ? type.of : `${type.of}<${type.can.join(", ")}>`;
    case "signal":
      return type.carries ? `Signal<${printType(type.carries, home)}>` : "Signal";
    case "refined":
      return `${grouped(type.base, home)} ${type.refinement.by} ${type.refinement.text}`;
    case "secret":
      return `${type.open ? "AtBoot" : "Secret"}<${printType(type.inner, home)}>`;
    case "none":
      return "none";
    case "empty":
      return "nothing";
    case "error":
      return "?";
  }
}

interface Owned {
  readonly library: string;
  readonly qualifier: string | undefined;
}

function qualified(name: string, { library, qualifier }: Owned, home: string | undefined): string {
  return home !== undefined && qualifier && library !== home ? `${qualifier}.${name}` : name;
}

function grouped(type: Type, home: string | undefined): string {
  const text = printType(type, home);
  return type.kind === "union" || type.kind === "refined" ? `(${text})` : text;
}

export function printArm(arm: Arm, home?: string): string {
  switch (arm.kind) {
    case "word":
      return arm.word;
    case "tag":
      return `${arm.word}(${printType(arm.payload, home)})`;
    case "type":
      return grouped(arm.type, home);
  }
}

function printFields(type: RecordType, home: string | undefined): string {
  if (type.members.length === 0) return "{}";
  return `{ ${type.members.map((member) => printField(member, home)).join(", ")} }`;
}

function printField(member: Member, home: string | undefined): string {
  if (member.kind !== "option") return member.name;
  const fallback = member.fallback ? ` = ${member.fallback.text}` : "";
  return `${member.name}: ${printType(member.type, home)}${fallback}`;
}

/** With its article, for a sentence: `a Duration`, `an Int`, `a list`. */
export function aType(type: Type): string {
  const text = nounOf(type);
  return `${/^[aeiouAEIO]/.test(text.replace(/^`/, "")) ? "an" : "a"} ${text}`;
}

function nounOf(type: Type): string {
  switch (type.kind) {
    case "scalar":
      return type.name;
    case "named":
      return `\`${type.name}\``;
    case "record":
      return type.what === "record" ? "record" : `\`${type.name}\` block`;
    case "refined":
      return nounOf(type.base);
    case "none":
      return "`none`";
    default:
      return `\`${printType(type)}\``;
  }
}
