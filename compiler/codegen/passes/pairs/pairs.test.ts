import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { TrapError } from "../../ssa/evaluate.ts";
import type { Func } from "../../ssa/func.ts";
import { type Environment, interpret } from "../../ssa/interpret.ts";
import { parseFunc } from "../../ssa/parse.ts";
import { routine } from "../../ssa/routines.ts";
import { verify } from "../../ssa/verify.ts";
import { splitLongs } from "./index.ts";

/** Functions on whole numbers, and what they are by halves: both must do the same in the interpreter. */

const halves = (value: bigint): bigint[] => [BigInt.asIntN(32, value), BigInt.asIntN(32, value >> 32n)];
const whole = ([low, high]: readonly bigint[]): bigint =>
  BigInt.asIntN(64, (high! << 32n) | BigInt.asUintN(32, low!));

function environment(split: boolean): Environment {
  const nothing = () => [];
  const environment: Environment = {
    memory: new Uint8Array(256).map((_, n) => n * 37),
    globals: [0x1234_5678_9abc_def0n],
    fuel: 100_000,
    call: (_, args) => args.toReversed(),
    callImport(symbol, args) {
      return interpret(routineOf(symbol, split), args, environment);
    },
    callIndirect: nothing,
    intrinsic: (name, args) =>
      name === "math.mul64hi"
        ? [BigInt.asIntN(64, (BigInt.asUintN(64, args[0]!) * BigInt.asUintN(64, args[1]!)) >> 64n)]
        : [...args],
    growMemory: () => -1,
    refFunc: () => 0n,
    segments: () => undefined,
  };
  return environment;
}

const routines = new Map<string, Func>();

function routineOf(symbol: string, split: boolean): Func {
  const key = `${symbol} ${split}`;
  const func = routines.get(key) ?? (split ? splitted(routine(symbol)!) : routine(symbol)!);
  routines.set(key, func);
  return func;
}

function splitted(func: Func): Func {
  splitLongs(func, { word: 4 });
  verify(func);
  return func;
}

function outcome(run: () => readonly bigint[]): string {
  try {
    return run().join();
  } catch (error) {
    if (error instanceof TrapError) return error.trap;
    throw error;
  }
}

const edges = [
  0n,
  1n,
  -1n,
  31n,
  32n,
  33n,
  63n,
  2n ** 31n,
  2n ** 32n,
  -(2n ** 31n),
  2n ** 32n - 1n,
  2n ** 63n - 1n,
  -(2n ** 63n),
];
const number = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.bigInt({ min: -(2n ** 33n), max: 2n ** 33n }),
  fc.constantFrom(...edges),
  fc
    .tuple(fc.bigInt({ min: 0n, max: 63n }), fc.bigInt({ min: -3n, max: 3n }))
    .map(([by, more]) => BigInt.asIntN(64, (1n << by) + more)),
);

/** `text`: a function of whole numbers with one result. */
function same(text: string, isLong: boolean, runs = 150): void {
  const func = parseFunc(text);
  const { params } = func;
  const other = splitted(parseFunc(text));
  fc.assert(
    fc.property(fc.array(number, { minLength: params.length, maxLength: params.length }), (given) => {
      const args = given.map((arg, n) => (params[n] === "i32" ? BigInt.asIntN(32, arg) : arg));
      const wanted = outcome(() => interpret(func, args, environment(false)));
      const split = args.flatMap((arg, n) => (params[n] === "i32" ? [arg] : halves(arg)));
      const got = outcome(() => {
        const results = interpret(other, split, environment(true));
        return isLong ? [whole(results)] : results;
      });
      expect(got).toBe(wanted);
    }),
    { numRuns: runs },
  );
}

