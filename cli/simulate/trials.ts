/** `simulate { … }` in tests: what must be answered, and what may not be. */
import { trialFailed } from "#compiler";
import type { Diagnostic, Span, Trial, Value } from "#lang";
import { type Conditions, SECOND, Simulation, type Time, Trap } from "#simulate";
import { slotLine } from "../run/given.ts";
import { type Ask, asksOf } from "./asks.ts";
import { type Cut, scheduleCuts } from "./cuts.ts";
import { type Built, networkOf } from "./network.ts";
import { scheduleExpectations, scheduleSets } from "./script.ts";
import { Unclear } from "./unclear.ts";

interface Plan {
  readonly span: Span;
  readonly duration: Time;
  readonly seeds: number;
  readonly conditions: Partial<Conditions>;
  readonly cuts: readonly Cut[];
  readonly asks: readonly Wanted[];
  readonly sets: readonly string[];
  readonly expects: readonly Expected[];
  /** Slot → value. */
  readonly given: ReadonlyMap<string, string>;
}

/** Something of a plan, and where it says so. */
interface Expected {
  readonly text: string;
  readonly span: Span;
}

interface Wanted extends Expected {
  readonly answered: boolean;
  readonly answer: string | undefined;
  readonly within: Time | undefined;
  readonly tries: number;
}

/** What went otherwise: of each question the first time. */
export function tried(trial: Trial, builds: readonly Built[], reference: string): readonly Diagnostic[] {
  const plan = planOf(trial);
  const failures = new Map<Expected, Diagnostic>();
  for (let seed = 1; seed <= plan.seeds; seed++) {
    try {
      for (const [wanted, failure] of run(plan, seed, builds, reference))
        if (!failures.has(wanted)) failures.set(wanted, failure);
    } catch (error) {
      if (!(error instanceof Unclear) && !(error instanceof Trap)) throw error;
      const isUnclear = error instanceof Unclear;
      const found = isUnclear ? "cannot be simulated" : "it happens again every time";
      return [
        trialFailed(plan.span, {
          what: error.message,
          found,
          help: isUnclear ? error.help : undefined,
          seed: isUnclear ? undefined : seed,
        }),
      ];
    }
  }
  return [...failures.values()];
}

function* run(
  plan: Plan,
  seed: number,
  builds: readonly Built[],
  reference: string,
): Generator<readonly [Expected, Diagnostic]> {
  const simulation = new Simulation({ seed });
  const equipped = builds.map((each) => ({ ...each, given: linesFor(each, plan.given) }));
  const network = networkOf(simulation, equipped, plan.conditions);
  const asks = asksOf(plan.asks, network, simulation);
  const expectations = scheduleExpectations(
    simulation,
    network.things,
    plan.expects.map(({ text: each }) => each),
  );
  scheduleSets(simulation, network.things, plan.sets);
  scheduleCuts(simulation, network, plan.cuts);
  for (const machine of network.machines) machine.switchOn();
  simulation.run(plan.duration);
  const again = `appl simulate ${reference} --seed ${seed}`;
  for (const [n, expected] of plan.expects.entries()) {
    const { found, wanted } = expectations[n]!;
    if (found === wanted) continue;
    const failure = {
      what: `\`${expected.text}\` is not so`,
      found: found === undefined ? "it was over before" : `it is ${found}`,
      help: `\`${again}\` with the same \`--set\` shows what happens when`,
    };
    yield [expected, trialFailed(expected.span, { ...failure, seed })];
  }
  for (const [n, wanted] of plan.asks.entries()) {
    const failure = refuted(asks[n]!, wanted);
    if (failure === undefined) continue;
    const help = `\`${again}\` with the same conditions and \`--trace\` shows every frame`;
    yield [wanted, trialFailed(wanted.span, { ...failure, help, seed })];
  }
}

/** What of it an appliance has slots for. */
function linesFor({ report: { slots } }: Built, given: Plan["given"]): string | undefined {
  const lines = slots.flatMap(({ slot }) => (given.has(slot) ? [slotLine(slot, given.get(slot)!)] : []));
  return lines.length === 0 ? undefined : lines.join("");
}

