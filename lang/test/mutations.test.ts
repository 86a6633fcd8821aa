import { expect, test } from "vitest";
import { configure, defaultLimits, MemoryFiles, MemoryLibraries, renderAll, Sources } from "#lang";
import { testLibraries, testMachines } from "./libraries.ts";
import { descriptions, mutate, random } from "./mutate.ts";

const libraryPaths = testLibraries.all();

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
