import { readFileSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "vitest";
import { childAssembler } from "../../cli/edges/asc.ts";
import { embedSnapshot } from "../image/wasm.ts";
import { resolve } from "../resolve/resolve.ts";
import type { AssembleOutcome } from "./assembler.ts";
import { closure } from "./closure.ts";
import { encodeSettings, FileTable, Positions } from "./encode.ts";
import { runPrepare } from "./prepare.ts";
import { sources, toyConfiguration } from "./test-modules.ts";
import { wire } from "./wiring.ts";

const assembler = childAssembler();
afterAll(() => assembler.close());

const real = (path: string) => {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
};

function planOf(text: string, offset: bigint) {
  const resolution = resolve(toyConfiguration(text, offset), {
    roots: [],
    defaults: (module) => ({
      module,
      span: module.span,
      because: module.span,
      parts: [],
      instances: [
        {
          label: undefined,
          span: module.span,
          config: { kind: "record", fields: new Map(), origins: new Map(), weight: 0 },
        },
      ],
    }),
  });
  if (!("plan" in resolution)) throw new Error(JSON.stringify(resolution));
  return resolution.plan;
}

async function prepared(program: Extract<AssembleOutcome, { kind: "done" }>, text: string, offset: bigint) {
  const plan = planOf(text, offset);
  const tables = { positions: new Positions(), files: new FileTable((path) => path) };
  const settings = wire(plan).prepared.map(({ module, instance }) => {
    const { use } = plan.modules.find((planned) => planned.module.path === module)!;
    return encodeSettings(use.module.type, use.instances[instance]!, tables);
  });
  return runPrepare({ ...program, settings, files: tables.files.files, include: () => undefined });
}

let built: Extract<AssembleOutcome, { kind: "done" }>;

beforeAll(async () => {
  const { entry, setUp, generated, keep } = wire(planOf("a=1", 0n));
  const outcome = await assembler.assemble({
    entry,
    setUp,
    keep,
    sources: closure([entry, setUp], (path) => generated.get(path) ?? sources[path] ?? real(path)),
  });
  if (outcome.kind !== "done") throw new Error(JSON.stringify(outcome));
  built = outcome;
});

async function booted(text: string, offset: bigint) {
  const { snapshot } = await prepared(built, text, offset);
  const { instance } = await WebAssembly.instantiate(
    embedSnapshot(built.runtime, snapshot!) as BufferSource,
    {},
  );
  return instance.exports as unknown as { start(): void; poll(now: bigint): bigint };
}

test("what prepare made is there at run time, without prepare", async () => {
  const { start, poll } = await booted("alpha=20;beta=30", 100n);
  start();
  expect(poll(3n)).toBe(1n + 100n + 20n + 9n);
  expect(WebAssembly.Module.imports(new WebAssembly.Module(built.runtime as BufferSource))).toEqual([]);
});

test("a setting changes the snapshot and not the program", async () => {
  const { poll } = await booted("beta=30", -5n);
  expect(poll(0n)).toBe(995n);
});

test("what only prepare needed is not in the snapshot", async () => {
  const { snapshot } = await prepared(built, "alpha=20;beta=30", 100n);
  const memory = Buffer.alloc(snapshot!.pages * 65536);
  for (const { offset, bytes } of snapshot!.segments) memory.set(bytes, offset);
  const all = memory.toString("utf16le");
  expect(all).toContain("alpha");
  expect(all).not.toContain("prepare");
  expect(all).not.toContain("no value in");
  const stored = snapshot!.segments.reduce((sum, { bytes }) => sum + bytes.length, 0);
  expect(stored).toBeLessThanOrEqual(snapshot!.live);
  expect(snapshot!.live).toBeLessThan(1200);
});

test("a mistake in a setting is reported with the number of its place", async () => {
  const { snapshot, reports } = await prepared(built, "alpha", 0n);
  expect(snapshot).toBeUndefined();
  expect(reports).toEqual([
    {
      severity: "error",
      code: "E9001",
      message: "no value in `alpha`",
      help: "write a=1",
      place: { kind: "setting", at: 0 },
    },
  ]);
});
