/** Phase 8: pins, network devices and disks that the configuration names, against the target's board. */
import { diagnose } from "../diagnostics/catalog.ts";
import { type Draft, draftsOf } from "../evaluate/draft.ts";
import type { Machine } from "../evaluate/machine.ts";
import type { Span } from "../source/span.ts";
import { wordsOfDevice } from "../types/devices.ts";
import { hasDevices } from "../types/holds.ts";
import type { DeviceType, Type } from "../types/type.ts";
import type { DeviceValue, Value } from "../values/value.ts";
import { type Board, type BoardPin, byNumber } from "./board.ts";

/** A target by its name, and its board if it says one. */
export interface BoardOfTarget {
  readonly target: string;
  readonly board: Board | undefined;
}

/** A place where the configuration names one. */
interface Use {
  readonly device: DeviceValue;
  readonly type: DeviceType;
  readonly span: Span;
  /** The block, and how a message calls it. */
  readonly draft: Draft;
  readonly option: string;
}

/** `others` are the description's further targets, for notes. */
export function checkDevices(
  root: Draft,
  { target, board }: BoardOfTarget,
  others: readonly BoardOfTarget[],
  machine: Machine,
): void {
  const uses = usesIn(root, machine);
  const pins = uses.filter(({ device }) => device.of === "Pin");
  const first = new Map<string, Use>();
  for (const use of pins) {
    const before = first.get(use.device.name);
    if (before) twice(use, before, machine);
    else first.set(use.device.name, use);
  }
  if (!board) return;
  const checked = { target, board, others, used: new Set(first.keys()) };
  for (const use of first.values()) if (board.pins) checkPin(use, board.pins, checked, machine);
  for (const use of uses) if (use.device.of !== "Pin") checkName(use, board, target, machine);
}

interface Checked {
  readonly target: string;
  readonly board: Board;
  readonly others: readonly BoardOfTarget[];
  readonly used: ReadonlySet<string>;
}

// ------------------------------------------------------------------------------------------------ pins

function twice({ device, span, draft }: Use, before: Use, machine: Machine): void {
  const related = [{ span: before.span, text: `\`${nameOf(before.draft)}\` uses it, too` }];
  machine.around.report(diagnose("E0603", span, { pin: device.name, by: nameOf(draft) }, related));
}

/** `output "vent"`, as its head is written. */
const nameOf = ({ name, label }: Draft): string => (label?.kind === "str" ? `${name} ${label.value}` : name);

function checkPin(use: Use, pins: ReadonlyMap<string, BoardPin>, checked: Checked, machine: Machine): void {
  const { device, type, span, draft } = use;
  const { board, others, target, used } = checked;
  const pin = pins.get(device.name);
  const suits = (name: string, it: BoardPin): boolean =>
    !used.has(name) && !it.wired && type.can.every((ability) => it.can.includes(ability));
  const sorted = [...pins].toSorted(([a], [b]) => byNumber(a, b));
  const suitable = sorted.filter(([name, it]) => suits(name, it));
  const acceptable = draft.type.settable.has("strapping");
  const help = {
    pin: device.name,
    board: board.name,
    can: type.can,
    free: suitable.filter(([, it]) => !it.strapping).map(([name]) => name),
    strapping: acceptable ? suitable.filter(([, it]) => it.strapping).map(([name]) => name) : [],
    target,
    unlimited: others.filter((it) => !it.board?.pins).map((it) => it.target),
  };
  if (!pin) {
    const names = sorted.filter(([, it]) => !it.wired).map(([name]) => name);
    machine.around.report(diagnose("E0602", span, { ...help, names }));
    return;
  }
  if (pin.wired) {
    machine.around.report(diagnose("E0601", span, { ...help, reason: pin.wired }));
    return;
  }
  const lacking = type.can.find((ability) => !pin.can.includes(ability));
  if (lacking !== undefined) {
    machine.around.report(diagnose("E0604", span, { ...help, lacking, able: pin.can }));
    return;
  }
  const accepted = draft.result?.fields.get("strapping");
  if (pin.strapping && !(accepted?.kind === "tagged" && accepted.tag === "accept"))
    machine.around.report(diagnose("E0605", span, { ...help, reason: pin.strapping, acceptable }));
}

// ------------------------------------------------------------------------------------------------ the others

function checkName({ device, span }: Use, board: Board, target: string, machine: Machine): void {
  const names = device.of === "Nic" ? board.nics : board.disks;
  if (!names || names.includes(device.name)) return;
  const { noun } = wordsOfDevice(device.of);
  machine.around.report(
    diagnose("E0606", span, {
      name: device.name,
      noun,
      board: board.name,
      names,
      target,
      option: board.virtual ? (device.of === "Nic" ? "nics" : "disks") : undefined,
    }),
  );
}

// ------------------------------------------------------------------------------------------------ finding them

function usesIn(root: Draft, machine: Machine): readonly Use[] {
  const uses: Use[] = [];
  for (const draft of draftsOf(root)) {
    const { result } = draft;
    const head = draft.head;
    if (draft.faulty || !result || !head) continue;
    for (const member of draft.type.members) {
      const value = member.kind === "option" ? result.fields.get(member.name) : undefined;
      if (member.kind !== "option" || !value || !hasDevices(member.type)) continue;
      const given = result.origins.has(member.name);
      for (const [device, type] of devicesIn(value, member.type)) {
        machine.spend(1, head);
        // a default is written in the library: the block is where the user can say something else
        const span = given ? (device.span ?? head) : head;
        uses.push({ device, type, span, draft, option: member.name });
      }
    }
  }
  return uses;
}

function* devicesIn(value: Value, type: Type): Generator<readonly [DeviceValue, DeviceType]> {
  switch (type.kind) {
    case "device":
      if (value.kind === "device") yield [value, type];
      return;
    case "named":
      return yield* devicesIn(value, type.type);
    case "refined":
      return yield* devicesIn(value, type.base);
    case "optional":
      return yield* devicesIn(value, type.inner);
    case "list":
      if (value.kind === "list") for (const item of value.items) yield* devicesIn(item, type.element);
      return;
    case "tuple":
      if (value.kind === "tuple")
        for (const [index, item] of value.items.entries()) yield* devicesIn(item, type.items[index]!);
      return;
    case "map":
      if (value.kind === "map")
        for (const entry of value.entries.values()) {
          yield* devicesIn(entry.key, type.key);
          yield* devicesIn(entry.value, type.value);
        }
      return;
    case "record":
      // a block of its own has a draft of its own
      if (value.kind === "record" && type.what === "record")
        for (const member of type.members) {
          const field = value.fields.get(member.name);
          if (field && member.kind === "option") yield* devicesIn(field, member.type);
        }
      return;
    case "union":
      for (const arm of type.arms) {
        if (arm.kind === "type") yield* devicesIn(value, arm.type);
        if (arm.kind === "tag" && value.kind === "tagged" && value.tag === arm.word && value.payload)
          yield* devicesIn(value.payload, arm.payload);
      }
      return;
    default:
  }
}
