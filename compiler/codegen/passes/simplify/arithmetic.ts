import type { Inst } from "../../ssa/func.ts";
import type { ValueId } from "../../ssa/ids.ts";
import { exponent, type Rule, type Rules, type Scope, width } from "./scope.ts";

/** The constant on the right and the operand on the left. */
function withConstant(inst: Inst, scope: Scope): { x: ValueId; c: bigint } | undefined {
  const c = scope.constant(inst.args[1]!);
  return c === undefined ? undefined : { x: inst.args[0]!, c };
}

/** (x op c1) op c2 is x op (c1 op c2), for an associative operation. */
function regroup(combine: (a: bigint, b: bigint) => bigint): Rule {
  return (inst, scope) => {
    const outer = withConstant(inst, scope);
    const inner = outer && scope.as(outer.x, inst.op);
    const nested = inner && withConstant(inner, scope);
    if (!nested) return undefined;
    return scope.emit(inst.op, inst.type, nested.x, scope.number(inst.type, combine(outer.c, nested.c)));
  };
}

/** `x op neutral` is x. */
const neutral =
  (value: bigint): Rule =>
  (inst, scope) =>
    scope.constant(inst.args[1]!) === value ? inst.args[0] : undefined;

const addRules: readonly Rule[] = [
  neutral(0n),
  regroup((a, b) => a + b),
  // x + (0 - y) is x - y; (x - y) + y is x
  (inst, scope) => {
    const [a, b] = inst.args as [ValueId, ValueId];
    const [left, right] = [scope.as(a, "sub"), scope.as(b, "sub")];
    if (right && scope.constant(right.args[0]!) === 0n)
      return scope.emit("sub", inst.type, a, right.args[1]!);
    if (left && scope.constant(left.args[0]!) === 0n) return scope.emit("sub", inst.type, b, left.args[1]!);
    if (left?.args[1] === b) return left.args[0];
    return right?.args[1] === a ? right.args[0] : undefined;
  },
  // (c - x) + d is (c + d) - x
  (inst, scope) => {
    const outer = withConstant(inst, scope);
    const inner = outer && scope.as(outer.x, "sub");
    const c = inner && scope.constant(inner.args[0]!);
    if (c === undefined) return undefined;
    return scope.emit("sub", inst.type, scope.number(inst.type, c + outer!.c), inner!.args[1]!);
  },
];

/** Constants move outwards, to where they can become the offset of an access: x + (y + c) is (x + y) + c. */
const constantOut: Rule = (inst, scope) => {
  const [a, b] = inst.args as [ValueId, ValueId];
  if (scope.constant(b) !== undefined) return undefined;
  for (const [x, other] of [
    [a, b],
    [b, a],
  ] as const) {
    const inner = scope.as(other, "add");
    if (!inner || scope.constant(inner.args[1]!) === undefined) continue;
    return scope.emit("add", inst.type, scope.emit("add", inst.type, x, inner.args[0]!), inner.args[1]!);
  }
  return undefined;
};

const subRules: readonly Rule[] = [
  (inst, scope) => (inst.args[0] === inst.args[1] ? scope.number(inst.type, 0n) : undefined),
  (inst, scope) => {
    const found = withConstant(inst, scope);
    return found && scope.emit("add", inst.type, found.x, scope.number(inst.type, -found.c));
  },
  // (x + y) - x is y; (x + c) - (x + d) is c - d
  (inst, scope) => {
    const [a, b] = inst.args as [ValueId, ValueId];
    const [left, right] = [scope.as(a, "add"), scope.as(b, "add")];
    if (left?.args[0] === b) return left.args[1];
    if (left?.args[1] === b) return left.args[0];
    if (right?.args[0] === a)
      return scope.emit("sub", inst.type, scope.number(inst.type, 0n), right.args[1]!);
    if (right?.args[1] === a)
      return scope.emit("sub", inst.type, scope.number(inst.type, 0n), right.args[0]!);
    if (left === undefined || right === undefined || left.args[0] !== right.args[0]) return undefined;
    return scope.emit("sub", inst.type, left.args[1]!, right.args[1]!);
  },
  // 0 - (x - y) is y - x
  (inst, scope) => {
    const inner = scope.as(inst.args[1]!, "sub");
    if (!inner || scope.constant(inst.args[0]!) !== 0n) return undefined;
    return scope.emit("sub", inst.type, inner.args[1]!, inner.args[0]!);
  },
];

