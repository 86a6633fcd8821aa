/** Instructions on floats → SSA, where a float is the integer of its bits. */
import type { Draft } from "../ssa/func.ts";
import type { ValueId } from "../ssa/ids.ts";
import type { Op } from "../ssa/ops.ts";
import type { IntType } from "../ssa/types.ts";
import type { Builder, Translate } from "./builder.ts";

const emit = (b: Builder, op: Op, type: IntType, ...args: readonly ValueId[]): ValueId =>
  b.emit({ op, type, args: [...args] } as Draft);

/** The operation of SSA that has the same operands, as many as `operands`. */
const plain =
  (op: Op, type: IntType, operands: number): Translate =>
  (b) =>
    b.push(emit(b, op, type, ...b.popMany(operands)));

/** a > b is b < a, also of what is no number. */
const exchanged =
  (op: Op, type: IntType): Translate =>
  (b) =>
    b.push(emit(b, op, type, ...b.popMany(2).reverse()));

const notEqual =
  (type: IntType): Translate =>
  (b) =>
    b.push(emit(b, "eqz", "i32", emit(b, "feq", type, ...b.popMany(2))));

const signBit = (type: IntType): bigint => (type === "i32" ? 1n << 31n : 1n << 63n);

const abs =
  (type: IntType): Translate =>
  (b) =>
    b.push(emit(b, "and", type, b.pop(), b.number(type, signBit(type) - 1n)));

const neg =
  (type: IntType): Translate =>
  (b) =>
    b.push(emit(b, "xor", type, b.pop(), b.number(type, signBit(type))));

const copysign =
  (type: IntType): Translate =>
  (b) => {
    const [size, sign] = b.popMany(2) as [ValueId, ValueId];
    const low = emit(b, "and", type, size, b.number(type, signBit(type) - 1n));
    const high = emit(b, "and", type, sign, b.number(type, signBit(type)));
    b.push(emit(b, "or", type, low, high));
  };

/** An integer of 32 bits is first one of 64, which has the same value either way. */
const convert =
  (type: IntType, from: string): Translate =>
  (b) => {
    const value = b.pop();
    if (from === "i64_s" || from === "i64_u")
      return b.push(emit(b, from === "i64_s" ? "itof_s" : "itof_u", type, value));
    b.push(emit(b, "itof_s", type, emit(b, from === "i32_s" ? "extend_s" : "extend_u", "i64", value)));
  };

const bits = (value: number): bigint => new BigInt64Array(new Float64Array([value]).buffer)[0]!;

/** What is between these becomes an integer of the type; as the nearest floats of 64 bits beyond them. */
const limits = {
  i32_s: [-(2 ** 31) - 1, 2 ** 31],
  i32_u: [-1, 2 ** 32],
  i64_s: [-(2 ** 63) - 2048, 2 ** 63],
  i64_u: [-1, 2 ** 64],
} as const;
type Limits = keyof typeof limits;

/** Goes on where the float is between the limits, else it traps. */
function check(b: Builder, value: ValueId, to: Limits): void {
  const [low, high] = limits[to].map((limit) => b.number("i64", bits(limit))) as [ValueId, ValueId];
  const above = emit(b, "flt", "i64", low, value);
  const inside = emit(b, "and", "i32", above, emit(b, "flt", "i64", value, high));
  const [fine, outside, overflow, conversion] = Array.from({ length: 4 }, () => ({
    block: b.func.makeBlock(),
    args: [],
  }));
  b.end({ op: "br_if", args: [inside], targets: [fine!, outside!] });
  b.start(outside!.block);
  const isNumber = emit(b, "feq", "i64", value, value);
  b.end({ op: "br_if", args: [isNumber], targets: [overflow!, conversion!] });
  b.start(overflow!.block);
  b.end({ op: "trap", args: [], targets: [], trap: "overflow" });
  b.start(conversion!.block);
  b.end({ op: "trap", args: [], targets: [], trap: "conversion" });
  b.start(fine!.block);
}

/** The nearest integer of 32 bits to one of 64. */
function clamp(b: Builder, value: ValueId, to: "i32_s" | "i32_u"): ValueId {
  const least = b.number("i64", to === "i32_s" ? -(1n << 31n) : 0n);
  const most = b.number("i64", to === "i32_s" ? (1n << 31n) - 1n : (1n << 32n) - 1n);
  const high = emit(b, "select", "i64", emit(b, "lt_s", "i64", value, least), least, value);
  return emit(b, "select", "i64", emit(b, "gt_s", "i64", high, most), most, high);
}

/** All by way of floats and integers of 64 bits, which have all of 32 among them. */
const truncate =
  (from: IntType, to: Limits, saturating: boolean): Translate =>
  (b) => {
    const value = from === "i32" ? emit(b, "fpromote", "i64", b.pop()) : b.pop();
    if (!saturating) check(b, value, to);
    const whole = emit(b, to === "i64_u" ? "ftoi_u" : "ftoi_s", "i64", value);
    if (to === "i64_s" || to === "i64_u") return b.push(whole);
    b.push(emit(b, "wrap", "i32", saturating ? clamp(b, whole, to) : whole));
  };

const unchanged: Translate = () => undefined;

const integers = Object.keys(limits) as Limits[];

/** Rules for instructions that begin with `name`, and for those that make integers of these floats. */
function rulesFor(name: "f32" | "f64", type: IntType): [string, Translate][] {
  const own: [string, Translate][] = [
    ...["add", "sub", "mul", "div", "min", "max", "eq", "lt", "le"].map((op): [string, Translate] => [
      op,
      plain(`f${op}` as Op, type, 2),
    ]),
    ...["sqrt", "ceil", "floor", "trunc", "nearest"].map((op): [string, Translate] => [
      op,
      plain(`f${op}` as Op, type, 1),
    ]),
    ["ne", notEqual(type)],
    ["gt", exchanged("flt", type)],
    ["ge", exchanged("fle", type)],
    ["abs", abs(type)],
    ["neg", neg(type)],
    ["copysign", copysign(type)],
    [`reinterpret_${type}`, unchanged],
    ...integers.map((from): [string, Translate] => [`convert_${from}`, convert(type, from)]),
  ];
  const truncations = integers.flatMap((to): [string, Translate][] => {
    const [result, sign] = to.split("_");
    return [
      [`${result}.trunc_${name}_${sign}`, truncate(type, to, false)],
      [`${result}.trunc_sat_${name}_${sign}`, truncate(type, to, true)],
    ];
  });
  return [
    ...own.map(([op, rule]): [string, Translate] => [`${name}.${op}`, rule]),
    [`${type}.reinterpret_${name}`, unchanged],
    ...truncations,
  ];
}

/** By name, for `translate`. */
export const floatRules: Readonly<Record<string, Translate>> = Object.fromEntries([
  ...rulesFor("f32", "i32"),
  ...rulesFor("f64", "i64"),
  ["f64.promote_f32", plain("fpromote", "i64", 1)],
  ["f32.demote_f64", plain("fdemote", "i32", 1)],
]);
