/** Edits of a description, a file or a library, and what the comparison says of each: built with the toy library of `assemble`. */
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { MemoryFiles } from "#lang";
import { childAssembler } from "../../cli/edges/asc.ts";
import { toyLibraries, toyTarget } from "../assemble/test-modules.ts";
import type { ImageMaker } from "../build/backend.ts";
import { build } from "../build/build.ts";
import { knownBuilds, readReport } from "../build/known.ts";
import { embedSnapshot } from "../image/wasm.ts";
import { MemoryBlobs } from "../store/blobs.ts";
import { Store } from "../store/store.ts";
import { compareBuilds } from "./diff.ts";
import { type Cause, type Difference, mirrored } from "./difference.ts";
import type { Given } from "./sides.ts";
import { differenceText } from "./text.ts";

const assembler = childAssembler();
afterAll(() => assembler.close());

const blobs = new MemoryBlobs();
const store = new Store({ blobs, tool: "reader" });

const backend: ImageMaker = {
  ...toyTarget,
  isa: undefined,
  image: ({ runtime, snapshot, contents }) => ({
    bytes: Buffer.concat([embedSnapshot(runtime, snapshot), Buffer.from(contents)]),
    extension: "wasm",
    media: "application/wasm",
    map: [],
    sections: [],
    functions: [],
  }),
};

interface Sources {
  readonly description: string;
  readonly words: string;
  /** Changes of library texts, by path. */
  readonly patches: readonly (readonly [path: string, from: string, to: string])[];
  readonly tool: string;
}

const first: Sources = {
  description: `appl 1
use std/toy

let step = 3

appliance box {
  words {
    text = "a=1"
    offset = 10
    file = file "words.txt"
    extra "x" { value = step }
    extra "z" { value = step }
  }
}
`,
  words: "alpha=1\nbeta=2\n",
  patches: [],
  tool: "sha256:one",
};

async function built({ description, words, patches, tool }: Sources): Promise<Given> {
  const changed: Record<string, string> = {};
  for (const [path, from, to] of patches) {
    const text = changed[path] ?? new TextDecoder().decode(toyLibraries().read(path)!);
    expect(text).toContain(from);
    changed[path] = text.replace(from, to);
  }
  const result = await build({
    path: "toy.appl",
    backends: [backend],
    files: new MemoryFiles({ "toy.appl": description, "words.txt": words, "other.txt": words }),
    libraries: toyLibraries(changed),
    edges: { assembler, blobs, tool, versions: { appl: tool.slice(-3) } },
  });
  expect(result.diagnostics).toEqual([]);
  const known = knownBuilds(result.built!.report.digests.recipe, store)[0]!;
  return { build: known, report: readReport(known, store)! };
}

type Edit = (sources: Sources) => Sources;
const edit =
  (from: string, to: string): Edit =>
  (sources) => {
    expect(sources.description).toContain(from);
    return { ...sources, description: sources.description.replace(from, to) };
  };
const patch =
  (path: string, from: string, to: string): Edit =>
  (sources) => ({ ...sources, patches: [...sources.patches, [path, from, to]] });

const WORDS = "stdlib/toy/words/index.ts";
const TOY = "stdlib/toy/toy.appl";

/** Each with the causes that it has, and no others. */
const edits: Readonly<Record<string, { readonly make: Edit; readonly causes: readonly string[] }>> = {
  comment: { make: edit("let step", "# how far\nlet step"), causes: [] },
  libraryComment: { make: patch(WORDS, "let offset", "// how far\nlet offset"), causes: [] },
  setting: { make: edit('"a=1"', '"a=2"'), causes: ["setting words.text"] },
  part: { make: edit("offset = 10", "offset = 1010"), causes: ["setting words.offset"] },
  block: {
    make: edit('    extra "z"', '    extra "y" { value = 7 }\n    extra "z"'),
    causes: ['block words.extra["y"]'],
  },
  let: { make: edit("let step = 3", "let step = 4"), causes: ['setting words.extra["x"].value'] },
  file: { make: (sources) => ({ ...sources, words: "alpha=1\nbeta=3\n" }), causes: ["file words.txt"] },
  library: { make: patch(WORDS, "count(1)", "count(2)"), causes: ["library std/toy/words"] },
  interface: {
    make: patch(TOY, "option kind   : Kind = plain", "option kind   : Kind = weighed(7)"),
    causes: ["library std/toy/words"],
  },
  tools: { make: (sources) => ({ ...sources, tool: "sha256:two" }), causes: ["toolchain toolchain"] },
};

const names = (causes: readonly Cause[]): string[] => causes.map(({ kind, what }) => `${kind} ${what}`);

async function between(one: Sources, other: Sources): Promise<Difference & { readonly text: string }> {
  const { difference } = compareBuilds(await built(one), await built(other), store);
  return { ...difference, text: differenceText(difference, { names: { a: "a", b: "b" } }) };
}

const edited = (name: string) => between(first, edits[name]!.make(first));

describe("one edit, its cause and no other", () => {
  test.each(Object.keys(edits))("%s", async (name) => {
    const { causes } = await edited(name);
    expect(names(causes)).toEqual(edits[name]!.causes);
  });
});

