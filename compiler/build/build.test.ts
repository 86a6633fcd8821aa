import { readFileSync } from "node:fs";
import { afterAll, expect, test } from "vitest";
import { MemoryFiles, type ModuleDecl } from "#lang";
import { childAssembler } from "../../cli/edges/asc.ts";
import { sources, toyConfiguration } from "../assemble/test-modules.ts";
import { embedSnapshot } from "../image/wasm.ts";
import { MemoryBlobs } from "../store/blobs.ts";
import type { ImageMaker } from "./backend.ts";
import { build } from "./build.ts";

const assembler = childAssembler();
afterAll(() => assembler.close());

const toyBackend: ImageMaker = {
  name: "host",
  libraries: [],
  roots: [],
  isa: undefined,
  image: ({ runtime, snapshot, contents }) => ({
    bytes: Buffer.concat([embedSnapshot(runtime, snapshot), Buffer.from(contents)]),
    extension: "wasm",
    media: "application/wasm",
    map: [],
  }),
};

function libraryFiles(): MemoryFiles {
  const core = ["settings", "values"].map((name) => `stdlib/core/${name}.ts`);
  const files = new MemoryFiles(sources);
  for (const path of core) files.write(path, readFileSync(path));
  return files;
}

/** One build; gives what was really done. */
async function toy(text: string, offset: bigint, blobs: MemoryBlobs, description = "words") {
  const files = new MemoryFiles({ "toy.appl": description });
  const result = await build({
    path: "toy.appl",
    backend: toyBackend,
    files,
    libraries: libraryFiles(),
    edges: { assembler, blobs, tool: "sha256:test" },
    front: () => {
      files.read("toy.appl");
      return {
        configuration: toyConfiguration(text, offset),
        diagnostics: [],
        defaults: (module: ModuleDecl) => ({
          module,
          span: module.span,
          because: module.span,
          parts: [],
          instances: [],
        }),
      };
    },
  } as never);
  return { ...result, done: result.steps.filter(({ done }) => done).map(({ step }) => step) };
}

test("a changed setting runs prepare and nothing of the compiler", async () => {
  const blobs = new MemoryBlobs();
  const first = await toy("a=1", 0n, blobs, "1");
  expect(first.done).toEqual(["look", "configure", "program", "snapshot", "image"]);
  const second = await toy("a=2", 0n, blobs, "2");
  expect(second.done).toEqual(["look", "configure", "snapshot", "image"]);
  expect(second.built!.report.digests.image).not.toBe(first.built!.report.digests.image);
});
