/** `remove`: what fragments brought, or what an appliance says, is taken out again. */
import type { BodyCore, ItemCore, OpenCore, RemoveCore } from "../check/core.ts";
import { bare } from "../types/type.ts";
import { keyOf, mapOf } from "../values/compare.ts";
import { plain, printShort } from "../values/print.ts";
import type { Value } from "../values/value.ts";
import { Draft, type LeafDraft } from "./draft.ts";
import type { Machine } from "./machine.ts";

type Sought = "include" | "remove";

const known = { include: new WeakMap<BodyCore, boolean>(), remove: new WeakMap<BodyCore, boolean>() };

/** Whether a body has such items, in whatever is inside of it. */
export function contains(body: BodyCore, sought: Sought): boolean {
  const before = known[sought].get(body);
  if (before !== undefined) return before;
  const has = (item: ItemCore): boolean => {
    if (item.item === sought) return true;
    const inner = item.item === "when" || item.item === "for" || item.item === "open";
    return inner && contains(item.body, sought);
  };
  const result = body.items.some(has);
  known[sought].set(body, result);
  return result;
}

type Place = Pick<OpenCore, "settable" | "label">;

/** The block that is there already; throws `Stop`. */
export function found({ settable, label }: Place, draft: Draft, machine: Machine): Draft | undefined {
  const { member, arm } = settable;
  const field = draft.fields.get(member.name);
  switch (field?.kind) {
    case "leaf":
      return field.nested;
    case "block":
      return field.draft.openings.length > 0 ? field.draft : undefined;
    case "choice":
      return field.arms.get(arm!.name);
    case "blocks":
      return label && field.entries.get(keyOf(machine.evaluate(label)))?.draft;
    default:
      return undefined;
  }
}

/** A block that is nowhere and has nothing. */
export function detached({ settable }: Place, parent: Draft): Draft {
  const { member, arm } = settable;
  if (member.kind !== "option")
    return new Draft(
      arm?.block ?? (member as Exclude<typeof member, { kind: "choice" }>).block,
      member.name,
      parent,
    );
  const type = bare(member.type);
  const inner = type.kind === "optional" ? bare(type.inner) : type;
  if (inner.kind !== "record") throw new Error(`BUG: \`${member.name}\` is opened and is no record`);
  return new Draft(inner, member.name, parent);
}

/** Throws `Stop` with a report if there is nothing to remove. */
export function removal({ settable, label, head }: RemoveCore, draft: Draft, machine: Machine): void {
  const { member, arm } = settable;
  const field = draft.fields.get(member.name);
  const key = label && machine.evaluate(label);
  let others: readonly Value[] = [];
  switch (field?.kind) {
    case "leaf":
      if (key ? removeEntry(field, key) : draft.fields.delete(member.name)) return;
      others = [...field.entries.values()].map((entry) => entry.key);
      break;
    case "block":
      if (field.draft.openings.length > 0 && draft.fields.delete(member.name)) return;
      break;
    case "choice":
      if (field.arms.delete(arm!.name)) return;
      break;
    case "blocks":
      if (key && field.entries.delete(keyOf(key))) return;
      others = [...field.entries.values()].map((entry) => entry.label);
  }
  throw machine.stop("E0411", head, {
    name: arm?.name ?? member.name,
    label: key && printShort(key),
    plain: key && plain(key),
    labels: others.map(plain),
  });
}

/** From the entries, and from maps that were given as a whole. */
function removeEntry(leaf: LeafDraft, key: Value): boolean {
  const text = keyOf(key);
  let removed = leaf.entries.delete(text);
  leaf.whole.forEach((definition, index) => {
    if (definition.value?.kind !== "map" || !definition.value.entries.has(text)) return;
    removed = true;
    const rest = [...definition.value.entries].filter(([each]) => each !== text).map(([, entry]) => entry);
    leaf.whole[index] = { ...definition, value: mapOf(rest) };
  });
  return removed;
}