const mulRules: readonly Rule[] = [
  neutral(1n),
  regroup((a, b) => a * b),
  (inst, scope) => {
    const found = withConstant(inst, scope);
    if (!found) return undefined;
    if (found.c === 0n) return scope.number(inst.type, 0n);
    if (found.c === -1n) return scope.emit("sub", inst.type, scope.number(inst.type, 0n), found.x);
    const power = exponent(inst.type, found.c);
    if (power === undefined) return undefined;
    return scope.emit("shl", inst.type, found.x, scope.number(inst.type, power));
  },
];

const divURules: readonly Rule[] = [
  (inst, scope) => {
    const found = withConstant(inst, scope);
    const power = found && exponent(inst.type, found.c);
    if (power === undefined) return undefined;
    return scope.emit("shr_u", inst.type, found!.x, scope.number(inst.type, power));
  },
  // Less than the divisor: nothing is left.
  (inst, scope) => {
    const [a, b] = inst.args as [ValueId, ValueId];
    return scope.fact(a).max < scope.fact(b).min ? scope.number(inst.type, 0n) : undefined;
  },
];

const remURules: readonly Rule[] = [
  (inst, scope) => {
    const found = withConstant(inst, scope);
    const power = found && exponent(inst.type, found.c);
    if (power === undefined) return undefined;
    return scope.emit("and", inst.type, found!.x, scope.number(inst.type, (1n << power) - 1n));
  },
  (inst, scope) => {
    const [a, b] = inst.args as [ValueId, ValueId];
    return scope.fact(a).max < scope.fact(b).min ? a : undefined;
  },
];

/** Signed division of what cannot be negative is unsigned division. */
const unsignedIfPositive =
  (op: "div_u" | "rem_u"): Rule =>
  (inst, scope) => {
    const [a, b] = inst.args as [ValueId, ValueId];
    return scope.isPositive(a) && scope.isPositive(b) ? scope.emit(op, inst.type, a, b) : undefined;
  };

/** What a negative dividend lacks so that an arithmetic shift by `power` rounds to zero: 2^power - 1, else 0. */
function bias(inst: Inst, scope: Scope, power: bigint): ValueId {
  const { type } = inst;
  const sign = scope.emit("shr_s", type, inst.args[0]!, scope.number(type, width(inst) - 1n));
  return scope.emit("shr_u", type, sign, scope.number(type, width(inst) - power));
}

const divSRules: readonly Rule[] = [
  neutral(1n),
  unsignedIfPositive("div_u"),
  (inst, scope) => {
    const found = withConstant(inst, scope);
    if (!found || found.c <= 1n) return undefined;
    const power = exponent(inst.type, found.c);
    if (power === undefined) return undefined;
    const biased = scope.emit("add", inst.type, found.x, bias(inst, scope, power));
    return scope.emit("shr_s", inst.type, biased, scope.number(inst.type, power));
  },
];

const remSRules: readonly Rule[] = [
  unsignedIfPositive("rem_u"),
  (inst, scope) => {
    const found = withConstant(inst, scope);
    if (!found || found.c < 1n) return undefined;
    if (found.c === 1n) return scope.number(inst.type, 0n);
    const power = exponent(inst.type, found.c);
    if (power === undefined) return undefined;
    const biased = scope.emit("add", inst.type, found.x, bias(inst, scope, power));
    const whole = scope.emit("and", inst.type, biased, scope.number(inst.type, -(1n << power)));
    return scope.emit("sub", inst.type, found.x, whole);
  },
];

export const arithmetic: Rules = {
  add: [...addRules, constantOut],
  sub: subRules,
  mul: mulRules,
  div_u: divURules,
  rem_u: remURules,
  div_s: divSRules,
  rem_s: remSRules,
};
