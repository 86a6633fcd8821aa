import type { Inst } from "../../ssa/func.ts";
import type { ValueId } from "../../ssa/ids.ts";
import type { Op } from "../../ssa/ops.ts";
import { bitsOf } from "../../ssa/types.ts";
import { inverses } from "./compare.ts";
import { ones, type Rule, type Rules, type Scope, width } from "./scope.ts";

const right = (inst: Inst, scope: Scope): bigint | undefined => {
  const c = scope.constant(inst.args[1]!);
  return c === undefined ? undefined : BigInt.asUintN(bitsOf[inst.type], c);
};

/** x op x */
const onItself =
  (result: (inst: Inst, scope: Scope) => ValueId | undefined): Rule =>
  (inst, scope) =>
    inst.args[0] === inst.args[1] ? result(inst, scope) : undefined;
const first = (inst: Inst): ValueId | undefined => inst.args[0];

function regroup(combine: (a: bigint, b: bigint) => bigint): Rule {
  return (inst, scope) => {
    const outer = right(inst, scope);
    const inner = outer === undefined ? undefined : scope.as(inst.args[0]!, inst.op);
    const nested = inner && right(inner, scope);
    if (nested === undefined) return undefined;
    return scope.emit(inst.op, inst.type, inner!.args[0]!, scope.number(inst.type, combine(outer!, nested)));
  };
}

const andRules: readonly Rule[] = [
  onItself(first),
  regroup((a, b) => a & b),
  (inst, scope) => {
    const [a, b] = inst.args as [ValueId, ValueId];
    const mask = right(inst, scope);
    const { bits } = scope.fact(a);
    if (mask === undefined)
      return (bits & scope.fact(b).bits) === 0n ? scope.number(inst.type, 0n) : undefined;
    if ((bits & mask) === 0n) return scope.number(inst.type, 0n);
    return (bits & ~mask) === 0n ? a : undefined;
  },
  // Bits that an inner operation sets or clears outside of the mask do not matter.
  (inst, scope) => {
    const mask = right(inst, scope);
    const inner = mask === undefined ? undefined : scope.func.inst(inst.args[0]!);
    if (inner?.op !== "or" && inner?.op !== "xor") return undefined;
    const c = right(inner, scope);
    if (c === undefined || (c & mask!) !== 0n) return undefined;
    return scope.emit("and", inst.type, inner.args[0]!, inst.args[1]!);
  },
  (inst, scope) => {
    const mask = right(inst, scope);
    if (mask === undefined) return undefined;
    const inner = scope.func.inst(inst.args[0]!);
    if (inner?.op === "extend_s" && mask <= 0xffff_ffffn)
      return scope.emit("and", "i64", scope.emit("extend_u", "i32", inner.args[0]!), inst.args[1]!);
    const kept = inner && keptBy[inner.op];
    if (kept !== undefined && mask < 1n << kept)
      return scope.emit("and", inst.type, inner!.args[0]!, inst.args[1]!);
    if (inner?.op !== "shr_s") return undefined;
    const count = scope.constant(inner.args[1]!);
    if (count === undefined || mask >= 1n << (width(inst) - (count & (width(inst) - 1n)))) return undefined;
    return scope.emit(
      "and",
      inst.type,
      scope.emit("shr_u", inst.type, inner.args[0]!, inner.args[1]!),
      inst.args[1]!,
    );
  },
];

/** How many low bits a sign extension leaves alone. */
const keptBy: { readonly [O in Op]?: bigint } = { extend8_s: 8n, extend16_s: 16n, extend32_s: 32n };

const orRules: readonly Rule[] = [
  onItself(first),
  regroup((a, b) => a | b),
  (inst, scope) => {
    const c = right(inst, scope);
    if (c === 0n) return inst.args[0];
    return c === ones(inst) ? inst.args[1] : undefined;
  },
  rotation,
];

/** (x << c) | (x >> (width - c)) is a rotation, with `+` and `^` instead of `|` too. */
function rotation(inst: Inst, scope: Scope): ValueId | undefined {
  const [a, b] = inst.args as [ValueId, ValueId];
  const shl = scope.as(a, "shl") ?? scope.as(b, "shl");
  const shr = scope.as(a, "shr_u") ?? scope.as(b, "shr_u");
  if (!shl || !shr || shl.args[0] !== shr.args[0]) return undefined;
  const [up, down] = [right(shl, scope), right(shr, scope)];
  if (up === undefined || down === undefined || up + down !== width(inst)) return undefined;
  return scope.emit("rotl", inst.type, shl.args[0]!, shl.args[1]!);
}

const xorRules: readonly Rule[] = [
  onItself((inst, scope) => scope.number(inst.type, 0n)),
  regroup((a, b) => a ^ b),
  (inst, scope) => (right(inst, scope) === 0n ? inst.args[0] : undefined),
  (inst, scope) => {
    if (inst.type !== "i32" || right(inst, scope) !== 1n || !scope.isBool(inst.args[0]!)) return undefined;
    return scope.emit("eqz", "i32", inst.args[0]!);
  },
  rotation,
];