describe("an operation by halves gives what it gives on whole numbers:", () => {
  const two = ["add", "sub", "mul", "and", "or", "xor", "shl", "shr_s", "shr_u", "rotl", "rotr"];
  test.each([...two, "div_s", "div_u", "rem_s", "rem_u"])("%s", (op) =>
    same(`func f(i64, i64) -> i64\nb0(v0: i64, v1: i64):\n  v2 = ${op}.i64 v0, v1\n  return v2\n`, true),
  );
  test.each(["clz", "ctz", "popcnt", "extend8_s", "extend16_s", "extend32_s"])("%s", (op) =>
    same(`func f(i64) -> i64\nb0(v0: i64):\n  v1 = ${op}.i64 v0\n  return v1\n`, true),
  );
  test.each(["eq", "ne", "lt_s", "lt_u", "gt_s", "gt_u", "le_s", "le_u", "ge_s", "ge_u"])("%s", (op) =>
    same(
      `func f(i64, i64) -> i32\nb0(v0: i64, v1: i64):\n  v2 = ${op}.i64 v0, v1\n  return v2\n`,
      false,
      300,
    ),
  );
  test("eqz", () => same("func f(i64) -> i32\nb0(v0: i64):\n  v1 = eqz.i64 v0\n  return v1\n", false));
  test.each(["shl", "shr_s", "shr_u", "rotl", "rotr"])("%s by a constant", (op) => {
    for (const by of [0, 1, 31, 32, 33, 63, 64])
      same(
        `func f(i64) -> i64\nb0(v0: i64):\n  v1 = iconst.i64 ${by}\n  v2 = ${op}.i64 v0, v1\n  return v2\n`,
        true,
        20,
      );
  });
  test.each(["extend_s", "extend_u"])("%s", (op) =>
    same(`func f(i32) -> i64\nb0(v0: i32):\n  v1 = ${op} v0\n  return v1\n`, true),
  );
  test("wrap", () => same("func f(i64) -> i32\nb0(v0: i64):\n  v1 = wrap v0\n  return v1\n", false));
  test("select", () =>
    same(
      "func f(i32, i64, i64) -> i64\nb0(v0: i32, v1: i64, v2: i64):\n  v3 = select.i64 v0, v1, v2\n  return v3\n",
      true,
    ));
  test("math.mul64hi", () =>
    same(
      "func f(i64, i64) -> i64\nb0(v0: i64, v1: i64):\n  v2: i64 = intrinsic v0, v1 name=math.mul64hi\n  return v2\n",
      true,
    ));
});

describe("values of 64 bits cross", () => {
  test("blocks", () =>
    same(
      `func f(i64, i64) -> i64
b0(v0: i64, v1: i64):
  jump b1(v0, v1)
b1(v2: i64, v3: i64):
  v4 = iconst.i64 1
  v5 = shr_u.i64 v2, v4
  v6 = add.i64 v3, v5
  v7 = eqz.i64 v5
  br_if v7, b2(v6), b1(v5, v6)
b2(v8: i64):
  return v8
`,
      true,
    ));

  test("memory and globals", () => {
    const text = `func f(i32, i64) -> i64
b0(v0: i32, v1: i64):
  v2 = global.get.i64 index=0
  global.set.i64 v1 index=0
  store.i64 v0, v2 bytes=8 offset=7
  store.i64 v0, v1 bytes=4
  store.i64 v0, v1 bytes=1 offset=3
  v3 = load.i64 v0 bytes=8 offset=3
  v4 = load.i64 v0 bytes=4 signed
  v5 = load.i64 v0 bytes=2 offset=1
  v6 = add.i64 v3, v4
  v7 = xor.i64 v6, v5
  v8 = global.get.i64 index=0
  v9 = sub.i64 v7, v8
  return v9
`;
    same(text, true);
    const [a, b] = [environment(false), environment(true)];
    const value = 0x0fed_cba9_8765_4321n;
    interpret(parseFunc(text), [100n, value], a);
    interpret(splitted(parseFunc(text)), [100n, ...halves(value)], b);
    expect(b.globals).toEqual(a.globals);
    expect(b.memory).toEqual(a.memory);
  });

  test("calls", () => {
    const func = splitted(
      parseFunc(
        "func f(i64, i32) -> i64, i32\nb0(v0: i64, v1: i32):\n  v2: i32, v3: i64 = call v0, v1 callee=1\n  return v3, v2\n",
      ),
    );
    expect(func.params).toEqual(["i32", "i32", "i32"]);
    expect(func.results).toEqual(["i32", "i32", "i32"]);
    expect(interpret(func, [1n, 2n, 3n], environment(true))).toEqual([2n, 1n, 3n]);
  });
});

test.each([248n, 249n, 253n, 2n ** 32n - 4n, 2n ** 32n - 8n])(
  "a store of 8 bytes that is partly out of bounds at %i changes nothing",
  (at) => {
    const text = "func f(i32, i64)\nb0(v0: i32, v1: i64):\n  store.i64 v0, v1 bytes=8\n  return\n";
    const place = BigInt.asIntN(32, at);
    const [a, b] = [environment(false), environment(true)];
    expect(outcome(() => interpret(splitted(parseFunc(text)), [place, 1n, 2n], b))).toBe(
      outcome(() => interpret(parseFunc(text), [place, 0x2_0000_0001n], a)),
    );
    expect(b.memory).toEqual(a.memory);
  },
);

test("an offset at the end of what can be addressed stays one", () => {
  const text = `func f(i32) -> i64\nb0(v0: i32):\n  v1 = load.i64 v0 bytes=8 offset=${2 ** 32 - 2}\n  return v1\n`;
  expect(outcome(() => interpret(splitted(parseFunc(text)), [0n], environment(true)))).toBe("memory");
});
