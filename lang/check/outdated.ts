/** Names of an older version of a library: they are understood, and said to be old. */
import type * as ast from "../syntax/ast.ts";
import { fits } from "../types/fit.ts";
import type { Member, Outdated, RecordType, Settable } from "../types/type.ts";
import type { Checker } from "./checker.ts";
import type { Growing } from "./record-type.ts";
import { plainText } from "./texts.ts";

/** The member with what is said of its end in its documentation. */
export function toldOld<M extends Member>(member: M, all: readonly ast.Member[], checker: Checker): M {
  const old = all.find(
    (it) => it.kind === "outdated" && it.word === "deprecated" && it.name.text === member.name,
  ) as ast.OutdatedMember | undefined;
  if (old === undefined) return member;
  const instead = [old.to && `use \`${old.to.text}\``, old.advice && textOf(old.advice, checker)];
  const told = `Deprecated: ${instead.filter((it) => it !== undefined).join("; ")}.`;
  return { ...member, docs: member.docs === undefined ? told : `${member.docs}\n${told}` };
}

const textOf = (text: ast.StringExpr, checker: Checker): string =>
  plainText(text) ?? checker.textOf(text.span);

/** The declarations of a block or module, whose members are known. */
export function readOutdated(members: readonly ast.Member[], type: Growing, checker: Checker): void {
  const found = new Map<string, Outdated>();
  type.outdated = found;
  const goes = new Set(
    members.flatMap((it) => (it.kind === "outdated" && it.word === "deprecated" ? [it.name.text] : [])),
  );
  for (const member of members) {
    if (member.kind !== "outdated") continue;
    const { word, name, to, advice } = member;
    const before =
      found.get(name.text)?.span ??
      (word === "deprecated" ? undefined : type.settable.get(name.text)?.member.span);
    if (before)
      checker.error("E0107", name.span, { name: name.text, what: "the member" }, [
        { span: before, text: "first declared here" },
      ]);
    const wanted = word === "deprecated" ? [name, to] : [to];
    for (const it of wanted)
      if (it && !type.settable.has(it.text))
        checker.error("E0108", it.span, {
          name: it.text,
          library: type.name ?? "",
          members: [...type.settable.keys()],
        });
    if (before || wanted.some((it) => it && !type.settable.has(it.text))) continue;
    for (const it of wanted) if (it) told(it, type, checker);
    const why = word === "deprecated" && to ? whyNot(type, name.text, to.text, goes) : undefined;
    if (why !== undefined) {
      const what = `written in the place of \`${name.text}\``;
      checker.error("E0219", to!.span, { what, type: `\`${to!.text}\``, why });
      continue;
    }
    const text = advice && textOf(advice, checker);
    found.set(name.text, { word, to: to?.text, advice: text, span: name.span });
  }
}

/** For an editor: what the declaration speaks of. */
function told({ text, span }: ast.Name, type: Growing, { recorder }: Checker): void {
  const settable = type.settable.get(text)!;
  recorder?.add({ fact: "means", span, meaning: { is: "member", settable, of: type } });
}

/** Why one name cannot be written for another. */
function whyNot(type: Growing, name: string, to: string, goes: ReadonlySet<string>): string | undefined {
  if (goes.has(to)) return "it is to go itself";
  return canReplace(type, name, to)
    ? undefined
    : "not everything that was written for the one can be written for the other: say in a text what to do";
}

/** Whatever is written behind the one name can stand behind the other. */
function canReplace(type: Growing, name: string, to: string): boolean {
  const [from, into] = [type.settable.get(name)!, type.settable.get(to)!];
  const [a, b] = [from.member, into.member];
  if (a.kind === "option" && b.kind === "option") return fits(a.type, b.type) === "yes";
  const [block, other] = [blockIn(from), blockIn(into)];
  return a.kind === b.kind && block !== undefined && block === other;
}

const blockIn = ({ member, arm }: Settable): RecordType | undefined =>
  arm ? arm.block : member.kind === "option" || member.kind === "choice" ? undefined : member.block;
