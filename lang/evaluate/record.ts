/** Record literals. */
import type { RecordCore, WithCore } from "../check/core.ts";
import type { Span } from "../source/span.ts";
import { placed, type RecordValue } from "../values/value.ts";
import { Draft, type Source } from "./draft.ts";
import { expand } from "./expand.ts";
import { finish } from "./finish.ts";
import type { Machine } from "./machine.ts";
import { Stop } from "./stop.ts";

const here = (span: Span): Source => ({ rank: "plain", forced: undefined, via: undefined, head: span });

/** Its body gives definitions like that of a block; throws `Stop` if a field failed. */
export function recordLiteral({ type, body, span, name }: RecordCore, machine: Machine): RecordValue {
  const draft = new Draft(type, name);
  draft.openings.push(here(span));
  expand(body, draft, machine);
  return finished(draft, span, machine);
}

/** The copy of a record, with what a body says before what was there. */
export function changedRecord(core: WithCore, machine: Machine): RecordValue {
  const { object, type, body, span, name } = core;
  const before = machine.evaluate(object);
  if (before.kind !== "record") throw new Error(`BUG: the copy of a ${before.kind}`);
  const draft = new Draft(type, name);
  draft.openings.push(here(span));
  expand(body, draft, machine);
  keep(before, draft, machine);
  return finished(draft, span, machine);
}

/** Fields that nobody changes are those of the other record; of the ones that are changed in part, the rest is. */
function keep(before: RecordValue, draft: Draft, machine: Machine): void {
  for (const member of draft.type.members) {
    const value = before.fields.get(member.name);
    if (member.kind !== "option" || !value) continue;
    const head = value.span ?? draft.head!;
    machine.spend(1, head);
    const leaf = draft.leaf(member);
    leaf.whole.push({ ...here(head), rank: "default", value, span: head, add: false });
    if (leaf.nested && value.kind === "record") keep(value, leaf.nested, machine);
  }
}

function finished(draft: Draft, span: Span, machine: Machine): RecordValue {
  const result = finish(draft, { machine, around: span, appliance: undefined, refs: false });
  if (draft.faulty || result.fields.size < draft.type.members.length) throw new Stop();
  return placed(result, span);
}