/** Only the low bits of a count matter, so masking them is superfluous. */
const plainCount: Rule = (inst, scope) => {
  const [x, by] = inst.args as [ValueId, ValueId];
  const c = right(inst, scope);
  if (c !== undefined && c >= width(inst))
    return scope.emit(inst.op, inst.type, x, scope.number(inst.type, c % width(inst)));
  if (c === 0n) return x;
  const mask = scope.as(by, "and");
  const low = mask && right(mask, scope);
  if (low === undefined || (low & (width(inst) - 1n)) !== width(inst) - 1n) return undefined;
  return scope.emit(inst.op, inst.type, x, mask!.args[0]!);
};

const zeroStays: Rule = (inst, scope) => (scope.constant(inst.args[0]!) === 0n ? inst.args[0] : undefined);

/** Two shifts in one direction. */
const shiftTwice: Rule = (inst, scope) => {
  const inner = scope.as(inst.args[0]!, inst.op);
  const [a, b] = [right(inst, scope), inner && right(inner, scope)];
  if (a === undefined || b === undefined) return undefined;
  const most = width(inst) - 1n;
  if (a + b > most && inst.op !== "shr_s") return scope.number(inst.type, 0n);
  const count = a + b > most ? most : a + b;
  return scope.emit(inst.op, inst.type, inner!.args[0]!, scope.number(inst.type, count));
};

const shlRules: readonly Rule[] = [
  plainCount,
  zeroStays,
  shiftTwice,
  (inst, scope) => {
    const inner = scope.as(inst.args[0]!, "shr_u") ?? scope.as(inst.args[0]!, "shr_s");
    const count = right(inst, scope);
    if (!inner || count === undefined || right(inner, scope) !== count) return undefined;
    return scope.emit("and", inst.type, inner.args[0]!, scope.number(inst.type, ones(inst) << count));
  },
];

const shrURules: readonly Rule[] = [
  plainCount,
  zeroStays,
  shiftTwice,
  (inst, scope) => {
    const inner = scope.as(inst.args[0]!, "shl");
    const count = right(inst, scope);
    if (!inner || count === undefined || right(inner, scope) !== count) return undefined;
    return scope.emit("and", inst.type, inner.args[0]!, scope.number(inst.type, ones(inst) >> count));
  },
];

const shrSRules: readonly Rule[] = [
  plainCount,
  zeroStays,
  shiftTwice,
  (inst, scope) =>
    scope.isPositive(inst.args[0]!)
      ? scope.emit("shr_u", inst.type, inst.args[0]!, inst.args[1]!)
      : undefined,
  (inst, scope) => {
    const inner = scope.as(inst.args[0]!, "shl");
    const count = right(inst, scope);
    if (!inner || count === undefined || right(inner, scope) !== count) return undefined;
    const op = ({ 8: "extend8_s", 16: "extend16_s", 32: "extend32_s" } as const)[Number(width(inst) - count)];
    return op && scope.emit(op, inst.type, inner.args[0]!);
  },
];

const rotlRules: readonly Rule[] = [plainCount, zeroStays];
const rotrRules: readonly Rule[] = [
  ...rotlRules,
  // One direction for constants, so that equal rotations look equal.
  (inst, scope) => {
    const count = right(inst, scope);
    if (count === undefined) return undefined;
    return scope.emit("rotl", inst.type, inst.args[0]!, scope.number(inst.type, width(inst) - count));
  },
];

/** Sign extension of what fits already, or of what is masked first. */
function signExtension(bits: bigint): readonly Rule[] {
  return [
    (inst, scope) => (scope.fact(inst.args[0]!).max < 1n << (bits - 1n) ? inst.args[0] : undefined),
    (inst, scope) => {
      const inner = scope.func.inst(inst.args[0]!);
      if (inner?.op === "load")
        return inner.signed && BigInt(inner.bytes * 8) <= bits ? inst.args[0] : undefined;
      const kept = inner && keptBy[inner.op];
      if (kept !== undefined)
        return kept <= bits ? inst.args[0] : scope.emit(inst.op, inst.type, inner!.args[0]!);
      const low = (1n << bits) - 1n;
      if (inner?.op !== "and" || ((right(inner, scope) ?? 0n) & low) !== low) return undefined;
      return scope.emit(inst.op, inst.type, inner.args[0]!);
    },
  ];
}

