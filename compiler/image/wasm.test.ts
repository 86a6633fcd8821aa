import binaryen from "binaryen";
import fc from "fast-check";
import { expect, test } from "vitest";
import { embedSnapshot } from "./wasm.ts";

const source = `(module
  (memory (export "memory") 1)
  (global $a (export "a") (mut i32) (i32.const 0))
  (global $b (export "b") (mut i64) (i64.const 0))
  (func (export "peek") (param i32) (result i32) (i32.load (local.get 0)))
  (func (export "step") (result i32) (global.set $a (i32.add (global.get $a) (i32.const 1))) (global.get $a)))`;
const wasm = binaryen.parseText(source).emitBinary();

interface Exports {
  memory: WebAssembly.Memory;
  a: WebAssembly.Global;
  b: WebAssembly.Global;
  peek(at: number): number;
  step(): number;
}

async function instantiate(bytes: Uint8Array): Promise<Exports> {
  const { instance } = await WebAssembly.instantiate(bytes as Uint8Array<ArrayBuffer>, {});
  return instance.exports as never;
}

test("memory and globals are as the snapshot says, and the program goes on from there", async () => {
  const exports = await instantiate(
    embedSnapshot(wasm, {
      pages: 3,
      segments: [{ offset: 65536, bytes: Uint8Array.of(1, 2, 3, 4) }],
      globals: [
        { type: "i32", value: 41n },
        { type: "i64", value: -1n },
      ],
    }),
  );
  expect(exports.memory.buffer.byteLength).toBe(3 * 65536);
  expect(exports.peek(65536)).toBe(0x04030201);
  expect(exports.b.value).toBe(-1n);
  expect(exports.step()).toBe(42);
});

test("every global value survives", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.bigInt(-(2n ** 31n), 2n ** 31n - 1n),
      fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n),
      async (a, b) => {
        const globals = [
          { type: "i32", value: a },
          { type: "i64", value: b },
        ] as const;
        const exports = await instantiate(embedSnapshot(wasm, { pages: 1, segments: [], globals }));
        expect(BigInt(exports.a.value)).toBe(a);
        expect(exports.b.value).toBe(b);
      },
    ),
  );
});

test("floats are their bits", async () => {
  const text =
    '(module (memory 1) (global (export "a") (mut f64) (f64.const 0)) (global (export "b") f32 (f32.const 9)))';
  const globals = [
    { type: "f64", value: 0x3ff8_0000_0000_0000n },
    { type: "f32", value: BigInt.asIntN(32, 0xbf00_0000n) },
  ] as const;
  const bytes = binaryen.parseText(text).emitBinary();
  const exports = await instantiate(embedSnapshot(bytes, { pages: 1, segments: [], globals }));
  expect([exports.a.value, exports.b.value]).toEqual([1.5, -0.5]);
});

test("a wrong number of globals is our mistake", () => {
  expect(() => embedSnapshot(wasm, { pages: 1, segments: [], globals: [] })).toThrow("BUG");
});
