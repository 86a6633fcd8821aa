/**
 * Finds byte swaps in the shifts and masks that they are written with, for machines that have an instruction: network
 * protocols do little else.
 */
import type { Inst } from "../../ssa/func.ts";
import type { ValueId } from "../../ssa/ids.ts";
import type { Op } from "../../ssa/ops.ts";
import { bitsOf } from "../../ssa/types.ts";
import type { Rule, Rules, Scope } from "./scope.ts";

const LOW_16 = 0xffffn;

/** The operands if `value` is `op` with this constant on the right. */
function matches(value: ValueId, op: Op, constant: bigint, scope: Scope): ValueId | undefined {
  const inst = scope.func.inst(value);
  if (inst?.op !== op) return undefined;
  const c = scope.constant(inst.args[1]!);
  if (c === undefined || BigInt.asUintN(bitsOf[inst.type], c) !== constant) return undefined;
  return inst.args[0];
}

/** Both orders of the operands of an `or`. */
function eitherWay<T>(
  inst: Inst | undefined,
  match: (a: ValueId, b: ValueId) => T | undefined,
): T | undefined {
  if (inst?.op !== "or") return undefined;
  const [a, b] = inst.args as [ValueId, ValueId];
  return match(a, b) ?? match(b, a);
}

/** If the low 16 bits of `value` are those of x with bytes exchanged: x. */
function swapped16(value: ValueId, scope: Scope): ValueId | undefined {
  if (scope.typeOf(value) !== "i32") return undefined;
  return eitherWay(scope.func.inst(value), (high, low) => {
    const up = matches(high, "shl", 8n, scope);
    const down = up === undefined ? undefined : secondByte(low, scope);
    if (up === undefined || down === undefined) return undefined;
    return up === down || matches(up, "and", 0xffn, scope) === down ? down : undefined;
  });
}

/** If `value` is bits 8 to 15 of x: x. */
function secondByte(value: ValueId, scope: Scope): ValueId | undefined {
  const masked = matches(value, "and", 0xffn, scope);
  if (masked !== undefined) return matches(masked, "shr_u", 8n, scope);
  const whole = matches(value, "shr_u", 8n, scope);
  if (whole === undefined) return undefined;
  const inner = matches(whole, "and", LOW_16, scope) ?? matches(whole, "and", 0xff00n, scope);
  if (inner !== undefined) return inner;
  return scope.fact(whole).bits <= LOW_16 ? whole : undefined;
}

const masked16: Rule = (inst, scope) => {
  const mask = scope.constant(inst.args[1]!);
  if (mask === undefined || mask < 0n || mask > LOW_16 || !scope.machine.has("bswap16")) return undefined;
  const x = swapped16(inst.args[0]!, scope);
  if (x === undefined) return undefined;
  const swap = scope.emit("bswap16", "i32", x);
  return mask === LOW_16 ? swap : scope.emit("and", "i32", swap, inst.args[1]!);
};

/** Of what is stored in two bytes only those matter. */
const stored16: Rule = (inst, scope) => {
  if (inst.op !== "store" || inst.bytes !== 2 || !scope.machine.has("bswap16")) return undefined;
  const x = swapped16(inst.args[1]!, scope);
  if (x !== undefined) inst.args[1] = scope.emit("bswap16", "i32", x);
  return undefined;
};

const ODD_BYTES = 0xff00_ff00n;
const EVEN_BYTES = 0x00ff_00ffn;

/** Are both the same where the mask has ones? Constants that a value was or-ed with elsewhere have been taken off one of them. */
function agree(a: ValueId, b: ValueId, mask: bigint, scope: Scope): boolean {
  if (a === b) return true;
  const inst = scope.as(a, "or");
  const constant = inst && scope.constant(inst.args[1]!);
  return constant !== undefined && inst!.args[0] === b && (BigInt.asUintN(32, constant) & mask) === 0n;
}

/** rotl(x & 0xff00ff00, 8) | rotl(x & 0x00ff00ff, 24) */
const swap32: Rule = (inst, scope) => {
  if (inst.type !== "i32" || !scope.machine.has("bswap")) return undefined;
  const x = eitherWay(inst, (a, b) => {
    const [odd, even] = [matches(a, "rotl", 8n, scope), matches(b, "rotl", 24n, scope)];
    const from = odd === undefined ? undefined : matches(odd, "and", ODD_BYTES, scope);
    const other = even === undefined ? undefined : matches(even, "and", EVEN_BYTES, scope);
    if (from === undefined || other === undefined) return undefined;
    return agree(from, other, EVEN_BYTES, scope)
      ? from
      : agree(other, from, ODD_BYTES, scope)
        ? other
        : undefined;
  });
  return x === undefined ? undefined : scope.emit("bswap", "i32", x);
};

/** ((x >> n) & mask) | ((x & mask) << n) */
function exchanged(value: ValueId, n: bigint, mask: bigint, scope: Scope): ValueId | undefined {
  return eitherWay(scope.func.inst(value), (a, b) => {
    const down = matches(a, "and", mask, scope);
    const up = matches(b, "shl", n, scope);
    const x = down === undefined ? undefined : matches(down, "shr_u", n, scope);
    return x !== undefined && up !== undefined && matches(up, "and", mask, scope) === x ? x : undefined;
  });
}

/** Bytes exchanged, then pairs, then halves. */
const swap64: Rule = (inst, scope) => {
  if (inst.type !== "i64" || scope.constant(inst.args[1]!) !== 32n || !scope.machine.has("bswap"))
    return undefined;
  const pairs = exchanged(inst.args[0]!, 16n, 0x0000_ffff_0000_ffffn, scope);
  const x = pairs === undefined ? undefined : exchanged(pairs, 8n, 0x00ff_00ff_00ff_00ffn, scope);
  return x === undefined ? undefined : scope.emit("bswap", "i64", x);
};

const twice: Rule = (inst, scope) => scope.as(inst.args[0]!, "bswap")?.args[0];

export const swaps: Rules = {
  and: [masked16],
  store: [stored16],
  or: [swap32],
  rotl: [swap64],
  bswap: [twice],
};