/** Without the line of digests and without sizes of code, which the tools of today decide. */
const body = ({ text }: { readonly text: string }): string =>
  text
    .split("\n")
    .slice(1, -2)
    .filter((line) => !line.startsWith("  same:"))
    .join("\n")
    .replaceAll(/code [\d,]+ -> [\d,]+ bytes|code [\d,]+ bytes, other instructions/g, "code …");

describe("as it is shown", () => {
  test("a setting with its places, the part that it switched on, and what that costs", async () => {
    const text = body(await edited("part"));
    expect(text).toContain(`  setting    words.offset
             10 -> 1010                        toy.appl:9:5
             so + part loud`);
    expect(text).toMatch(/ {2}code, as a consequence\n {13}wiring {2}\d+ -> \d+ bytes/);
  });

  test("one `let`, and all that reads it", async () => {
    expect(body(await edited("let"))).toBe(`  setting    words.extra["x"].value
             3 -> 4                            toy.appl:4:12
             also words.extra["z"].value`);
  });

  test("a block with what is written in it", async () => {
    expect(body(await edited("block"))).toBe(`  block      words.extra["y"]
             added                             toy.appl:12:5
             + value = 7`);
  });

  test("a file with its sizes and lines, and the place that names it", async () => {
    expect(body(await edited("file"))).toBe(`  file       words.txt
             15 -> 15 bytes                    toy.appl:10:5
               alpha=1
             - beta=2
             + beta=3`);
  });

  test("a library's code by function", async () => {
    const text = body(await edited("library"));
    expect(text).toContain("  library    std/toy/words\n             interface same; code of the same size");
    expect(text).toContain("             source stdlib/toy/words/index.ts changed");
  });

  test("a library's interface, and the default that follows", async () => {
    expect(body(await edited("interface"))).toBe(`  library    std/toy/words
             option kind: Kind = plain -> Kind = weighed(7)
             so words.kind: plain -> weighed(7)`);
  });

  test("other tools and the same bytes", async () => {
    const { verdict, text } = await edited("tools");
    expect(verdict).toBe("same bytes");
    expect(text).toContain("  toolchain\n             appl: one -> two\n");
    expect(text).toContain("\nbuilt differently, same bytes\n");
  });

  test("a comment is nothing", async () => {
    const { verdict, text } = await edited("comment");
    expect(verdict).toBe("identical");
    expect(text.split("\n")).toHaveLength(2);
  });

  test("what is the same is counted", async () => {
    const { same, sections } = await edited("setting");
    expect(same).toEqual([
      { what: "module", count: 2 },
      { what: "file", count: 1 },
      { what: "board", count: 1 },
      { what: "toolchain", count: 1 },
    ]);
    expect(sections).toEqual(["data"]);
  });
});

test("a file that a setting names now is not a cause beside it", async () => {
  const { causes } = await between(first, edit('"words.txt"', '"other.txt"')(first));
  expect(names(causes)).toEqual(["setting words.file"]);
  expect(causes[0]!.consequences.map(({ what, change }) => [what, change])).toEqual([
    ["file other.txt", "added"],
    ["file words.txt", "removed"],
  ]);
});

test("without the recipe of one side it says which sections differ, and no causes", async () => {
  const [one, other] = [await built(first), await built(edits["setting"]!.make(first))];
  const stranger = { contents: other.build!.contents, size: 7 };
  const { difference } = compareBuilds(one, stranger, store);
  expect(difference).toMatchObject({ verdict: "unexplained", causes: [], sections: ["data"] });
  const nowhere = { contents: `sha256:${"0".repeat(64)}` } as const;
  expect(compareBuilds(one, nowhere, store).difference).toMatchObject({
    verdict: "unexplained",
    sections: [],
  });
  expect(compareBuilds(nowhere, nowhere, store).difference.verdict).toBe("identical");
});

describe("any edits", () => {
  const chosen = fc.subarray(Object.keys(edits)).map((picked) => picked.toSorted());
  const with_ = (picked: readonly string[]): Sources =>
    picked.reduce((sources, name) => edits[name]!.make(sources), first);

  test("have the causes of those that only one side has; the other way round it is the mirror; no pair is read twice", async () => {
    await fc.assert(
      fc.asyncProperty(chosen, chosen, async (inA, inB) => {
        const [a, b] = [await built(with_(inA)), await built(with_(inB))];
        const { difference, visited } = compareBuilds(a, b, store);
        const lone = Object.keys(edits).filter((name) => inA.includes(name) !== inB.includes(name));
        const expected = new Set(lone.flatMap((name) => edits[name]!.causes));
        expect(new Set(names(difference.causes))).toEqual(expected);
        expect(difference.causes).toHaveLength(expected.size);
        expect(compareBuilds(b, a, store).difference).toEqual(mirrored(difference));
        const pairs = visited.map((pair) => JSON.stringify(pair));
        expect(new Set(pairs).size).toBe(pairs.length);
      }),
      { numRuns: 12, seed: 7 },
    );
  });

  test("a build does not differ from itself, and nothing is read to see it", async () => {
    const one = await built(first);
    const { difference, visited } = compareBuilds(one, one, store);
    expect(difference).toMatchObject({ verdict: "identical", causes: [] });
    expect(visited).toEqual([]);
  });
});
