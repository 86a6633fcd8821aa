/** Signals to the blocks that have them. */
import { didYouMean } from "../diagnostics/nearest.ts";
import { fits } from "../types/fit.ts";
import { aType, printType } from "../types/print.ts";
import type { SignalMember } from "../types/type.ts";
import { plain } from "../values/print.ts";
import type { SignalValue } from "../values/value.ts";
import { type Draft, draftsOf, inOrder } from "./draft.ts";
import type { Machine } from "./machine.ts";
import { Stop } from "./stop.ts";

/** The signal with the block that it is of; throws `Stop`. All bodies must be expanded. */
export function bindSignal(signal: SignalValue, draft: Draft, machine: Machine): SignalValue {
  if (signal.bound) return signal;
  const root = rootOf(draft);
  const span = signal.span ?? draft.head ?? root.head;
  if (!span) throw new Stop();
  const named: Draft[] = [];
  for (const candidate of draftsOf(root)) {
    machine.spend(1, span);
    if (candidate !== root && isCalled(candidate, signal)) named.push(candidate);
  }
  const having = named.filter((it) => signalOf(it, signal.name));
  const [found, other] = having;
  if (!found) throw missing(signal, named, root, machine);
  if (other)
    throw machine.stop(
      "E0507",
      span,
      { text: signal.text, paths: having.map((it) => `${pathOf(it)}.${signal.name}`) },
      having.flatMap((it) => (it.head ? [{ span: it.head, text: "one is here" }] : [])),
    );
  machine.around.bound?.(span, found);
  const { type } = signalOf(found, signal.name)!;
  if (
    signal.carries &&
    fits({ kind: "signal", carries: type }, { kind: "signal", carries: signal.carries }) === "no"
  )
    throw machine.stop(
      "E0506",
      span,
      {
        text: signal.text,
        carries: aType(type),
        wanted: aType(signal.carries),
        fitting: fittingIn(root, signal, machine),
      },
      found.head ? [{ span: found.head, text: `\`${signal.name}\` is one of its signals` }] : [],
    );
  return {
    ...signal,
    path: namesOf(found),
    label: found.label,
    bound: {
      library: found.type.library,
      block: found.type.name ?? found.name,
      index: indexOf(found),
      type,
    },
  };
}

const rootOf = (draft: Draft): Draft => (draft.parent ? rootOf(draft.parent) : draft);

const signalOf = (draft: Draft, name: string): SignalMember | undefined =>
  draft.type.signals.find((it) => it.name === name);

/** `air` is the label of a block, or the name of one without label; `gpio.output["vent"]` is both in full. */
function isCalled(draft: Draft, { path, label }: SignalValue): boolean {
  if (label) return draft.label !== undefined && plain(draft.label) === plain(label) && samePath(draft, path);
  const [only, more] = path;
  if (draft.label !== undefined) return more === undefined && plain(draft.label) === only;
  return samePath(draft, path);
}

const samePath = (draft: Draft, path: readonly string[]): boolean => {
  const own = namesOf(draft);
  return own.length === path.length && own.every((name, index) => name === path[index]);
};

/** From the module inwards: `gpio`, `output`. */
function namesOf(draft: Draft): readonly string[] {
  return draft.parent ? [...namesOf(draft.parent), draft.name] : [];
}

function pathOf(draft: Draft): string {
  const names = namesOf(draft).join(".");
  return draft.label === undefined ? names : `${names}["${plain(draft.label)}"]`;
}

function indexOf(draft: Draft): number {
  const field = draft.parent?.fields.get(draft.name);
  return field?.kind === "blocks" ? inOrder(field).findIndex((entry) => entry.draft === draft) : 0;
}

const blocksWithSignals = (root: Draft): readonly Draft[] =>
  [...draftsOf(root)].filter((it) => it !== root && it.type.signals.length > 0);

/** What a signal of it begins with: `air`, or `wifi.station` for a block without label. */
const shortName = (draft: Draft): string =>
  draft.label === undefined ? namesOf(draft).join(".") : plain(draft.label);

function missing(signal: SignalValue, named: readonly Draft[], root: Draft, machine: Machine): Stop {
  if (root.faulty || [...draftsOf(root)].some(({ faulty, type }) => faulty && type.what === "appliance"))
    return new Stop();
  const { text, name } = signal;
  const owner = text.slice(0, text.lastIndexOf("."));
  const [block] = named;
  if (block)
    return machine.stop("E0505", signal.span!, {
      owner,
      name,
      signals: block.type.signals.map((it) => `${it.name} : ${printType(it.type)}`),
      help: didYouMean(
        name,
        block.type.signals.map((it) => it.name),
      ),
    });
  const owners = blocksWithSignals(root).map(shortName);
  return machine.stop("E0504", signal.span!, { owner, owners: [...new Set(owners)] });
}

/** Signals of the appliance that would fit, as they are written. */
function fittingIn(root: Draft, { carries }: SignalValue, machine: Machine): readonly string[] {
  const found: string[] = [];
  for (const block of blocksWithSignals(root)) {
    machine.spend(1, root.head ?? block.head ?? { source: "", start: 0, end: 0 });
    for (const { name, type } of block.type.signals)
      if (fits({ kind: "signal", carries: type }, { kind: "signal", carries }) !== "no")
        found.push(`${shortName(block)}.${name}`);
  }
  return found;
}
