import { afterAll, expect, test } from "vitest";
import { MemoryFiles } from "#lang";
import { childAssembler } from "../../cli/edges/asc.ts";
import { description, toyLibraries, toyTarget } from "../assemble/test-modules.ts";
import { embedSnapshot } from "../image/wasm.ts";
import { MemoryBlobs } from "../store/blobs.ts";
import type { ImageMaker } from "./backend.ts";
import { type BuildRequest, build } from "./build.ts";

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
  }),
};

type Texts = Readonly<Record<string, string>>;

interface Given {
  readonly files?: Texts;
  readonly libraries?: Texts;
  readonly goal?: BuildRequest["goal"];
}

/** One build; gives what was really done. */
async function toy(
  body: string,
  blobs: MemoryBlobs,
  { files = {}, libraries = {}, goal = "image" }: Given = {},
) {
  const result = await build({
    path: "toy.appl",
    goal,
    backend: toyBackend,
    files: new MemoryFiles({ "toy.appl": description(body), ...files }),
    libraries: toyLibraries(libraries),
    edges: { assembler, blobs, tool: "sha256:test" },
  });
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
  expect(done).toEqual(["look", "configure", "program", "snapshot"]);
});

test("a fresh store gives the same bytes", async () => {
  const first = await toy('text = "a=1"', shared);
  const second = await toy('text = "a=1"', new MemoryBlobs());
  expect(second.done).toEqual(["look", "configure", "program", "snapshot", "image"]);
  expect(second.built).toEqual(first.built);
});
