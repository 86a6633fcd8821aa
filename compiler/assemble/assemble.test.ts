import { afterAll, beforeAll, expect, test } from "vitest";
import { MemoryFiles } from "#lang";
import { childAssembler } from "../../cli/edges/asc.ts";
import { configured, defaultsOf, type Front } from "../build/configured.ts";
import { embedSnapshot } from "../image/wasm.ts";
import type { Plan } from "../resolve/plan.ts";
import { resolve } from "../resolve/resolve.ts";
import type { AssembleOutcome } from "./assembler.ts";
import { closure } from "./closure.ts";
import { encodeSettings, FileTable, Positions } from "./encode.ts";
import { runPrepare } from "./prepare.ts";
import { description, toyLibraries, toyTarget } from "./test-modules.ts";
import { wire } from "./wiring.ts";

const assembler = childAssembler();
afterAll(() => assembler.close());

const usual = toyLibraries();

function planOf(
  body: string,
  files: Readonly<Record<string, string>> = {},
  before = "",
  libraries = usual,
): Plan {
  const front: Front = configured({
    path: "toy.appl",
    backends: [toyTarget],
    files: new MemoryFiles({ "toy.appl": description(body, before), ...files }),
    libraries,
  });
  const { diagnostics } = front;
  const [configuration] = front.configurations;
  if (configuration === undefined || diagnostics.length > 0) throw new Error(JSON.stringify(diagnostics));
  const resolution = resolve(configuration, { roots: [], defaults: defaultsOf(configuration) });
  if (!("plan" in resolution)) throw new Error(JSON.stringify(resolution));
  return resolution.plan;
}

async function assembled(plan: Plan, libraries = usual): Promise<Done> {
  const { entry, setUp, generated, keep } = wire(plan);
  const read = (path: string) => {
    const bytes = libraries.read(path);
    return generated.get(path) ?? (bytes && new TextDecoder().decode(bytes));
  };
  const outcome = await assembler.assemble({ entry, setUp, keep, sources: closure([entry, setUp], read) });
  if (outcome.kind !== "done") throw new Error(JSON.stringify(outcome));
  return outcome;
}

async function prepared(program: Done, plan: Plan, others: Readonly<Record<string, string>> = {}) {
  const tables = { positions: new Positions(), files: new FileTable((path) => path) };
  const settings = wire(plan).prepared.map(({ module, instance }) => {
    const { use } = plan.modules.find((planned) => planned.module.path === module)!;
    return encodeSettings(use.module, use.instances[instance]!, tables, instance);
  });
  const include = (_from: string, path: string) =>
    others[path] === undefined ? undefined : { path, bytes: new TextEncoder().encode(others[path]) };
  return runPrepare({ ...program, settings, files: tables.files.files, include });
}

type Done = Extract<AssembleOutcome, { kind: "done" }>;
let built: Done;

beforeAll(async () => {
  built = await assembled(planOf('text = "a=1"'));
});

async function booted(body: string, files: Readonly<Record<string, string>> = {}, before = "") {
  const { snapshot, reports } = await prepared(built, planOf(body, files, before), files);
  expect(reports.filter(({ severity }) => severity === "error")).toEqual([]);
  const { instance } = await WebAssembly.instantiate(
    embedSnapshot(built.runtime, snapshot!) as BufferSource,
    {},
  );
  return instance.exports as unknown as { start(): void; poll(now: bigint): bigint };
}

test("what prepare made is there at run time, without prepare", async () => {
  const { start, poll } = await booted('text = "alpha=20;beta=30"; offset = 100');
  start();
  expect(poll(3n)).toBe(1n + 100n + 20n + 9n);
  expect(WebAssembly.Module.imports(new WebAssembly.Module(built.runtime as BufferSource))).toEqual([]);
});

test.each([
  ["a setting", 'text = "beta=30"; offset = -5', 995n],
  ["a block", 'extra "alpha" { value = 7 }', 7n],
  ["the empty arm of a choice", "kind = plain", 1n],
  ["an arm with a number", "kind = weighed(9)", 9n],
  ["an arm with text", 'kind = named("alpha")', 5n],
])("%s reaches the memory", async (_what, body, expected) => {
  const { poll } = await booted(body);
  expect(poll(0n)).toBe(expected);
});

test("a file and what it includes reach the memory", async () => {
  const files = { "words.txt": "beta=1\ninclude more.txt\n", "more.txt": "alpha=77\n" };
  const { poll } = await booted('file = file "words.txt"', files);
  expect(poll(0n)).toBe(77n);
});

test("a folder reaches the memory: names, media types and content", async () => {
  const files = { "words/a": "x", "words/b/note.txt": "12345", "note.txt": "x" };
  const { poll } = await booted('folder = dir "words"', files);
  expect(poll(0n)).toBe(5n);
});

test.each([
  ["of a start", 'boot "a/b/c"', 5n + 10n],
  ["sealed, which says not where it lies", 'sealed "./none.sealed"', 10n],
  ["that the device makes", "generated", 10n],
])("a secret %s reaches the memory as a slot", async (_what, from, expected) => {
  const { poll } = await booted("key = k", {}, `secret k : Str from ${from}\n`);
  expect(poll(0n)).toBe(expected);
});

test("a part whose condition holds is in the program", async () => {
  const loud = await assembled(planOf("offset = 1001"));
  expect(loud.runtime.length).toBeGreaterThan(built.runtime.length);
});

