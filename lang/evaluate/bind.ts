/** References and signals to the blocks that they name. */
import type { DataOf } from "../diagnostics/catalog.ts";
import type { BlocksMember, RecordType } from "../types/type.ts";
import { keyOf, mapOf } from "../values/compare.ts";
import { plain, quote } from "../values/print.ts";
import {
  list,
  placed,
  type RefValue,
  record,
  type SignalValue,
  tagged,
  tuple,
  type Value,
} from "../values/value.ts";
import { bindSignal } from "./bind-signal.ts";
import { type Draft, inOrder } from "./draft.ts";
import type { Machine } from "./machine.ts";
import { Stop } from "./stop.ts";

/** The value with every reference in it bound, as seen from a block; throws `Stop`. All bodies must be expanded. */
export const bindRefs = (value: Value, draft: Draft, machine: Machine): Value =>
  mapRefs(value, (found) =>
    found.kind === "ref" ? bindRef(found, draft, machine) : bindSignal(found, draft, machine),
  );

/** References to blocks of a module whose settings are finished, in arguments of a query; others stay as they are. */
export function bindInModule(value: Value, type: RecordType, self: Value, machine: Machine): Value {
  return mapRefs(value, (ref) => {
    if (ref.kind !== "ref") return ref;
    const member = memberFor(ref, type);
    const blocks = member && self.kind === "record" ? self.fields.get(member.name) : undefined;
    if (ref.target || !member || blocks?.kind !== "map") return ref;
    const entries = [...blocks.entries.values()];
    const index = entries.findIndex(({ key }) => keyOf(key) === keyOf(ref.key));
    const found = entries[index]?.value;
    if (found?.kind === "record") return { ...ref, index, target: { result: found } };
    if (!ref.span) throw new Stop();
    throw machine.stop("E0502", ref.span, {
      block: member.name,
      name: plain(ref.key),
      labels: entries.map(({ key }) => plain(key)),
      places: entries.map(({ head }) => head && machine.around.where(head)),
    });
  });
}

function mapRefs(value: Value, bindOne: (found: RefValue | SignalValue) => Value): Value {
  const bind = (inner: Value): Value => mapRefs(inner, bindOne);
  switch (value.kind) {
    case "ref":
    case "signal":
      return bindOne(value);
    case "list":
      return list(value.items.map(bind), value.span);
    case "tuple":
      return tuple(value.items.map(bind), value.span);
    case "tagged":
      return value.payload ? tagged(value.tag, bind(value.payload), value.span) : value;
    case "map":
      return placed(
        mapOf(
          [...value.entries.values()].map((entry) => ({
            ...entry,
            key: bind(entry.key),
            value: bind(entry.value),
          })),
          "given",
        ),
        value.span,
      );
    case "record":
      return record(
        new Map([...value.fields].map(([name, field]) => [name, bind(field)])),
        value.span,
        value.origins,
      );
    default:
      return value;
  }
}

function bindRef(ref: RefValue, draft: Draft, machine: Machine): Value {
  const span = ref.span ?? draft.head;
  if (!span) throw new Stop();
  machine.spend(1, span);
  const found = containerOf(ref, draft);
  if (!found) throw machine.stop("E0501", span, nowhere(ref, draft));
  const { holder, member } = found;
  const field = holder.fields.get(member.name);
  const blocks = field?.kind === "blocks" ? field : undefined;
  const order = blocks ? inOrder(blocks) : [];
  const target = blocks?.entries.get(keyOf(ref.key));
  if (target) {
    machine.around.bound?.(span, target.draft);
    return { ...ref, index: order.indexOf(target), target: target.draft };
  }
  if (blocks?.incomplete) throw new Stop();
  throw machine.stop("E0502", span, {
    block: member.name,
    name: plain(ref.key),
    labels: order.map(({ label }) => plain(label)),
    places: order.map(({ label }) => label.span && machine.around.where(label.span)),
  });
}

interface Container {
  readonly holder: Draft;
  readonly member: BlocksMember;
}

/** The nearest block around that can hold such blocks; else the first module that can. */
function containerOf(ref: RefValue, draft: Draft): Container | undefined {
  let holder: Draft | undefined = draft;
  let root = draft;
  for (; holder; holder = holder.parent) {
    root = holder;
    const member = memberFor(ref, holder.type);
    if (member) return { holder, member };
  }
  for (const field of root.fields.values()) {
    if (field.kind !== "block") continue;
    const member = memberFor(ref, field.draft.type);
    if (member) return { holder: field.draft, member };
  }
  return undefined;
}

/** What could be written for it, if a library in use has such blocks; else which library to use. */
function nowhere(ref: RefValue, draft: Draft): DataOf<"E0501"> {
  let root = draft;
  while (root.parent) root = root.parent;
  const { key, library } = ref;
  const name = plain(key);
  const label = /^[a-z_]\w*$/i.test(name) ? name : quote(name);
  const own = memberFor(ref, root.type);
  if (own) return { block: own.name, write: `${own.name} ${label} { … }`, library };
  for (const around of root.type.members) {
    const member = around.kind === "maybe" ? memberFor(ref, around.block) : undefined;
    if (!member) continue;
    const write = `${around.name} { ${member.name} ${label} { … } }`;
    return { block: `${around.name}.${member.name}`, write, library };
  }
  return { block: `${library.slice(library.lastIndexOf("/") + 1)}.${ref.block}`, write: undefined, library };
}

function memberFor(ref: RefValue, type: RecordType): BlocksMember | undefined {
  return type.members.find(
    (member): member is BlocksMember => member.kind === "blocks" && isTarget(ref, member.block),
  );
}

function isTarget({ block, library }: RefValue, type: RecordType): boolean {
  return (type.name === block && type.library === library) || type.offers.includes(`${library}.${block}`);
}
