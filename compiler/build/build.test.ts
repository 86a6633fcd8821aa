import { afterAll, expect, test } from "vitest";
import { MemoryFiles } from "#lang";
import { childAssembler } from "../../cli/edges/asc.ts";
import { description, toyLibraries, toyTarget } from "../assemble/test-modules.ts";
import { compareBuilds } from "../diff/diff.ts";
import { embedSnapshot } from "../image/wasm.ts";
import { MemoryBlobs } from "../store/blobs.ts";
import type { Digest } from "../store/digest.ts";
import { Store } from "../store/store.ts";
import { filesOf } from "../store/tree.ts";
import type { ImageMaker } from "./backend.ts";
import { type BuildRequest, build } from "./build.ts";
import { check } from "./check.ts";
import { knownBuilds } from "./known.ts";

const assembler = childAssembler();
afterAll(() => assembler.close());

const toyBackend: ImageMaker = {
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

type Texts = Readonly<Record<string, string>>;

interface Given {
  readonly files?: Texts;
  readonly libraries?: Texts;
  readonly goal?: "check" | "image";
  readonly before?: string;
  /** Names of files that may be executed. */
  readonly executable?: readonly string[];
}

/** One build; gives what was really done. */
async function toy(
  body: string,
  blobs: MemoryBlobs,
  { files = {}, libraries = {}, goal = "image", before = "", executable = [] }: Given = {},
) {
  const memory = new MemoryFiles({ "toy.appl": description(body, before), ...files });
  const request: BuildRequest = {
    path: "toy.appl",
    backends: [toyBackend],
    files: {
      read: (path) => memory.read(path),
      list: (path) =>
        memory.list(path)?.map((entry) => ({ ...entry, executable: executable.includes(entry.name) })),
    },
    libraries: toyLibraries(libraries),
    edges: { assembler, blobs, tool: "sha256:test" },
  };
  const result = goal === "image" ? await build(request) : { ...(await check(request)), built: undefined };
  return { ...result, done: result.steps.filter(({ done }) => done).map(({ step }) => step) };
}

const shared = new MemoryBlobs();

test("the same files again: nothing is done but to look", async () => {
  const first = await toy('text = "a=1"', shared);
  expect(first.diagnostics).toEqual([]);
  const second = await toy('text = "a=1"', shared);
  expect(second.done).toEqual(["look"]);
  expect(second.built).toEqual(first.built);
});

test("a changed setting runs prepare and nothing of the compiler", async () => {
  const first = await toy('text = "a=1"', shared);
  const second = await toy('text = "a=2"', shared);
  expect(second.done).toEqual(["look", "configure", "snapshot", "image"]);
  expect(second.built!.report.digests.image).not.toBe(first.built!.report.digests.image);
});

test("a comment changes nothing that is built", async () => {
  const first = await toy('text = "a=1"', shared);
  const second = await toy('text = "a=1" # one\n', shared);
  expect(second.done).not.toContain("program");
  expect(second.done).not.toContain("snapshot");
  expect(second.built!.report.digests).toEqual(first.built!.report.digests);
});

test("a changed source compiles again", async () => {
  await toy('text = "a=1"', shared);
  const source = "backends/box/drivers/step.ts";
  const second = await toy('text = "a=1"', shared, {
    libraries: { [source]: "export function step(): i64 { return 2; }\n" },
  });
  expect(second.done).toContain("program");
});

test("an included file that changes is seen", async () => {
  const body = 'file = file "words.txt"';
  const words = "include more.txt\n";
  const first = await toy(body, shared, { files: { "words.txt": words, "more.txt": "alpha=1\n" } });
  const same = await toy(body, shared, { files: { "words.txt": words, "more.txt": "alpha=1\n" } });
  const second = await toy(body, shared, { files: { "words.txt": words, "more.txt": "alpha=2\n" } });
  expect(same.done).toEqual(["look"]);
  expect(second.done).toContain("snapshot");
  expect(second.built!.report.digests.image).not.toBe(first.built!.report.digests.image);
});

test("what was read once and is not needed any more is in nothing", async () => {
  const before = {
    "words.txt": "alpha=1\ninclude more.txt\n",
    "more.txt": "include most.txt\n",
    "most.txt": "a=1\n",
  };
  const blobs = new MemoryBlobs();
  const body = 'file = file "words.txt"';
  const paths = ({ built }: Awaited<ReturnType<typeof toy>>) => built!.sources.user.map(({ path }) => path);
  expect(paths(await toy(body, blobs, { files: before }))).toContain("most.txt");
  for (const files of [
    { ...before, "more.txt": "b=1\n" },
    { ...before, "words.txt": "c=1\n" },
  ]) {
    const [warm, fresh] = [await toy(body, blobs, { files }), await toy(body, new MemoryBlobs(), { files })];
    expect(warm.built).toEqual(fresh.built);
    expect(paths(warm)).not.toContain("most.txt");
  }
});

test("mistakes that set-up finds have their places in the description and in the files", async () => {
  const files = { "words.txt": "beta=1\nnothing\ninclude none.txt\n" };
  const body = 'text = "alpha"; file = file "words.txt"';
  const { diagnostics, built } = await toy(body, shared, { files, goal: "check" });
  expect(built).toBeUndefined();
  expect(diagnostics.map(({ code, text, primary }) => [code, text, primary.span.source])).toEqual([
    ["E9001", "no value in `alpha`", "toy.appl"],
    ["E9001", "no value in `nothing`", "toy.appl"],
    ["E9001", "no such file", "words.txt"],
  ]);
});

test("to check is not to make an image", async () => {
  const { done, built, diagnostics } = await toy('text = "only=1"', new MemoryBlobs(), { goal: "check" });
  expect(diagnostics).toEqual([]);
  expect(built).toBeUndefined();
  expect(done).toEqual(["configure", "program", "snapshot"]);
});

test("a fresh store gives the same bytes", async () => {
  const first = await toy('text = "a=1"', shared);
  const second = await toy('text = "a=1"', new MemoryBlobs());
  expect(second.done).toEqual(["look", "configure", "program", "snapshot", "image"]);
  expect(second.built).toEqual(first.built);
});

/** Changes of one library text. */
const patched = (path: string, change: (text: string) => string): Texts => {
  const before = new TextDecoder().decode(toyLibraries().read(path)!);
  return { [path]: change(before) };
};
const recipeAfter = async (libraries: Texts) =>
  (await toy('text = "a=1"', shared, { libraries })).built!.report.digests.recipe;

test("comments and documentation of libraries are in no recipe; what they say is", async () => {
  const recipe = await recipeAfter({});
  const words = "stdlib/toy/words/index.ts";
  const library = "stdlib/toy/toy.appl";
  expect(await recipeAfter(patched(words, (text) => `// first\n\n${text}`))).toBe(recipe);
  expect(
    await recipeAfter(patched(library, (text) => text.replace("## Adds up.", "# one\n## Counts."))),
  ).toBe(recipe);
  expect(await recipeAfter(patched(library, (text) => text.replace("Int = 0", "Int  =  0")))).toBe(recipe);
  expect(await recipeAfter(patched(words, (text) => text.replace("1_000_000", "1_000_001")))).not.toBe(
    recipe,
  );
  expect(
    await recipeAfter(patched(library, (text) => text.replace("offset : Int = 0", "offset : Int = 1"))),
  ).not.toBe(recipe);
});

test("a recipe leads to the settings by path, defaults included, and to the files", async () => {
  const files = { "words.txt": "alpha=1\ninclude more.txt\n", "more.txt": "alpha=2\n" };
  const body = 'file = file "words.txt"; extra "x" { value = 3 }';
  const { built } = await toy(body, shared, { files });
  const store = new Store({ blobs: shared, tool: "another" });
  const read = (digest: string) => JSON.parse(new TextDecoder().decode(store.blob(digest as Digest)));
  const recipe = read(built!.report.digests.recipe);
  const words = recipe.modules.find(({ name }: { name: string }) => name === "std/toy/words");
  expect(words).toMatchObject({ parts: [], needs: [["counter", "std/toy/counter"]] });
  expect(read(words.config[0]).rows).toEqual([
    ["words", "block", []],
    ["words.text", "option", '"alpha=1"'],
    ["words.offset", "option", "0"],
    ["words.file", "option", 'file "words.txt"'],
    ["words.folder", "option", "none"],
    ["words.key", "option", "none"],
    ["words.kind", "option", "plain"],
    ['words.extra["x"]', "block", []],
    ['words.extra["x"].value', "option", "3"],
  ]);
  expect(recipe.files.map(({ path, size }: { path: string; size: number }) => [path, size])).toEqual([
    ["more.txt", 8],
    ["words.txt", 25],
  ]);
  expect(new TextDecoder().decode(store.blob(recipe.files[0].digest))).toBe("alpha=2\n");
  expect(knownBuilds(built!.report.digests.contents, store)).toHaveLength(1);
});

test("a secret is in a recipe as what it is called, holds and comes from", async () => {
  const secretsOf = async (from: string, files: Texts = {}) => {
    const { built } = await toy("key = k", shared, { before: `secret k : Str from ${from}\n`, files });
    const store = new Store({ blobs: shared, tool: "another" });
    const { contents, image, recipe } = built!.report.digests;
    const { secrets } = JSON.parse(new TextDecoder().decode(store.blob(recipe as Digest)));
    return { secrets, digests: { contents, image, recipe } };
  };
  expect((await secretsOf('boot "a/b"')).secrets).toEqual([{ name: "k", type: "Str", from: "boot:a/b" }]);
  const sealed = await secretsOf('sealed "./one.sealed"', { "one.sealed": "first" });
  expect(sealed.secrets).toEqual([{ name: "k", type: "Str", from: "sealed" }]);
  expect(await secretsOf('sealed "./one.sealed"', { "one.sealed": "given anew" })).toEqual(sealed);
  expect(await secretsOf('sealed "./elsewhere.sealed"')).toEqual(sealed);
});

test("a file that is added to a folder is noticed", async () => {
  const body = 'folder = dir "words"';
  const first = await toy(body, shared, { files: { "words/a": "1" } });
  expect((await toy(body, shared, { files: { "words/a": "1" } })).done).toEqual(["look"]);
  const second = await toy(body, shared, { files: { "words/a": "1", "words/b": "2" } });
  expect(second.done).toContain("configure");
  expect(second.built!.report.digests.recipe).not.toBe(first.built!.report.digests.recipe);
});

const boards = {
  "stdlib/board/board.appl": `appl 1
library std/board
type Board = { backend: Str }
block Budget { option image : Size? = none }
block Target { option board : Board; maybe budget : Budget }
`,
};

test("an image above its budget is not built, and says what is large in it", async () => {
  const blobs = new MemoryBlobs();
  const target = (budget: string) =>
    `use std/board\nlet box : board.Board = { backend = "box" }\ntarget t { board = box; budget { image = ${budget} } }\n`;
  const within = await toy('text = "a=1"', blobs, { before: target("1MiB"), libraries: boards });
  expect(within.diagnostics).toEqual([]);
  const size = within.built!.image.length;
  for (let again = 0; again < 2; again++) {
    const above = await toy('text = "a=1"', blobs, { before: target("1KiB"), libraries: boards });
    expect(above.built).toBeUndefined();
    expect(above.diagnostics.map(({ code, text }) => [code, text])).toEqual([
      [
        "E0802",
        `the image of box for \`t\` has ${Math.ceil(size / 1024)}KiB, ${Math.ceil(size / 1024) - 1}KiB more than its budget`,
      ],
    ]);
    expect(above.diagnostics[0]!.notes[0]).toMatch(/^measured after linking; the largest parts: .+ \d+KiB/);
  }
});

test("what is executable in a folder is in the recipe, and is said to be the cause", async () => {
  const body = 'folder = dir "words"';
  const files = { "words/a.txt": "alpha=1\n", "words/b.txt": "beta=1\n" };
  const first = await toy(body, shared, { files });
  const second = await toy(body, shared, { files, executable: ["b.txt"] });
  const { recipe } = second.built!.report.digests;
  expect(recipe).not.toBe(first.built!.report.digests.recipe);
  const store = new Store({ blobs: shared, tool: "" });
  const { trees } = JSON.parse(new TextDecoder().decode(store.blob(recipe))) as {
    trees: { path: string; digest: Digest }[];
  };
  expect(trees.map(({ path }) => path)).toEqual(["words"]);
  const listed = filesOf(trees[0]!.digest, (digest) => store.blob(digest))!;
  expect(listed.map(({ path, executable }) => [path, executable])).toEqual([
    ["a.txt", false],
    ["b.txt", true],
  ]);
  for (const { digest } of listed) expect(store.blob(digest)).toBeDefined();
  const sides = [first, second].map(({ built }) => {
    const build = knownBuilds(built!.report.digests.recipe, store)[0];
    return { build, report: built!.report };
  });
  const { causes } = compareBuilds(sides[0]!, sides[1]!, store).difference;
  expect(causes).toMatchObject([
    { kind: "file", what: "words/b.txt", details: [{ what: "executable", from: "no", to: "yes" }] },
  ]);
});
