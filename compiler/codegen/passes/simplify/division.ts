import type { Draft } from "../../ssa/func.ts";
import type { ValueId } from "../../ssa/ids.ts";
import { bitsOf } from "../../ssa/types.ts";
import { exponent, type Rule, type Rules, type Scope } from "./scope.ts";

/**
 * Division by a constant as a multiplication by its reciprocal (Granlund and Montgomery 1994): with M = ceil(2^k / c) and
 * e = M c - 2^k, floor(x M / 2^k) is floor(x / c) for all x for which x e < 2^k. The range of x decides how
 * short M may be.
 */
function reciprocal(c: bigint, most: bigint, k: bigint): bigint | undefined {
  const factor = ((1n << k) + c - 1n) / c;
  const error = factor * c - (1n << k);
  return most * error < 1n << k ? factor : undefined;
}

/** x / c for a 64-bit x that is at most `most`, or undefined. */
function quotient(x: ValueId, c: bigint, most: bigint, scope: Scope): ValueId | undefined {
  // The product fits into 64 bits: one multiplication, one shift.
  for (let k = 32n; k < 64n; k++) {
    const factor = reciprocal(c, most, k);
    if (factor === undefined) continue;
    if (most * factor >= 1n << 64n) break;
    const product = scope.emit("mul", "i64", x, scope.number("i64", factor));
    return scope.emit("shr_u", "i64", product, scope.number("i64", k));
  }
  // The high half of the product of 128 bits.
  for (let k = 64n; k < 128n; k++) {
    const factor = reciprocal(c, most, k);
    if (factor === undefined) continue;
    if (factor >= 1n << 64n) break;
    const args = [x, scope.number("i64", factor)];
    const high = scope.place({ op: "intrinsic", type: "i64", args, name: "math.mul64hi" } as Draft);
    return k === 64n ? high : scope.emit("shr_u", "i64", high, scope.number("i64", k - 64n));
  }
  return undefined;
}

/** The quotient by any constant but powers of two; even divisors are halved first if that helps. */
function byConstant(x: ValueId, c: bigint, scope: Scope): ValueId | undefined {
  const type = scope.typeOf(x);
  const { max } = scope.fact(x);
  const wide = type === "i32" ? scope.emit("extend_u", "i32", x) : x;
  let found = quotient(wide, c, max, scope);
  if (found === undefined && c % 2n === 0n) {
    const twos = BigInt(c.toString(2).length - c.toString(2).lastIndexOf("1") - 1);
    const half = scope.emit("shr_u", "i64", wide, scope.number("i64", twos));
    found = quotient(half, c >> twos, max >> twos, scope);
  }
  return found !== undefined && type === "i32" ? scope.emit("wrap", "i64", found) : found;
}

const divisor: (...parameters: Parameters<Rule>) => bigint | undefined = (inst, scope) => {
  const constant = scope.func.longs ? scope.constant(inst.args[1]!) : undefined;
  if (constant === undefined || exponent(inst.type, constant) !== undefined) return undefined;
  const c = BigInt.asUintN(bitsOf[inst.type], constant);
  return c === 0n ? undefined : c;
};

const divide: Rule = (inst, scope) => {
  const c = divisor(inst, scope);
  return c === undefined ? undefined : byConstant(inst.args[0]!, c, scope);
};

const remainder: Rule = (inst, scope) => {
  const c = divisor(inst, scope);
  const whole = c === undefined ? undefined : byConstant(inst.args[0]!, c, scope);
  if (whole === undefined) return undefined;
  const product = scope.emit("mul", inst.type, whole, inst.args[1]!);
  return scope.emit("sub", inst.type, inst.args[0]!, product);
};

export const division: Rules = { div_u: [divide], rem_u: [remainder] };