const wrapRules: readonly Rule[] = [
  (inst, scope) => {
    const inner = scope.func.inst(inst.args[0]!);
    if (inner?.op === "extend_u" || inner?.op === "extend_s") return inner.args[0];
    if (inner?.op === "extend32_s") return scope.emit("wrap", "i64", inner.args[0]!);
    if (inner?.op !== "and") return undefined;
    const mask = right(inner, scope);
    const whole = mask !== undefined && (mask & 0xffff_ffffn) === 0xffff_ffffn;
    return whole ? scope.emit("wrap", "i64", inner.args[0]!) : undefined;
  },
  // Arithmetic whose low half depends on low halves only, made from 32-bit values: do it in 32 bits.
  (inst, scope) => {
    const inner = scope.func.inst(inst.args[0]!);
    if (inner === undefined || !narrows.includes(inner.op)) return undefined;
    const [a, b] = inner.args as [ValueId, ValueId];
    if (narrow(a, scope) === undefined || narrow(b, scope) === undefined) return undefined;
    return scope.emit(inner.op, "i32", narrow(a, scope)!(), narrow(b, scope)!());
  },
];
const narrows: readonly Op[] = ["add", "sub", "mul", "and", "or", "xor"];

/** How to get the low half of a 64-bit value for nothing, if there is a way. */
function narrow(value: ValueId, scope: Scope): (() => ValueId) | undefined {
  const inst = scope.func.inst(value);
  if (inst?.op === "extend_u" || inst?.op === "extend_s") return () => inst.args[0]!;
  if (inst?.op === "iconst") return () => scope.number("i32", inst.value);
  return undefined;
}

const extendURules: readonly Rule[] = [
  (inst, scope) => {
    const inner = scope.as(inst.args[0]!, "wrap");
    return inner && scope.fact(inner.args[0]!).max <= 0xffff_ffffn ? inner.args[0] : undefined;
  },
];

const extendSRules: readonly Rule[] = [
  (inst, scope) =>
    scope.isPositive(inst.args[0]!) ? scope.emit("extend_u", "i32", inst.args[0]!) : undefined,
  (inst, scope) => {
    const inner = scope.as(inst.args[0]!, "wrap");
    return inner && scope.emit("extend32_s", "i64", inner.args[0]!);
  },
];

const selectRules: readonly Rule[] = [
  (inst, scope) => {
    const [condition, a, b] = inst.args as [ValueId, ValueId, ValueId];
    if (a === b) return a;
    const { min, max } = scope.fact(condition);
    if (min > 0n) return a;
    return max === 0n ? b : undefined;
  },
  (inst, scope) => {
    const [condition, a, b] = inst.args as [ValueId, ValueId, ValueId];
    const inner = scope.func.inst(condition);
    if (inner?.op === "eqz" && inner.type === "i32")
      return scope.emit("select", inst.type, inner.args[0]!, b, a);
    if (inner?.op === "ne" && inner.type === "i32" && scope.constant(inner.args[1]!) === 0n)
      return scope.emit("select", inst.type, inner.args[0]!, a, b);
    return undefined;
  },
  // select(c, 1, 0) is the condition itself.
  (inst, scope) => {
    const [condition, a, b] = inst.args as [ValueId, ValueId, ValueId];
    if (inst.type !== "i32") return undefined;
    const [one, other] = [scope.constant(a), scope.constant(b)];
    if (one === 1n && other === 0n)
      return scope.isBool(condition)
        ? condition
        : scope.emit("ne", "i32", condition, scope.number("i32", 0n));
    return one === 0n && other === 1n ? scope.emit("eqz", "i32", condition) : undefined;
  },
];

/** A comparison is negated by another comparison. */
const eqzRules: readonly Rule[] = [
  (inst, scope) => {
    const inner = inst.type === "i32" ? scope.func.inst(inst.args[0]!) : undefined;
    const inverse = inner && inverses[inner.op];
    if (inverse) return scope.emit(inverse, inner!.type, ...inner!.args);
    if (inner?.op !== "eqz") return undefined;
    const [x] = inner.args as [ValueId];
    if (inner.type === "i32" && scope.isBool(x)) return x;
    return scope.emit("ne", inner.type, x, scope.number(inner.type, 0n));
  },
  (inst, scope) => {
    const { min, max } = scope.fact(inst.args[0]!);
    if (min > 0n) return scope.number("i32", 0n);
    return max === 0n ? scope.number("i32", 1n) : undefined;
  },
  (inst, scope) => {
    const inner = scope.func.inst(inst.args[0]!);
    if (inner?.op === "extend_u" || inner?.op === "extend_s") return scope.emit("eqz", "i32", inner.args[0]!);
    if (inner?.op === "sub" || inner?.op === "xor") return scope.emit("eq", inst.type, ...inner.args);
    return undefined;
  },
];

export const bits: Rules = {
  and: andRules,
  or: orRules,
  xor: xorRules,
  shl: shlRules,
  shr_u: shrURules,
  shr_s: shrSRules,
  rotl: rotlRules,
  rotr: rotrRules,
  extend8_s: signExtension(8n),
  extend16_s: signExtension(16n),
  extend32_s: signExtension(32n),
  wrap: wrapRules,
  extend_u: extendURules,
  extend_s: extendSRules,
  select: selectRules,
  eqz: eqzRules,
};
