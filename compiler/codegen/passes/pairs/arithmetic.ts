/** Arithmetic on i64 by halves. Zeros among them are for the passes that follow. */
import type { ValueId } from "../../ssa/ids.ts";
import type { Op } from "../../ssa/ops.ts";
import type { Pair, Words } from "./words.ts";

/** From the halves of all operands, those of the result. */
export type PairRule = (w: Words, a: Pair, b: Pair) => Pair;

/** A sum with the carry out of it. */
function sum(w: Words, a: ValueId, b: ValueId): { low: ValueId; carry: ValueId } {
  const low = w.do("add", a, b);
  return { low, carry: w.do("lt_u", low, b) };
}

const add: PairRule = (w, [al, ah], [bl, bh]) => {
  const { low, carry } = sum(w, al, bl);
  return [low, w.do("add", w.do("add", ah, bh), carry)];
};

const sub: PairRule = (w, [al, ah], [bl, bh]) => {
  const borrow = w.do("lt_u", al, bl);
  return [w.do("sub", al, bl), w.do("sub", w.do("sub", ah, bh), borrow)];
};

const mul: PairRule = (w, [al, ah], [bl, bh]) => {
  const high = w.do("add", w.do("mul", al, bh), w.do("mul", ah, bl));
  return [w.do("mul", al, bl), w.do("add", w.do("mulhi_u", al, bl), high)];
};

/** The upper 64 bits of the product of 128: four products, added by columns. */
export const multiplyHigh: PairRule = (w, [al, ah], [bl, bh]) => {
  const product = (a: ValueId, b: ValueId): Pair => [w.do("mul", a, b), w.do("mulhi_u", a, b)];
  const lowest = w.do("mulhi_u", al, bl);
  const [p, q, r] = [product(ah, bl), product(al, bh), product(ah, bh)];
  const first = sum(w, lowest, p[0]);
  const second = sum(w, first.low, q[0]);
  const third = sum(w, p[1], q[1]);
  const fourth = sum(w, third.low, w.do("add", first.carry, second.carry));
  const fifth = sum(w, fourth.low, r[0]);
  const carries = w.do("add", w.do("add", third.carry, fourth.carry), fifth.carry);
  return [fifth.low, w.do("add", r[1], carries)];
};

/** Each half by itself. */
const halves =
  (op: Op): PairRule =>
  (w, [al, ah], [bl, bh]) => [w.do(op, al, bl), w.do(op, ah, bh)];

/** Bits counted from one end: in the half that comes first, or, if that is zero, in the other. */
const zeros =
  (op: "clz" | "ctz"): PairRule =>
  (w, [low, high]) => {
    const [first, other] = op === "clz" ? [high, low] : [low, high];
    const none = w.do("eqz", first);
    const counted = w.do(op, w.select(none, other, first));
    return [w.do("add", counted, w.by("shl", none, 5)), w.number(0)];
  };

const signExtended =
  (op: "extend8_s" | "extend16_s"): PairRule =>
  (w, [al]) => {
    const low = w.do(op, al);
    return [low, w.sign(low)];
  };

export const arithmetic: { readonly [O in Op]?: PairRule } = {
  add,
  sub,
  mul,
  and: halves("and"),
  or: halves("or"),
  xor: halves("xor"),
  clz: zeros("clz"),
  ctz: zeros("ctz"),
  popcnt: (w, [low, high]) => [w.do("add", w.do("popcnt", low), w.do("popcnt", high)), w.number(0)],
  extend8_s: signExtended("extend8_s"),
  extend16_s: signExtended("extend16_s"),
  extend32_s: (w, [low]) => [low, w.sign(low)],
  bswap: (w, [low, high]) => [w.do("bswap", high), w.do("bswap", low)],
};
