/**
 * Shifts and rotations of i64 by halves. Counts of the halves are taken modulo 32 like those of every i32. Where the count is
 * no constant, its bit of weight 32 selects between both cases: never a branch.
 */
import type { ValueId } from "../../ssa/ids.ts";
import type { Op } from "../../ssa/ops.ts";
import type { Pair, Words } from "./words.ts";

/** `by`: the low half of the count. */
export type ShiftRule = (w: Words, a: Pair, by: ValueId) => Pair;

/** `into` shifted by less than 32, with the bits that come out of `from`: from the right for `shl`, else from the left. */
function joined(w: Words, op: "shl" | "shr_u", into: ValueId, from: ValueId, by: ValueId): ValueId {
  const fixed = w.func.constant(by);
  if (fixed !== undefined && (fixed & 31n) === 0n) return into;
  const back = op === "shl" ? "shr_u" : "shl";
  // A count of 0 lets nothing in: one step first, then 31 - by, which is the complement of its five bits.
  const coming =
    fixed !== undefined
      ? w.by(back, from, 32 - Number(fixed & 31n))
      : w.do(back, w.by(back, from, 1), w.by("xor", by, -1));
  return w.do("or", w.do(op, into, by), coming);
}

/** Chooses by the bit of weight 32 of a count. */
function choose(w: Words, by: ValueId, far: () => Pair, near: () => Pair): Pair {
  const fixed = w.func.constant(by);
  if (fixed !== undefined) return (fixed & 32n) !== 0n ? far() : near();
  const [a, b] = [far(), near()];
  const isFar = w.by("and", by, 32);
  return [w.select(isFar, a[0], b[0]), w.select(isFar, a[1], b[1])];
}

const shl: ShiftRule = (w, [low, high], by) => {
  const moved = w.do("shl", low, by);
  return choose(
    w,
    by,
    () => [w.number(0), moved],
    () => [moved, joined(w, "shl", high, low, by)],
  );
};

const shiftRight =
  (op: "shr_s" | "shr_u"): ShiftRule =>
  (w, [low, high], by) => {
    const moved = w.do(op, high, by);
    return choose(
      w,
      by,
      () => [moved, op === "shr_s" ? w.sign(high) : w.number(0)],
      () => [joined(w, "shr_u", low, high, by), moved],
    );
  };

const rotate =
  (op: "shl" | "shr_u"): ShiftRule =>
  (w, pair, by) => {
    const [low, high] = choose(
      w,
      by,
      () => [pair[1], pair[0]],
      () => pair,
    );
    return [joined(w, op, low, high, by), joined(w, op, high, low, by)];
  };

export const shifts: { readonly [O in Op]?: ShiftRule } = {
  shl,
  shr_s: shiftRight("shr_s"),
  shr_u: shiftRight("shr_u"),
  rotl: rotate("shl"),
  rotr: rotate("shr_u"),
};
