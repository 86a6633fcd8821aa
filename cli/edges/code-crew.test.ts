import binaryen from "binaryen";
import { encode } from "cborg";
import { expect, test } from "vitest";
import { type CompiledModule, type Crew, compile, compileWith, type Job } from "#codegen";
import { codeCrew } from "./code-crew.ts";

const wat = (functions: string): Uint8Array =>
  binaryen.parseText(`(module (memory 1) ${functions})`).emitBinary();

const program = wat(
  Array.from(
    { length: 12 },
    (_, n) =>
      `(func (export "f${n}") (param i32) (result i32)
        (loop $l (i32.store (i32.mul (local.get 0) (i32.const ${n})) (local.get 0)) (br_if $l (i32.load8_u (local.get 0))))
        (i32.div_u (local.get 0) (i32.load (i32.const ${n}))))`,
  ).join("\n"),
);

const bytesOf = ({ code, data, functions, lines }: CompiledModule): string =>
  Buffer.from(encode([code, data, functions, lines])).toString("base64");

/** We begin with so many functions and leave the rest. */
function leaving(crew: Crew, ours: number): Crew & { readonly done: number[] } {
  const done: number[] = [];
  const begin = (job: Job) => {
    const shift = crew.begin(job)!;
    let left = ours;
    return {
      next: () => (left-- > 0 ? shift.next() : undefined),
      async others() {
        const compiled = await shift.others();
        done.push(...compiled.map(({ index }) => index));
        return compiled;
      },
    };
  };
  return { begin, done };
}

test.each([
  [2, 0],
  [3, 5],
])("the bytes are the same by %i threads as by one; ours does %i functions", async (threads, ours) => {
  const crew = leaving(codeCrew(threads, 1), ours);
  expect(bytesOf(await compileWith(program, "rv64", { crew }))).toBe(bytesOf(compile(program, "rv64")));
  expect(crew.done).toHaveLength(12 - ours);
});

test("we end when nothing is left, although the others have not begun", async () => {
  const crew = leaving(codeCrew(3, 1), 13);
  expect(bytesOf(await compileWith(program, "x86-64", { crew }))).toBe(bytesOf(compile(program, "x86-64")));
  expect(crew.done).toEqual([]);
});

test("what cannot be compiled is said as by one thread", async () => {
  const area = (name: string) =>
    `(func (export "${name}") (param f64) (result f64) (f64.mul (local.get 0) (local.get 0)))`;
  const floats = wat(["square", "area", "circle"].map(area).join("\n"));
  const crew = leaving(codeCrew(2, 1), 0);
  await expect(compileWith(floats, "rv32", { crew })).rejects.toThrow(
    /function square needs floating point .* which rv32 has not/,
  );
});

test("nobody is asked where there is little to do, or one thread is wanted", () => {
  const order = [40, 30, 30].map((bytes, index) => ({ index, bytes }));
  expect(codeCrew(4, 60).begin({ wasm: program, isa: "rv64", order })).toBeUndefined();
  expect(codeCrew(1, 1).begin({ wasm: program, isa: "rv64", order })).toBeUndefined();
});
