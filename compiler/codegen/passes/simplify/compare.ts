import type { ValueId } from "../../ssa/ids.ts";
import type { Op } from "../../ssa/ops.ts";
import { bitsOf } from "../../ssa/types.ts";
import { ones, type Rule, type Rules, type Scope } from "./scope.ts";

type Comparison = "eq" | "ne" | "lt_s" | "lt_u" | "gt_s" | "gt_u" | "le_s" | "le_u" | "ge_s" | "ge_u";

/** The comparison that holds exactly when the other does not. */
export const inverses: { readonly [O in Op]?: Comparison } = {
  eq: "ne",
  ne: "eq",
  lt_s: "ge_s",
  ge_s: "lt_s",
  lt_u: "ge_u",
  ge_u: "lt_u",
  gt_s: "le_s",
  le_s: "gt_s",
  gt_u: "le_u",
  le_u: "gt_u",
};

/** The comparison with its operands exchanged. */
const swapped: { readonly [O in Op]?: Comparison } = {
  gt_s: "lt_s",
  gt_u: "lt_u",
  ge_s: "le_s",
  ge_u: "le_u",
  lt_s: "gt_s",
  lt_u: "gt_u",
  le_s: "ge_s",
  le_u: "ge_u",
};

const unsignedOf: { readonly [O in Op]?: Comparison } = {
  lt_s: "lt_u",
  gt_s: "gt_u",
  le_s: "le_u",
  ge_s: "ge_u",
};

/** Do equal operands satisfy it? */
const orEqual: { readonly [O in Op]?: boolean } = {
  lt_s: false,
  lt_u: false,
  le_s: true,
  le_u: true,
  ge_s: true,
  ge_u: true,
  gt_s: false,
  gt_u: false,
};

const isTrue = (scope: Scope, value: boolean): ValueId => scope.number("i32", value ? 1n : 0n);

/** A constant goes to the right; of two variables, only "less" is left. */
const order: Rule = (inst, scope) => {
  const [a, b] = inst.args as [ValueId, ValueId];
  const [left, right] = [scope.constant(a) !== undefined, scope.constant(b) !== undefined];
  const greater = inst.op.startsWith("g");
  const swap = (left && !right) || (!left && !right && greater);
  return swap ? scope.emit(swapped[inst.op]!, inst.type, b, a) : undefined;
};

/** With a constant, only `<` and `>=` are left: x <= c is x < c + 1. */
const strict: Rule = (inst, scope) => {
  const [a, b] = inst.args as [ValueId, ValueId];
  const c = scope.constant(b);
  if (c === undefined || (!inst.op.startsWith("le") && !inst.op.startsWith("gt"))) return undefined;
  const signed = inst.op.endsWith("_s");
  const most = signed ? ones(inst) >> 1n : ones(inst);
  const number = signed ? c : BigInt.asUintN(bitsOf[inst.type], c);
  if (number === most) return isTrue(scope, inst.op.startsWith("le"));
  const op = inst.op.startsWith("le") ? (signed ? "lt_s" : "lt_u") : signed ? "ge_s" : "ge_u";
  return scope.emit(op, inst.type, a, scope.number(inst.type, c + 1n));
};

const itself: Rule = (inst, scope) =>
  inst.args[0] === inst.args[1] ? isTrue(scope, orEqual[inst.op]!) : undefined;

/** Both operands are known not to be negative. */
const unsigned: Rule = (inst, scope) => {
  const [a, b] = inst.args as [ValueId, ValueId];
  const op = unsignedOf[inst.op];
  if (op && scope.isPositive(a) && scope.isPositive(b)) return scope.emit(op, inst.type, a, b);
  return undefined;
};

/** A sign test of what is known: x < 0, x >= 0; and the constant at the end of the range. */
const signTest: Rule = (inst, scope) => {
  const [a, b] = inst.args as [ValueId, ValueId];
  const c = scope.constant(b);
  if (c === undefined) return undefined;
  const most = ones(inst) >> 1n;
  const negative = scope.fact(a).min > most;
  const positive = scope.isPositive(a);
  const less = inst.op === "lt_s";
  if (c === -most - 1n) return isTrue(scope, !less); // nothing is less than the least
  if (positive && c <= 0n) return isTrue(scope, !less);
  if (negative && c >= 0n) return isTrue(scope, less);
  return undefined;
};

/** Decides from ranges and from what earlier branches have shown. */
const decide: Rule = (inst, scope) => {
  const [a, b] = inst.args as [ValueId, ValueId];
  const [x, y] = [scope.facts.fresh(a), scope.facts.fresh(b)];
  const { relations } = scope;
  const less = x.max < y.min || relations.implies(a, b, 1n);
  const notGreater = x.max <= y.min || relations.implies(a, b, 0n);
  const greater = y.max < x.min || relations.implies(b, a, 1n);
  const notLess = y.max <= x.min || relations.implies(b, a, 0n);
  const [yes, no] = {
    lt_u: [less, notLess],
    le_u: [notGreater, greater],
    gt_u: [greater, notGreater],
    ge_u: [notLess, less],
  }[inst.op as "lt_u" | "le_u" | "gt_u" | "ge_u"];
  if (yes) return isTrue(scope, true);
  return no ? isTrue(scope, false) : undefined;
};

