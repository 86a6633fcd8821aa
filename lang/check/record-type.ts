/** Record types while they are made: what members refer to is there before they are complete. */
import type { Span } from "../source/span.ts";
import type * as ast from "../syntax/ast.ts";
import {
  type Fallback,
  type Member,
  type OptionMember,
  type RecordType,
  type Settable,
  type Type,
  typeOfMember,
} from "../types/type.ts";
import type { Variable } from "./core.ts";

/** A record type whose parts can still be added. */
export type Growing = { -readonly [K in keyof RecordType]: RecordType[K] };

interface Given {
  readonly what: RecordType["what"];
  readonly library: string;
  readonly span: Span;
  readonly name?: string;
  readonly docs?: string | undefined;
  readonly members?: readonly Member[];
}

export function newRecord({ what, library, span, name, docs, members = [] }: Given): Growing {
  const type: Growing = {
    kind: "record",
    what,
    name,
    library,
    docs,
    span,
    label: undefined,
    members: [],
    settable: new Map(),
    outdated: new Map(),
    labelVariable: undefined,
    selfVariable: undefined,
    offers: [],
    signals: [],
    checks: undefined,
    queries: [],
  };
  for (const member of members) addMember(type, member);
  return type;
}

export function addMember(type: Growing, member: Member): void {
  (type.members as Member[]).push(member);
  const settable = type.settable as Map<string, Settable>;
  if (member.kind === "choice") for (const arm of member.arms) settable.set(arm.name, { member, arm });
  else settable.set(member.name, { member, arm: undefined });
}

export function settingVariable(
  name: string,
  type: Type,
  span: Span,
  role: Variable["role"] = "setting",
): Variable {
  return { name, type, span, role };
}

export function optionMember({
  name,
  type,
  docs,
  merge,
  counted,
  fallback,
}: {
  readonly name: ast.Name;
  readonly type: Type;
  readonly docs: string | undefined;
  readonly merge: OptionMember["merge"];
  readonly counted?: OptionMember["counted"];
  readonly fallback: Fallback | undefined;
}): OptionMember {
  const { text, span } = name;
  return {
    kind: "option",
    name: text,
    docs,
    span,
    type,
    merge,
    counted,
    fallback,
    variable: settingVariable(text, type, span),
  };
}

/** The member with the variable that expressions read it by. */
export function readable<M extends Exclude<Member, OptionMember>>(member: Omit<M, "variable">): M {
  const unread = member as unknown as Parameters<typeof typeOfMember>[0];
  return {
    ...member,
    variable: settingVariable(unread.name, typeOfMember(unread), unread.span),
  } as unknown as M;
}
