/** Phase 7: the rules of libraries and the assertions of the description, over the finished configuration. */
import type { AssertCore, BodyCore, Core, Details, Pointer, Variable } from "../check/core.ts";
import { catalog, diagnose } from "../diagnostics/catalog.ts";
import { type Diagnostic, fill, type Label } from "../diagnostics/diagnostic.ts";
import { type Draft, draftsOf } from "../evaluate/draft.ts";
import { elements } from "../evaluate/iterate.ts";
import type { Machine } from "../evaluate/machine.ts";
import { bindRecord } from "../evaluate/query.ts";
import { Stop } from "../evaluate/stop.ts";
import { isTrue } from "../evaluate/truth.ts";
import type { Span } from "../source/span.ts";
import type { RecordType } from "../types/type.ts";
import { keyOf } from "../values/compare.ts";
import { plain, printShort, shorten } from "../values/print.ts";
import type { MapEntry, RecordValue, Value } from "../values/value.ts";
import { partsOf, partsWithin } from "./walk.ts";

/** Checks every block without an error in it: a rule would take for granted what is only not known. */
export function runRules(root: Draft, machine: Machine): void {
  const faulty = faultyIn(root);
  for (const draft of draftsOf(root)) {
    if (faulty.has(draft) || !draft.result) continue;
    const { checks } = draft.type;
    if (checks) {
      bind(draft, machine);
      runBody(checks, machine, { draft, loops: [] });
    }
    for (const { item, locals } of draft.asserts) {
      for (let outer: Draft | undefined = draft; outer; outer = outer.parent) bind(outer, machine);
      for (const [variable, value] of locals) machine.values.set(variable, value);
      rule(item, undefined, machine);
    }
  }
}

/** Blocks with an error in them, or in a block of theirs. */
function faultyIn(root: Draft): ReadonlySet<Draft> {
  const found = new Set<Draft>();
  for (const draft of draftsOf(root))
    if (draft.faulty)
      for (let outer: Draft | undefined = draft; outer && !found.has(outer); outer = outer.parent)
        found.add(outer);
  return found;
}

/** Assertions beside appliances: over values that are the same for all. */
export function runAsserts(asserts: readonly AssertCore[], machine: Machine): void {
  for (const item of asserts) rule(item, undefined, machine);
}

const bind = (draft: Draft, machine: Machine): void =>
  bindRecord(draft.type, draft.result, draft.label, machine);

/** The block that a library's rule is of, and the variables of the loops around the rule. */
interface Owner {
  readonly draft: Draft;
  readonly loops: readonly Variable[];
}

/** Rules of a library, of `owner`; without one, assertions of the description. */
export const runBody = (body: BodyCore, machine: Machine, owner?: Owner): void =>
  eachRule(body, machine, owner?.loops ?? [], (item, loops) =>
    rule(item, owner && { ...owner, loops }, machine),
  );

/** Whether no rule that makes an error is broken by a block with these settings, nor one of the blocks that it has once. */
export function rulesHold(
  type: RecordType,
  config: RecordValue,
  label: Value | undefined,
  machine: Machine,
): boolean {
  let hold = true;
  bindRecord(type, config, label, machine);
  if (type.checks)
    eachRule(type.checks, machine, [], ({ condition, code }) => {
      if (!code?.startsWith("W") && !isTrue(machine.evaluate(condition))) hold = false;
    });
  return (
    hold &&
    type.members.every((member) => {
      const inner = config.fields.get(member.name);
      if ((member.kind !== "one" && member.kind !== "maybe") || inner?.kind !== "record") return true;
      return rulesHold(member.block, inner, undefined, machine);
    })
  );
}

/** Calls `each` for every rule whose conditions are fulfilled, in every turn of the loops around it. */
function eachRule(
  body: BodyCore,
  machine: Machine,
  loops: readonly Variable[],
  each: (item: AssertCore, loops: readonly Variable[]) => void,
): void {
  for (const item of body.items) {
    machine.attempt(() => {
      machine.spend(1, item.span);
      switch (item.item) {
        case "let":
          machine.values.set(item.variable, machine.evaluate(item.value));
          return;
        case "assert":
          return each(item, loops);
        case "when":
          if (isTrue(machine.evaluate(item.condition))) eachRule(item.body, machine, loops, each);
          return;
        case "for":
          return machine.inLoop(item.span, () => {
            for (const turn of elements(
              machine.evaluate(item.source),
              item.variables,
              machine,
              item.source.span,
            )) {
              turn();
              eachRule(item.body, machine, [...loops, ...item.variables], each);
            }
          });
        default:
          throw new Error(`BUG: a rule that is a ${item.item}`);
      }
    });
  }
}

function rule(item: AssertCore, owner: Owner | undefined, machine: Machine): void {
  machine.attempt(() => {
    if (isTrue(machine.evaluate(item.condition))) return;
    machine.around.report(owner ? failure(item, owner, machine) : assertion(item, machine));
  });
}

// ------------------------------------------------------------------------------------------------ messages

function assertion(item: AssertCore, machine: Machine): Diagnostic {
  return diagnose("E0701", item.condition.span, facts(item, machine, undefined));
}

function failure(item: AssertCore, { draft, loops }: Owner, machine: Machine): Diagnostic {
  const { span, related } = blame(item.condition, draft, loops, machine);
  const data = facts(item, machine, machine.around.where(item.span));
  const made = fill(item.code ?? "E0700", catalog.E0700, span, data, related);
  const said = item.details ? { ...made, ...saidBy(item.details, made, draft, machine) } : made;
  return item.code?.startsWith("W") ? { ...said, severity: "warning" } : said;
}

