/** Comparisons of i64 by halves: the lower ones count where the upper ones are equal. */
import type { ValueId } from "../../ssa/ids.ts";
import type { Op } from "../../ssa/ops.ts";
import type { Pair, Words } from "./words.ts";

/** From the halves of both operands, 0 or 1. */
export type CompareRule = (w: Words, a: Pair, b: Pair) => ValueId;

const difference = (w: Words, [al, ah]: Pair, [bl, bh]: Pair): ValueId =>
  w.do("or", w.do("xor", al, bl), w.do("xor", ah, bh));

const less =
  (op: "lt_s" | "lt_u"): CompareRule =>
  (w, [al, ah], [bl, bh]) => {
    const tie = w.do("and", w.do("eq", ah, bh), w.do("lt_u", al, bl));
    return w.do("or", w.do(op, ah, bh), tie);
  };

const exchanged =
  (rule: CompareRule): CompareRule =>
  (w, a, b) =>
    rule(w, b, a);

const not =
  (rule: CompareRule): CompareRule =>
  (w, a, b) =>
    w.do("eqz", rule(w, a, b));

export const comparisons: { readonly [O in Op]?: CompareRule } = {
  eqz: (w, [low, high]) => w.do("eqz", w.do("or", low, high)),
  eq: (w, a, b) => w.do("eqz", difference(w, a, b)),
  ne: (w, a, b) => w.by("ne", difference(w, a, b), 0),
  lt_s: less("lt_s"),
  lt_u: less("lt_u"),
  gt_s: exchanged(less("lt_s")),
  gt_u: exchanged(less("lt_u")),
  le_s: exchanged(not(less("lt_s"))),
  le_u: exchanged(not(less("lt_u"))),
  ge_s: not(less("lt_s")),
  ge_u: not(less("lt_u")),
};