function refuted(
  ask: Ask,
  { text, answered, answer, within }: Wanted,
): { readonly what: string; readonly found: string } | undefined {
  const { question } = ask;
  const came = question?.answer;
  const said = came === undefined ? undefined : ask.read(came);
  const took = (question?.answeredAt ?? 0) - ask.at;
  if (came === undefined)
    return answered
      ? {
          what: `\`${text}\` is not answered`,
          found:
            question === undefined
              ? "it was over before this was asked, or before there was an address"
              : `asked ${question.tries} times`,
        }
      : undefined;
  if (!answered)
    return { what: `\`${text}\` is answered, and must not be`, found: said?.line ?? "an answer came" };
  if (answer !== undefined && said?.whole.includes(answer) !== true)
    return { what: `the answer to \`${text}\` does not hold \`${answer}\``, found: said?.line ?? "" };
  if (within !== undefined && took > within)
    return { what: `the answer to \`${text}\` comes too late`, found: `after ${took / SECOND} s` };
  return undefined;
}

function planOf({ span, settings }: Trial): Plan {
  const { fields } = settings;
  const share = (name: string): number => Number(measure(fields.get(name)) ?? 0n) / 1e8;
  const bandwidth = measure(fields.get("bandwidth"));
  return {
    span,
    duration: time(fields.get("duration")) ?? 0,
    seeds: number(fields.get("seeds")),
    conditions: {
      delay: time(fields.get("delay")) ?? 0,
      jitter: time(fields.get("jitter")) ?? 0,
      ...(bandwidth !== undefined && bandwidth > 0n && { bandwidth: Number(bandwidth) / 1e6 }),
      loss: share("loss"),
      duplication: share("duplicate"),
      reordering: share("reorder"),
      corruption: share("corrupt"),
    },
    cuts: blocks(fields.get("cut")).map(({ label, fields: cut }) => ({
      appliance: label,
      from: time(cut.get("from")) ?? 0,
      to: time(cut.get("to")) ?? 0,
    })),
    given: pairs(fields.get("given")),
    sets: items(fields.get("set")).map((each) => text(each) ?? ""),
    expects: items(fields.get("expect")).map((each) => ({ text: text(each) ?? "", span: each.span ?? span })),
    asks: blocks(fields.get("ask")).map(({ label, head, fields: ask }) => ({
      text: label,
      span: head ?? span,
      answered: isTrue(ask.get("answered")),
      answer: text(ask.get("answer")),
      within: time(ask.get("within")),
      tries: number(ask.get("tries")),
    })),
  };
}

type Fields = ReadonlyMap<string, Value>;

/** Blocks by their labels, in the order of the labels. */
function blocks(value: Value | undefined): { label: string; head: Span | undefined; fields: Fields }[] {
  if (value?.kind !== "map") return [];
  return [...value.entries.values()].map(({ key, value: each, head }) => ({
    label: text(key) ?? "",
    head,
    fields: each.kind === "record" ? each.fields : new Map(),
  }));
}

const items = (value: Value | undefined): readonly Value[] => (value?.kind === "list" ? value.items : []);

const pairs = (value: Value | undefined): ReadonlyMap<string, string> =>
  new Map(
    value?.kind === "map"
      ? [...value.entries.values()].map(({ key, value: each }) => [text(key) ?? "", text(each) ?? ""])
      : [],
  );

const time = (value: Value | undefined): Time | undefined =>
  value?.kind === "duration" ? Number(value.ns) : undefined;
const measure = (value: Value | undefined): bigint | undefined =>
  value?.kind === "measure" ? value.millionths : undefined;
const number = (value: Value | undefined): number => (value?.kind === "int" ? Number(value.value) : 0);
const text = (value: Value | undefined): string | undefined =>
  value?.kind === "str" ? value.value : undefined;
const isTrue = (value: Value | undefined): boolean => value?.kind === "bool" && value.value;
