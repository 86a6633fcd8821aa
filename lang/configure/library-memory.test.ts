import { expect, test } from "vitest";
import { backends } from "#backends";
import { machinesOf } from "#compiler";
import { analyse, hoverAt, ParseMemory } from "#ide";
import { defaultLimits, type Libraries, type Machines, MemoryFiles, MemoryLibraries } from "#lang";
import type { UnitDeclarations } from "../check/declarations.ts";
import type { Unit } from "../check/unit.ts";
import { parseText } from "../syntax/parse-memory.ts";
import { testLibraries, testMachines } from "../test/libraries.ts";
import { descriptions, mutate, random } from "../test/mutate.ts";
import { repositoryFiles, standardLibraries } from "../test/standard-libraries.ts";
import { print } from "../values/print.ts";
import { LibraryMemory } from "./library-memory.ts";

interface World {
  readonly files: Readonly<Record<string, string>>;
  readonly libraries: Libraries;
  readonly machines: Machines;
}

/** An editor that keeps things, and how often that was of use. */
class Editor {
  readonly kept = new LibraryMemory();
  readonly parsed = new ParseMemory();
  recalled = 0;

  constructor() {
    const of = this.kept.of.bind(this.kept);
    this.kept.of = (...asked) => {
      const found = of(...asked);
      if (found) this.recalled++;
      return found;
    };
  }
}

/** Everything that is found out of a description, as text. */
function found({ files, libraries, machines }: World, editor?: Editor): string {
  const request = {
    path: "t.appl",
    files: new MemoryFiles(files),
    libraries,
    machines,
    everywhere: true,
    limits: { ...defaultLimits, steps: 100_000 },
    ...(editor && { kept: editor.kept, parsed: editor.parsed }),
  };
  const analysis = analyse(request);
  const settings = analysis.evaluated.map((one) => [one.target, print(one.settings)]);
  const length = files["t.appl"]!.length;
  const hovers = Array.from({ length: 12 }, (_, n) =>
    hoverAt(analysis, "t.appl", Math.floor((length * n) / 12)),
  );
  const { diagnostics, reads } = analysis;
  return JSON.stringify([diagnostics, reads, settings, hovers], (_, value: unknown) =>
    typeof value === "bigint" ? `${value}n` : value,
  );
}

const STEPS = Number(process.env["APPL_FUZZ"] ?? 20);
const libraryPaths = testLibraries.all();
const sound = Object.fromEntries(libraryPaths.map((path) => [path, testLibraries.find(path)!.text]));

test(`after each of ${STEPS} random changes of a description and of libraries, what is kept gives what is found without it`, () => {
  const pick = random(Number(process.env["SEED"] ?? 1));
  const any = <T>(from: readonly T[]): T => from[pick(from.length)]!;
  const editor = new Editor();
  let libraries = sound;
  let text = descriptions[0]!;
  for (let step = 0; step < STEPS; step++) {
    const what = pick(10);
    if (what === 0) text = any(descriptions);
    else if (what < 7) text = mutate(text, any(descriptions), pick);
    else if (what === 7) libraries = sound;
    else {
      const path = any(libraryPaths);
      libraries = { ...libraries, [path]: mutate(libraries[path]!, libraries[any(libraryPaths)]!, pick) };
    }
    const world = {
      files: { "t.appl": text, "x.pem": "a" },
      libraries: new MemoryLibraries(libraries),
      machines: testMachines,
    };
    expect(found(world, editor), `step ${step}`).toBe(found(world));
  }
  expect(editor.recalled).toBeGreaterThan(STEPS / 4);
});

const standard = { libraries: standardLibraries, machines: machinesOf(backends) };

test("a description with the standard library: mistakes that come and go, libraries that come and go", () => {
  const editor = new Editor();
  const text = new TextDecoder().decode(repositoryFiles.read("examples/router/router.appl"));
  const texts = [text, text.replace("mtu = 1492", "mtv = 1492"), text.replace("use std/ntp\n", ""), text];
  expect(new Set(texts).size).toBe(3);
  for (const one of texts) {
    const world = { files: { "t.appl": one }, ...standard };
    expect(found(world, editor)).toBe(found(world));
  }
  expect(editor.recalled).toBeGreaterThan(texts.length);
});

