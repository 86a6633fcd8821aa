/** Record literals. */
import type { RecordCore } from "../check/core.ts";
import { placed, type RecordValue } from "../values/value.ts";
import { Draft } from "./draft.ts";
import { expand } from "./expand.ts";
import { finish } from "./finish.ts";
import type { Machine } from "./machine.ts";
import { Stop } from "./stop.ts";

/** Its body gives definitions like that of a block; throws `Stop` if a field failed. */
export function recordLiteral({ type, body, span, name }: RecordCore, machine: Machine): RecordValue {
  const draft = new Draft(type, name);
  draft.openings.push({ rank: "plain", forced: undefined, via: undefined, head: span });
  expand(body, draft, machine);
  const result = finish(draft, { machine, around: span, appliance: undefined, refs: false });
  if (draft.faulty || result.fields.size < type.members.length) throw new Stop();
  return placed(result, span);
}
