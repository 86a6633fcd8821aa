import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { configure, defaultLimits, MemoryFiles, MemoryLibraries, renderAll, Sources } from "#lang";
import { testLibraries, testMachines } from "./libraries.ts";
import { examples } from "./syntax-files.ts";

const folder = (name: string) => new URL(`${name}/`, import.meta.url);
const texts = (name: string, end: string): readonly string[] =>
  readdirSync(folder(name), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(end))
    .sort()
    .map((file) => readFileSync(new URL(file, folder(name)), "utf8").replace(/\n----\n[\s\S]*$/, "\n"));

const descriptions = [...examples.map(({ text }) => text), ...texts("errors", ".txt")];
const libraryPaths = testLibraries.all();

/** A small generator of numbers (mulberry32), so that a failure can be repeated by its seed. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

const pieces = (text: string): string[] => text.match(/"[^"\n]*"|[\w.:/°%-]+|\s+|./gu) ?? [];

/** A few pieces dropped, doubled, exchanged, or taken from another text. */
function mutate(text: string, other: string, pick: (below: number) => number): string {
  const own = pieces(text);
  const foreign = pieces(other);
  for (let times = 1 + pick(4); times > 0; times--) {
    const at = pick(own.length);
    const kind = pick(5);
    if (kind === 0) own.splice(at, 1 + pick(3));
    else if (kind === 1) own.splice(at, 0, own[pick(own.length)] ?? "");
    else if (kind === 2) own[at] = foreign[pick(foreign.length)] ?? "";
    else if (kind === 3) own.splice(at, 0, ...foreign.slice(pick(foreign.length)).slice(0, 1 + pick(20)));
    else [own[at], own[at + 1]] = [own[at + 1] ?? "", own[at] ?? ""];
  }
  return own.join("");
}

function run(seed: number): number {
  const pick = random(seed);
  const any = (from: readonly string[]) => from[pick(from.length)]!;
  const description = pick(3) === 0 ? any(descriptions) : mutate(any(descriptions), any(descriptions), pick);
  const libraries = Object.fromEntries(libraryPaths.map((path) => [path, testLibraries.find(path)!.text]));
  if (pick(2) === 0) {
    const path = any(libraryPaths);
    libraries[path] = mutate(libraries[path]!, libraries[any(libraryPaths)]!, pick);
  }
  const files = new MemoryFiles({ "t.appl": description, "x.pem": "a" });
  const { diagnostics, configurations } = configure({
    path: "t.appl",
    files,
    libraries: new MemoryLibraries(libraries),
    machines: testMachines,
    limits: { ...defaultLimits, steps: 100_000 },
  });
  const errors = diagnostics.filter(({ severity }) => severity === "error").length;
  if (errors === 0) expect(configurations.length, `seed ${seed}`).toBeGreaterThan(0);
  renderAll(diagnostics, new Sources(files));
  return errors;
}

const count = Number(process.env["MUTATIONS"] ?? 400);

test(`${count} mutated descriptions and libraries give diagnostics or a configuration, and never a failure`, () => {
  const start = Number(process.env["SEED"] ?? 1);
  let withErrors = 0;
  for (let seed = start; seed < start + count; seed++) {
    try {
      withErrors += run(seed) > 0 ? 1 : 0;
    } catch (error) {
      throw new Error(`seed ${seed}`, { cause: error });
    }
  }
  expect(withErrors).toBeGreaterThan(0);
});