test("what only prepare needed is not in the snapshot", async () => {
  const { snapshot } = await prepared(built, planOf('text = "alpha=20;beta=30"'));
  const memory = Buffer.alloc(snapshot!.pages * 65536);
  for (const { offset, bytes } of snapshot!.segments) memory.set(bytes, offset);
  const all = memory.toString("utf16le");
  expect(all).toContain("alpha");
  expect(all).not.toContain("set-up");
  expect(all).not.toContain("no value in");
  const stored = snapshot!.segments.reduce((sum, { bytes }) => sum + bytes.length, 0);
  expect(stored).toBeLessThan(2000);
});

test("floats that set-up has computed are there at run time", async () => {
  const libraries = toyLibraries({
    "backends/box/drivers/step.ts": `let half: f64 = 0.5;
let third: f32 = 0;
export function step(): i64 {
  half *= 3.0;
  third = <f32>(half / 3.0);
  return <i64>(half * 1000.0 + <f64>third * 10.0);
}
`,
    "stdlib/toy/counter/index.ts": `import { step } from "./needs/step";
let sum: i64 = step();
export function count(by: i64): void { sum += by * step(); }
export function deadline(): u64 { return <u64>sum; }
`,
  });
  const plan = planOf('text = "alpha=1"', {}, "", libraries);
  const program = await assembled(plan, libraries);
  const { snapshot } = await prepared(program, plan);
  const image = embedSnapshot(program.runtime, snapshot!);
  const { instance } = await WebAssembly.instantiate(image as BufferSource, {});
  const { poll } = instance.exports as unknown as { poll(now: bigint): bigint };
  expect(poll(0n)).toBe(1500n + 5n + 4500n + 15n);
});

test("a mistake in a setting is reported with the number of its place", async () => {
  const { snapshot, reports } = await prepared(built, planOf('text = "alpha"'));
  expect(snapshot).toBeUndefined();
  expect(reports).toEqual([
    {
      severity: "error",
      code: "E9001",
      message: "no value in `alpha`",
      help: "write a=1",
      place: { kind: "setting", at: expect.any(Number) },
    },
  ]);
});

test("a mistake in a file is reported with its line and column", async () => {
  const files = { "words.txt": "beta=1\nodd line=2\ninclude none.txt\n" };
  const { reports } = await prepared(built, planOf('file = file "words.txt"', files), files);
  expect(reports.map(({ severity, place }) => [severity, place])).toEqual([
    ["warning", { kind: "file", path: "words.txt", line: 2, column: 1, length: 3 }],
    ["error", { kind: "file", path: "words.txt", line: 3, column: 9, length: 8 }],
  ]);
});

test("memory that stays is counted for whoever made it", async () => {
  const plan = planOf('text = "alpha=1;beta=2"');
  const { memory, snapshot } = await prepared(built, plan);
  const bytes = new Map(memory);
  expect(memory.map(([owner]) => owner)).toEqual(expect.arrayContaining(["constants", "prepare:0"]));
  // `buffer` of 100,000 bytes, and what is around it.
  expect(bytes.get("start:stdlib/toy/words/index")).toBeGreaterThan(100_000);
  expect(memory.reduce((sum, [, own]) => sum + own, 0)).toBe(snapshot!.live);
});

test("values of every type reach the code", async () => {
  const own = toyLibraries({
    "stdlib/toy/toy.appl": `appl 1
library std/toy
interface Counter { source = "./counter/index.ts" }
interface Step { source = "./step.ts" }
module words {
  needs counter : Counter
  option hours : Range<TimeOfDay>
  option days  : Range<Weekday>
  option ports : List<Port | Range<Port>>
  option pair  : (Str, Int, Ip4)
  option many  : Map<(Str, Str), Range<Ip>>
  option since : Date
  option ratio : Dec
  option clock : Freq
  option delta : TempDelta
  option volts : Volt?
  option limit : none | Freq | Rate | Range<Int> | (Int, Int)
  part loud when false
  code as "./words/index.ts" { hooks = [start, poll] }
  code prepare "./words/prepare.ts"
}
module counter {
  offers Counter
  needs step : Step
  code as "./counter/index.ts" { hooks = [deadline] }
}
diagnostic E9001 "What came"
`,
    "stdlib/toy/words/prepare.ts": `import { warning } from "../../core/report";
import { Config } from "./config";
export function prepare(config: Config): void {
  const text = config.hours.low.toString() + "-" + config.hours.high.toString() + " " + config.days.low.toString() + "-" + config.days.high.toString()
    + " " + config.ports.length.toString() + " " + config.pair.first + config.pair.second.toString() + " " + config.pair.third.low.toString()
    + " " + config.many[0].key.second + config.many[0].value.high.low.toString() + " " + config.since.toString() + " " + config.ratio
    + " " + config.clock.toString() + " " + config.delta.toString() + " " + (config.volts == null ? "none" : "some") + " " + config.limit.tag.toString()
    + " " + config.limit.freq.toString();
  warning("E9001", config.at, text, "");
}
`,
  });
  const body = `hours = 01:00..05:30; days = tue..sun; ports = [80, 1..9]; pair = ("a", 2, 0.0.0.3); many = { ("x", "y") => 0.0.0.1..0.0.0.4 }
    since = 1970-02-01; ratio = 0.25; clock = 1kHz; delta = -0.5°C; volts = none; limit = 2Hz`;
  const plan = planOf(body, {}, "", own);
  const { reports } = await prepared(await assembled(plan, own), plan);
  expect(reports.map(({ message }) => message)).toEqual([
    "3600-19800 1-6 2 a2 3 y4 31 0.25 1000000000 -500000 none 1 2000000",
  ]);
});
