/** How each expression is evaluated: one rule for each operation. */
import type { Core, TextCore } from "../check/core.ts";
import type { Help } from "../diagnostics/diagnostic.ts";
import type { Span } from "../source/span.ts";
import { spanWithin } from "../syntax/string-text.ts";
import { compare, equal, keyOf, mapOf } from "../values/compare.ts";
import { plain, printShort } from "../values/print.ts";
import { list, type MapEntry, placed, str, tagged, tuple, type Value, weightOf } from "../values/value.ts";
import { armOf } from "./arm.ts";
import { OperationBench } from "./bench.ts";
import { conform } from "./conform.ts";
import { readFolder } from "./dir.ts";
import { readFile } from "./file.ts";
import { elements } from "./iterate.ts";
import type { Machine } from "./machine.ts";
import { askModule, bindParams, evaluateAll } from "./query.ts";
import { changedRecord, recordLiteral } from "./record.ts";
import { Stop } from "./stop.ts";
import { isTrue } from "./truth.ts";

type CoreOf<O extends Core["op"]> = Extract<Core, { op: O }>;
type Rules = { readonly [O in Core["op"]]: (core: CoreOf<O>, machine: Machine) => Value };

export const rules: Rules = {
  const: ({ value }) => value,

  variable: ({ variable, span }, machine) => machine.valueOf(variable, span),

  list: ({ items, span }, machine) =>
    machine.allow(
      list(
        items.map((item) => machine.evaluate(item)),
        span,
      ),
      span,
    ),

  tuple: ({ items, span }, machine) =>
    machine.allow(
      tuple(
        items.map((item) => machine.evaluate(item)),
        span,
      ),
      span,
    ),

  map: ({ entries, span }, machine) => {
    const found = new Map<string, MapEntry>();
    for (const entry of entries) {
      const key = machine.evaluate(entry.key);
      const text = keyOf(key);
      const before = found.get(text);
      if (before)
        throw machine.stop(
          "E0315",
          entry.key.span,
          { key: printShort(key) },
          before.head ? [{ span: before.head, text: "first given here" }] : [],
        );
      found.set(text, { key, value: machine.evaluate(entry.value), head: entry.span });
    }
    return machine.allow(placed(mapOf([...found.values()]), span), span);
  },

  range: ({ low, high, span }, machine) => {
    const [from, to] = [machine.evaluate(low), machine.evaluate(high)];
    if (from.kind !== to.kind || (from.kind === "ip" && to.kind === "ip" && from.family !== to.family))
      throw machine.stop("E0305", span, { operation: "..", reason: "both ends are of the same family" });
    if (compare(from, to) > 0)
      throw machine.stop("E0305", span, {
        operation: "..",
        reason: `\`${printShort(from)}\` is above \`${printShort(to)}\`${roundAbout[from.kind] ?? ""}`,
        help: roundAbout[from.kind] ? undefined : lowerFirst(low.span, high.span, span, machine),
      });
    return { kind: "range", low: from, high: to, span };
  },

  record: (core, machine) => machine.allow(recordLiteral(core, machine), core.span),

  with: (core, machine) => machine.allow(changedRecord(core, machine), core.span),

  tagged: ({ tag, payload, span }, machine) => tagged(tag, machine.evaluate(payload), span),

  text: (core, machine) => text(core, machine),

  file: (core, machine) => readFile(core, machine),

  dir: (core, machine) => machine.allow(readFolder(core, machine), core.span),

  if: ({ condition, yes, no }, machine) => machine.evaluate(isTrue(machine.evaluate(condition)) ? yes : no),

  match: ({ subject, arms }, machine) => {
    const value = machine.evaluate(subject);
    for (const arm of arms) {
      if (arm.test && "tag" in arm.test && !hasTag(value, arm.test.tag)) continue;
      if (arm.test && "value" in arm.test && !equal(value, arm.test.value)) continue;
      if (arm.test && "union" in arm.test && armOf(arm.test.union, value) !== arm.test.arm) continue;
      if (arm.binding) machine.values.set(arm.binding, (value.kind === "tagged" && value.payload) || value);
      return machine.evaluate(arm.value);
    }
    throw new Error(`BUG: no arm of a \`match\` is for \`${printShort(value)}\``);
  },

  apply: ({ name, run, args, span }, machine) => {
    const values = args.map((arg) => machine.evaluate(arg));
    const value = run(values, new OperationBench(name, span, args, machine));
    return machine.allow(value.span === span ? value : placed(value, span), span);
  },

  short: ({ stop, left, right }, machine) => {
    const value = machine.evaluate(left);
    return isTrue(value) === stop ? value : machine.evaluate(right);
  },

  field: ({ object, name }, machine) => {
    const value = machine.evaluate(object);
    // only a module of the appliance is a record for the checker and can be missing
    if (value.kind === "none")
      throw machine.stop("E0503", object.span, { name: machine.around.textOf(object.span) });
    const field = value.kind === "record" ? value.fields.get(name) : undefined;
    if (!field) throw new Stop();
    return field;
  },

  listFor: ({ variables, source, condition, value, span }, machine) => {
    const items: Value[] = [];
    let weight = 16;
    const from = machine.evaluate(source);
    machine.inLoop(span, () => {
      for (const bind of elements(from, variables, machine, source.span)) {
        bind();
        if (condition && !isTrue(machine.evaluate(condition))) continue;
        const item = machine.evaluate(value);
        items.push(item);
        weight += weightOf(item);
        machine.allowWeight(weight, span);
      }
    });
    return list(items, span);
  },

  call: ({ fn, args }, machine) => {
    bindParams(fn.params, evaluateAll(args, machine), machine);
    return machine.evaluate(fn.value);
  },

  refine: (core, machine) => {
    const value = machine.evaluate(core.value);
    const misfit = conform(value, core.type, machine);
    if (!misfit) return value;
    const elsewhere = misfit.value.span;
    const related =
      elsewhere && !inside(elsewhere, core.span)
        ? [{ span: elsewhere, text: "the value comes from here" }]
        : [];
    const at = elsewhere && inside(elsewhere, core.span) ? elsewhere : core.span;
    throw new Stop(misfit.diagnostic(at, core.subject, related));
  },

  ref: ({ block, library, key, span }, machine) => ({
    kind: "ref",
    block,
    library,
    key: machine.evaluate(key),
    index: undefined,
    span,
  }),

  follow: ({ ref }, machine) => {
    const value = machine.evaluate(ref);
    const block = value.kind === "ref" ? value.target?.result : undefined;
    if (!block) throw new Stop();
    return block;
  },

  device: ({ of, name, span }, machine) => ({
    kind: "device",
    of,
    name: plain(machine.evaluate(name)),
    span,
  }),

  signal: ({ text, path, label, name, carries, span }, machine) => ({
    kind: "signal",
    text,
    path,
    label: label && machine.evaluate(label),
    name,
    carries,
    bound: undefined,
    span,
  }),

  fact: ({ interface: name, query, args }, machine) => {
    const value = machine.around.fact(name, query, evaluateAll(args, machine));
    if (!value) throw new Stop();
    return value;
  },

  query: ({ self, type, query, args, span }, machine) => {
    const asked = machine.evaluate(self);
    if (asked.kind === "none")
      throw machine.stop("E0503", self.span, { name: machine.around.textOf(self.span) });
    return placed(askModule(type, query, asked, evaluateAll(args, machine), machine), span);
  },

  body: () => {
    throw new Error("BUG: a body is not an expression");
  },

  error: () => {
    throw new Stop();
  },
};

