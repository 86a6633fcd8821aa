/**
 * Random WebAssembly modules, for differential tests: valid, and always at an end, because every loop and call burns fuel.
 * The same seed gives the same bytes.
 */
import { list, moduleOf, s64, sized, type Type, text, u32, wasmTypes } from "./encode.ts";
import { Random } from "./random.ts";
import { Body, type Signature, TABLE } from "./random-body.ts";
import { constant, op, ranges } from "./random-opcodes.ts";

export interface RandomModule {
  readonly bytes: Uint8Array;
  /** The same for an engine that has its own choice of results that are no number: it is made to give ours. */
  readonly forV8: Uint8Array;
  /** Exported as f0, f1, … */
  readonly functions: readonly (Signature & { readonly name: string })[];
  /** Exported mutable globals. */
  readonly globals: readonly { readonly name: string; readonly type: Type }[];
}

/** The global that every call and round takes one from; the caller may fill it up again. */
export const FUEL = "fuel";

/** Of integers only, if not told otherwise. */
export function randomModule(seed: number, fuel = 0, floats = false): RandomModule {
  const module = written(seed, fuel, floats, false);
  return { ...module, forV8: floats ? written(seed, fuel, true, true).bytes : module.bytes };
}

function written(seed: number, fuel: number, floats: boolean, forV8: boolean): Omit<RandomModule, "forV8"> {
  const random = new Random(seed, floats);
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
  const bodies = signatures.map((signature) => new Body(random, signature, facts, forV8).write());
  const fuelAt = globals.length;
  const names = signatures.map((_, n) => `f${n}`);
  const values: [Type, bigint][] = [
    ...globals.map((type): [Type, bigint] => [type, random.value(type)]),
    ["i32", BigInt(fuel)],
  ];
  const data = Array.from({ length: random.below(200) }, () => random.below(256));
  const place = s64(BigInt(random.below(1000)));
  const valueTypes = (types: readonly Type[]) => list(types.map((type) => [wasmTypes[type]]));
  const bytes = moduleOf([
    [1, list(signatures.map(({ params, results }) => [0x60, ...valueTypes(params), ...valueTypes(results)]))],
    [3, list(signatures.map((_, n) => u32(n)))],
    [4, list([[0x70, 1, TABLE, TABLE]])],
    [5, list([[1, 1, 3]])],
    [6, list(values.map(([type, value]) => [wasmTypes[type], 1, ...constant(type, value), op.end]))],
    [
      7,
      list([
        ...names.map((name, n) => [...text(name), 0, ...u32(n)]),
        [...text("memory"), 2, 0],
        ...values.map((_, n) => [...text(n === fuelAt ? FUEL : `g${n}`), 3, ...u32(n)]),
      ]),
    ],
    [9, list([[0, ranges.i32.constant, 0, op.end, ...list(elements.map(u32))]])],
    [10, list(bodies.map(sized))],
    [11, list([[0, ranges.i32.constant, ...place, op.end, ...sized(data)]])],
  ]);
  return {
    bytes,
    functions: signatures.map((signature, n) => ({ ...signature, name: names[n]! })),
    globals: globals.map((type, n) => ({ name: `g${n}`, type })),
  };
}