/** Against 1 and 0, `<` and `>=` are tests for zero. */
const zeroTest: Rule = (inst, scope) => {
  const [a, b] = inst.args as [ValueId, ValueId];
  if (scope.constant(b) !== 1n) return undefined;
  if (inst.op === "lt_u") return scope.emit("eqz", inst.type, a);
  return inst.op === "ge_u" ? scope.emit("ne", inst.type, a, scope.number(inst.type, 0n)) : undefined;
};

/** (x >> k) < c is x < (c << k): the length of an array, which is kept in bytes, against an index that is known. */
const shifted: Rule = (inst, scope) => {
  const [a, b] = inst.args as [ValueId, ValueId];
  if (inst.op !== "lt_u" && inst.op !== "ge_u") return undefined;
  const shift = scope.as(a, "shr_u");
  const c = scope.constant(b);
  const by = shift && scope.constant(shift.args[1]!);
  if (shift === undefined || c === undefined || by === undefined) return undefined;
  const bits = BigInt(bitsOf[inst.type]);
  const limit = BigInt.asUintN(Number(bits), c) << (by & (bits - 1n));
  // More than any number: `decide` knows it from the range.
  if (limit >> bits !== 0n) return undefined;
  return scope.emit(inst.op, inst.type, shift.args[0]!, scope.number(inst.type, limit));
};

/** 64-bit comparisons of extended 32-bit values need 32 bits only. */
const narrow: Rule = (inst, scope) => {
  if (inst.type !== "i64") return undefined;
  const [a, b] = inst.args as [ValueId, ValueId];
  const left = scope.func.inst(a);
  const right = scope.func.inst(b);
  if (left?.op !== "extend_u" && left?.op !== "extend_s") return undefined;
  const [x] = left.args as [ValueId];
  if (right?.op === left.op) {
    const op = left.op === "extend_u" ? (unsignedOf[inst.op] ?? inst.op) : inst.op;
    return scope.emit(op, "i32", x, right.args[0]!);
  }
  const c = scope.constant(b);
  if (c === undefined) return undefined;
  const fits = left.op === "extend_u" ? c >= 0n && c <= 0xffff_ffffn : BigInt.asIntN(32, c) === c;
  if (!fits) return undefined;
  const op = left.op === "extend_u" ? (unsignedOf[inst.op] ?? inst.op) : inst.op;
  return scope.emit(op, "i32", x, scope.number("i32", c));
};

const equalItself: Rule = (inst, scope) =>
  inst.args[0] === inst.args[1] ? isTrue(scope, inst.op === "eq") : undefined;

const decideEqual: Rule = (inst, scope) => {
  const [a, b] = inst.args as [ValueId, ValueId];
  const [x, y] = [scope.facts.fresh(a), scope.facts.fresh(b)];
  const { relations } = scope;
  const outside = (y.min & ~x.bits) !== 0n && y.min === y.max;
  const apart = x.max < y.min || y.max < x.min || outside;
  if (apart || relations.implies(a, b, 1n) || relations.implies(b, a, 1n))
    return isTrue(scope, inst.op === "ne");
  return undefined;
};

const againstConstant: Rule = (inst, scope) => {
  const [a, b] = inst.args as [ValueId, ValueId];
  const c = scope.constant(b);
  if (c === undefined) return undefined;
  if (c === 0n && inst.op === "eq") return scope.emit("eqz", inst.type, a);
  if (inst.type === "i32" && scope.isBool(a) && (c === 0n || c === 1n))
    return (inst.op === "eq") === (c === 1n) ? a : scope.emit("eqz", "i32", a);
  const inner = scope.func.inst(a);
  if (inner === undefined) return undefined;
  const d = inner.args.length === 2 ? scope.constant(inner.args[1]!) : undefined;
  if (d !== undefined && inner.op === "add")
    return scope.emit(inst.op, inst.type, inner.args[0]!, scope.number(inst.type, c - d));
  if (d !== undefined && inner.op === "xor")
    return scope.emit(inst.op, inst.type, inner.args[0]!, scope.number(inst.type, c ^ d));
  if (c === 0n && (inner.op === "sub" || inner.op === "xor"))
    return scope.emit(inst.op, inst.type, ...inner.args);
  return undefined;
};

const ordered = [order, itself, strict];
const signedRules: readonly Rule[] = [...ordered, signTest, unsigned, narrow];
const unsignedRules: readonly Rule[] = [...ordered, zeroTest, shifted, decide, narrow];
const equalRules: readonly Rule[] = [equalItself, decideEqual, againstConstant, narrow];

export const comparisons: Rules = {
  eq: equalRules,
  ne: equalRules,
  lt_s: signedRules,
  gt_s: signedRules,
  le_s: signedRules,
  ge_s: signedRules,
  lt_u: unsignedRules,
  gt_u: unsignedRules,
  le_u: unsignedRules,
  ge_u: unsignedRules,
};
