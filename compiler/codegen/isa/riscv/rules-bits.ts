/** Rules for what Zba and Zbb have an instruction for; they stand in the place of others. */
import type { ValueId } from "../../ssa/ids.ts";
import type { RType, ShiftType, UnaryType } from "./insns.ts";
import type { Rule } from "./lowering.ts";
import { zero } from "./regs.ts";
import { arithmeticRules } from "./rules-arithmetic.ts";

/** Of a whole register, and of its low 32 bits. */
const unary =
  (whole: UnaryType, narrow: UnaryType): Rule =>
  (l, inst) =>
    l.compute(inst.results[0]!, inst.args, ({ a }, to, [x]) =>
      a.unary(l.isNarrow(inst.type) ? narrow : whole, to, x!),
    );

function rotate(names: readonly [RType, RType], left: boolean): Rule {
  return (l, inst) => {
    const narrow = l.isNarrow(inst.type) ? 1 : 0;
    const size = inst.type === "i64" ? 64 : 32;
    const [value, by] = inst.args as [ValueId, ValueId];
    const count = l.func.constant(by);
    const fixed = (["rori", "roriw"] as const satisfies readonly ShiftType[])[narrow]!;
    if (count === undefined)
      return l.compute(inst.results[0]!, inst.args, ({ a }, to, [x, n]) => a.r(names[narrow]!, to, x!, n!));
    const right = Number(left ? BigInt(size) - count : count) & (size - 1);
    l.compute(inst.results[0]!, [value], ({ a }, to, [x]) => a.shift(fixed, to, x!, right));
  };
}

/** What ends up in the upper bytes goes down again. */
const bswap: Rule = (l, inst) =>
  l.compute(inst.results[0]!, inst.args, ({ a }, to, [x]) => {
    a.unary("rev8", to, x!);
    if (l.isNarrow(inst.type)) a.shift("srai", to, to, 32);
  });

/** Of the two low bytes; the rest of the result is zero. */
const bswap16: Rule = (l, inst) =>
  l.compute(inst.results[0]!, inst.args, ({ a }, to, [x]) => {
    a.unary("rev8", to, x!);
    a.shift("srli", to, to, 48);
  });

const and: Rule = (l, inst) => {
  const [left, right] = inst.args as [ValueId, ValueId];
  if (l.func.constant(right) === 0xffffn) return unary("zext.h", "zext.h")(l, { ...inst, args: [left] });
  if (l.func.constant(right) === 0xffff_ffffn) return extendU(l, { ...inst, args: [left] });
  arithmeticRules["and"]!(l, inst);
};

const extendU: Rule = (l, inst) =>
  l.compute(inst.results[0]!, inst.args, ({ a }, to, [x]) => a.r("add.uw", to, x!, zero));

export const bitRules: Readonly<Record<string, Rule>> = {
  clz: unary("clz", "clzw"),
  ctz: unary("ctz", "ctzw"),
  popcnt: unary("cpop", "cpopw"),
  rotl: rotate(["rol", "rolw"], true),
  rotr: rotate(["ror", "rorw"], false),
  bswap,
  bswap16,
  and,
  extend8_s: unary("sext.b", "sext.b"),
  extend16_s: unary("sext.h", "sext.h"),
  extend_u: extendU,
};