const library = `appl 1
library own/thing
## A thing.
module thing {
  ## How much.
  option amount : Int = 1
}
`;
const description = `appl 1
use own/thing
appliance a { thing { amount = 2 } }
`;

/** After `before`, what is kept must give what is found without it in each world after it. */
function follow(
  worlds: readonly {
    readonly text?: string;
    readonly library?: string;
    readonly much?: string;
    readonly csv?: string;
  }[],
) {
  const editor = new Editor();
  const results = worlds.map(({ text = description, library: own = library, much = "", csv = "" }) => {
    const world = {
      files: { "t.appl": text, "own/x.csv": csv },
      libraries: new MemoryLibraries({ ...sound, "own/thing": own, "own/much": much }),
      machines: testMachines,
    };
    const result = found(world, editor);
    expect(result).toBe(found(world));
    return result;
  });
  return { results, recalled: editor.recalled };
}

test("a library that has changed is read again", () => {
  const other = library.replace("amount : Int", "amount : Str");
  const { results, recalled } = follow([{}, {}, { library: other }, {}]);
  expect(results[0]).toBe(results[3]);
  expect(results[2]).toContain("E0201");
  expect(recalled).toBeGreaterThan(0);
});

test("a mistake in a library is told every time", () => {
  const faulty = library.replace("Int = 1", 'Int = "one"');
  const { results } = follow([{ library: faulty }, { library: faulty }]);
  expect(results[1]).toContain("E0201");
});

test("a library that reads a file sees what is in it now", () => {
  const reading = `${library.replace("= 1", "= len(rows)")}let rows : List<{ name : Str }> = data "./x.csv"\n`;
  const text = description.replace("amount = 2", "");
  const { results } = follow([
    { text, library: reading, csv: "name\none\n" },
    { text, library: reading, csv: "name\none\ntwo\n" },
    { text, library: reading, csv: "nome\none\n" },
    { text, library: reading, csv: "nome\none\n" },
  ]);
  expect(new Set(results).size).toBe(3);
});

test("fragments of a library are read with the appliance that includes them", () => {
  const much = "appl 1\nlibrary own/much\nuse own/thing\nfragment much { thing { amount = 9 } }\n";
  const including = description
    .replace("appliance", "use own/much\nappliance")
    .replace("thing { amount = 2 }", "include much.much");
  const other = much.replace("9", '"nine"');
  const { results } = follow([
    { much, text: including },
    { much, text: including },
    { much: other, text: including },
    { much: other, text: including },
    { much },
    { much, text: including },
  ]);
  expect(results[0]).toContain("amount = 9");
  expect(results[3]).toContain("E0201");
});

test("a description may declare what libraries do", () => {
  follow([
    {},
    { text: `${description}\nblock more { option a : Int }\n` },
    { text: `${description}\nmodule other { option a : Signal<Float> }\n` },
    {},
  ]);
});

test("the sets of libraries that were asked for last are kept, and no more", () => {
  const kept = new LibraryMemory();
  const unitOf = (n: number): Unit => {
    const path = `own/l${n}`;
    const { ast, source } = parseText(path, `appl 1\nlibrary ${path}\n`);
    return kept.same({ path, source, ast, library: path, name: `l${n}`, imports: new Map() });
  };
  const units = Array.from({ length: 20 }, (_, n) => unitOf(n));
  const read = new Map(units.map((unit) => [unit, {} as UnitDeclarations]));
  for (const unit of units) {
    kept.remember([unit], read);
    expect(kept.of([units[0]!], new Map())).toBeDefined();
  }
  const still = units.filter((unit) => kept.of([unit], new Map()));
  expect(still).toEqual([units[0], ...units.slice(-7)]);
});
