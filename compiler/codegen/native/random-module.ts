/**
 * Random WebAssembly modules of integers, for differential tests: valid, and always at an end, because every loop and call burns fuel.
 * The same seed gives the same bytes.
 */
import { Random } from "./random.ts";
import { Body, op, ranges, type Signature, TABLE } from "./random-body.ts";
import { concat, leb, type Type, u32, wasmSection, wasmTypes } from "./wasm-writer.ts";

export interface RandomModule {
  readonly bytes: Uint8Array;
  /** Exported as f0, f1, …; types of their parameters. */
  readonly functions: readonly { readonly name: string; readonly params: readonly Type[] }[];
  /** Exported mutable globals. */
  readonly globals: readonly { readonly name: string; readonly type: Type }[];
}

/** Fuel of one call from outside; the caller sets the global of this name before. */
export const FUEL = "fuel";

export function randomModule(seed: number): RandomModule {
  const random = new Random(seed);
  const signatures = Array.from(
    { length: 2 + random.below(5) },
    (): Signature => ({
      params: Array.from({ length: random.chance(1, 5) ? 6 + random.below(4) : random.below(4) }, () =>
        random.type(),
      ),
      results: Array.from({ length: random.chance(1, 6) ? 2 + random.below(3) : random.below(3) >> 1 }, () =>
        random.type(),
      ),
    }),
  );
  const globals = Array.from({ length: 1 + random.below(4) }, () => random.type());
  const elements = Array.from({ length: 1 + random.below(TABLE - 1) }, () => random.below(signatures.length));
  const facts = { signatures, globals, elements };
  const bodies = signatures.map((signature) => new Body(random, signature, facts).write());
  const types = signatures.map(({ params, results }) => concat([[0x60], vector(params), vector(results)]));
  const names = signatures.map((_, n) => `f${n}`);
  const fuel = globals.length;
  const globalInits = [
    ...globals.map((type): [Type, bigint] => [type, random.value(type)]),
    ["i32", 0n] as [Type, bigint],
  ];
  const data = Array.from({ length: random.below(200) }, () => random.below(256));
  const exports = [
    ...names.map((name, n) => [...text(name), 0, ...u32(n)]),
    [...text("memory"), 2, 0],
    ...globalInits.map((_, n) => [...text(n === fuel ? FUEL : `g${n}`), 3, ...u32(n)]),
  ];
  const bytes = concat([
    [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    wasmSection(1, types),
    wasmSection(
      3,
      signatures.map((_, n) => u32(n)),
    ),
    wasmSection(4, [[0x70, 1, TABLE, TABLE]]),
    wasmSection(5, [[1, 1, 3]]),
    wasmSection(
      6,
      globalInits.map(([type, value]) => [wasmTypes[type], 1, ranges[type].constant, ...leb(value), op.end]),
    ),
    wasmSection(7, exports),
    wasmSection(9, [[0, ranges.i32.constant, 0, op.end, ...u32(elements.length), ...elements.flatMap(u32)]]),
    wasmSection(
      10,
      bodies.map((body) => concat([u32(body.length), body])),
    ),
    wasmSection(11, [
      [0, ranges.i32.constant, ...leb(BigInt(random.below(1000))), op.end, ...u32(data.length), ...data],
    ]),
  ]);
  return {
    bytes,
    functions: signatures.map(({ params }, n) => ({ name: names[n]!, params })),
    globals: globals.map((type, n) => ({ name: `g${n}`, type })),
  };
}

const text = (name: string) => [name.length, ...[...name].map((letter) => letter.charCodeAt(0))];
const vector = (types: readonly Type[]) => [...u32(types.length), ...types.map((type) => wasmTypes[type])];