/** Ranges of these begin again where others end. */
const roundAbout: Partial<Record<Value["kind"], string>> = {
  timeOfDay: ": a range does not go over midnight, so write two",
  weekday: ": a range does not go over Sunday, so write two",
};

function hasTag(value: Value, tag: string): boolean {
  if (value.kind === "none") return tag === "none";
  return value.kind === "tagged" && value.tag === tag;
}

function inside(inner: Span, outer: Span): boolean {
  return inner.source === outer.source && inner.start >= outer.start && inner.end <= outer.end;
}

/** A string with holes: where it is of a wrong form, the message points at the hole or the text that is wrong. */
function text({ parts, finish, span }: TextCore, machine: Machine): Value {
  let whole = "";
  const places: {
    readonly start: number;
    readonly end: number;
    readonly span: (start: number, end: number) => Span;
  }[] = [];
  for (const part of parts) {
    const start = whole.length;
    whole += "hole" in part ? plain(machine.evaluate(part.hole)) : part.value;
    machine.spend(1 + ((whole.length - start) >> 6), span);
    machine.allowWeight(whole.length, span);
    if (finish)
      places.push({
        start,
        end: whole.length,
        span: (from, to) => ("hole" in part ? part.span : spanWithin(part, from - start, to - start)),
      });
  }
  if (!finish) return str(whole, span);
  const finished = finish(whole, span);
  if (finished.ok) return finished.value;
  const place =
    places.find(({ start, end }) => finished.start >= start && finished.start < end) ?? places.at(-1);
  throw new Stop(
    finished.report(place ? place.span(finished.start, Math.min(finished.end, place.end)) : span),
  );
}

/** The two ends the other way round, if both are written in one place. */
function lowerFirst(low: Span, high: Span, span: Span, { around }: Machine): Help {
  const text = `${around.textOf(high)}..${around.textOf(low)}`;
  return { text: `the lower end comes first: \`${text}\``, edit: { span, text } };
}