/** What a message says of a condition that does not hold. */
function facts(item: AssertCore, machine: Machine, declared: string | undefined) {
  return {
    message: item.message && machine.attempt(() => plain(machine.evaluate(item.message!))),
    condition: oneLine(item.text),
    values: valuesIn(item.condition, machine),
    declared,
  };
}

/** What the author of the check says: places that the user did not write are not shown. */
function saidBy(
  { at, also, helps, notes }: Details,
  made: Diagnostic,
  draft: Draft,
  machine: Machine,
): Partial<Diagnostic> {
  const label = ({ place, text }: Pointer): Label | undefined => {
    const span = placeOf(place, draft, machine);
    const said = machine.attempt(() => plain(machine.evaluate(text)));
    return span?.source === made.primary.span.source && said !== undefined ? { span, text: said } : undefined;
  };
  const main = at && label(at);
  const others = also.map(label).filter((it) => it !== undefined);
  const text = at && machine.attempt(() => plain(machine.evaluate(at.text)));
  return {
    primary: main ?? { ...made.primary, text: text ?? "" },
    related: at || also.length > 0 ? others : made.related,
    helps: textsOf(helps, machine).map((help) => ({ text: help })),
    notes: textsOf(notes, machine),
  };
}

function textsOf(cores: readonly Core[], machine: Machine): readonly string[] {
  return cores.flatMap((core) => {
    const value = machine.attempt(() => machine.evaluate(core));
    return value?.kind === "list" ? value.items.map(plain) : value ? [plain(value)] : [];
  });
}

/** Where the user wrote what an expression reads: the setting, or the value. */
function placeOf(place: Core, draft: Draft, machine: Machine): Span | undefined {
  if (place.op === "variable" && place.variable.role === "setting") {
    const own = draft.result?.origins.get(place.variable.name);
    if (own) return own.head;
  }
  if (place.op === "variable" && place.variable.role === "label") return draft.head;
  if (place.op === "field") {
    const object = quietly(place.object, machine);
    const origin = object?.kind === "record" ? object.origins.get(place.name) : undefined;
    if (origin) return origin.head;
  }
  // the element itself, where `[…]` would be the place of the expression
  if (place.op === "apply" && place.name === "[…]") {
    const [map, key] = place.args.map((arg) => quietly(arg, machine));
    const entry = map?.kind === "map" && key ? map.entries.get(keyOf(key)) : undefined;
    if (entry) return entry.head ?? entry.value.span;
  }
  return quietly(place, machine)?.span;
}

const oneLine = (text: string): string => text.replace(/\s+/g, " ");

/**
 * What a user would have to change: the element that a loop is at, else the settings that the rule reads, else the block. The others
 * are shown beside it.
 */
function blame(
  condition: Core,
  draft: Draft,
  loops: readonly Variable[],
  machine: Machine,
): { span: Span; related: readonly Label[] } {
  const block = draft.head ?? draft.parent?.head ?? condition.span;
  const labels: Label[] = [];
  const add = (span: Span | undefined, text: string) => {
    const known = labels.some((it) => it.span.start === span?.start && it.span.end === span.end);
    if (span?.source === block.source && !known) labels.push({ span, text });
  };
  for (const variable of loops.toReversed()) add(machine.values.get(variable)?.span, "");
  const looping = labels.length > 0;
  for (const part of partsOf(condition)) {
    if (part.op === "variable" && !looping) add(draft.result?.origins.get(part.variable.name)?.head, "");
    const found = foundIn(part, machine);
    if (found) add(found.head, `\`${plain(found.key)}\` is here`);
  }
  const [main, ...others] = labels;
  return { span: main?.span ?? block, related: others.slice(0, 3) };
}

/** The entry that `x in m` or `x in keys(m)` finds. */
function foundIn(part: Core, machine: Machine): MapEntry | undefined {
  if (part.op !== "apply" || part.name !== "in") return undefined;
  const [item, whole] = part.args as readonly [Core, Core];
  const map = quietly(whole.op === "apply" && whole.name === "keys" ? whole.args[0]! : whole, machine);
  const key = map?.kind === "map" ? quietly(item, machine) : undefined;
  return key && map?.kind === "map" ? map.entries.get(keyOf(key)) : undefined;
}

const MAX_VALUES = 5;

/** The values of what the condition reads, as the user would write them. */
function valuesIn(condition: Core, machine: Machine): readonly string[] {
  const shown = new Map<string, string>();
  for (const part of readIn(condition)) {
    const text = oneLine(machine.around.textOf(part.span));
    const value = quietly(part, machine);
    if (!value || value.kind === "record" || shown.has(text)) continue;
    const printed = printShort(value);
    if (printed !== text) shown.set(text, `\`${shorten(text)}\` is ${printed}`);
  }
  return [...shown.values()].slice(0, MAX_VALUES);
}

/** Variables, fields and functions of them, each as a whole. */
function* readIn(core: Core): Generator<Core> {
  const isCall =
    core.op === "apply" && /^[a-z.]/.test(core.name) && !["in", "is", "matches", "not"].includes(core.name);
  if (core.op === "variable" || core.op === "field" || core.op === "fact" || core.op === "query" || isCall)
    yield core;
  else for (const part of partsWithin(core)) yield* readIn(part);
}

function quietly(core: Core, machine: Machine): Value | undefined {
  try {
    return machine.evaluate(core);
  } catch (error) {
    if (error instanceof Stop) return undefined;
    throw error;
  }
}
