/** Rules for arithmetic that computes one register from registers. */
import type { Inst } from "../../ssa/func.ts";
import type { ValueId } from "../../ssa/ids.ts";
import { trapCodes } from "../../ssa/types.ts";
import { addressing, scratch } from "./abi.ts";
import { fits12 } from "./assembler.ts";
import type { Context } from "./context.ts";
import type { IType, RType, ShiftType } from "./insns.ts";
import type { Rule } from "./lowering.ts";
import { type Reg, zero } from "./regs.ts";

/** Names of the operation on whole registers and on the low 32 bits of longer ones. */
type Names<T> = readonly [whole: T, narrow: T];

function binary(names: Names<RType>, immediate?: Names<IType>): Rule {
  return (l, inst) => {
    const narrow = l.isNarrow(inst.type) ? 1 : 0;
    const [left, right] = inst.args as [ValueId, ValueId];
    const imm = immediate && l.immediate(right);
    if (imm !== undefined)
      l.compute(inst.results[0]!, [left], ({ a }, to, [x]) => a.i(immediate![narrow], to, x!, imm));
    else l.compute(inst.results[0]!, [left, right], ({ a }, to, [x, y]) => a.r(names[narrow], to, x!, y!));
  };
}

/** Constants come second. */
const commuting =
  (rule: Rule): Rule =>
  (l, inst) => {
    const [left, right] = inst.args as [ValueId, ValueId];
    if (l.func.constant(left) !== undefined && l.func.constant(right) === undefined) inst.args.reverse();
    rule(l, inst);
  };

const sub: Rule = (l, inst) => {
  const narrow = l.isNarrow(inst.type);
  const by = l.immediate(inst.args[1]!);
  if (by !== undefined && fits12(-by))
    l.compute(inst.results[0]!, [inst.args[0]!], ({ a }, to, [x]) =>
      a.i(narrow ? "addiw" : "addi", to, x!, -by),
    );
  else binary(["sub", "subw"])(l, inst);
};

function shift(names: Names<RType>, fixed: Names<ShiftType>): Rule {
  return (l, inst) => {
    const narrow = l.isNarrow(inst.type) ? 1 : 0;
    const by = l.func.constant(inst.args[1]!);
    if (by === undefined) return binary(names)(l, inst);
    const count = Number(by & (inst.type === "i64" ? 63n : 31n));
    l.compute(inst.results[0]!, [inst.args[0]!], ({ a }, to, [x]) => {
      if (count === 0) a.mv(to, x!);
      else a.shift(fixed[narrow], to, x!, count);
    });
  };
}

/** The value shifted by the count one way, and by what is left the other way. */
function rotate(left: boolean): Rule {
  return (l, inst) => {
    const narrow = l.isNarrow(inst.type);
    const bits = inst.type === "i64" ? 64 : 32;
    const by = l.func.constant(inst.args[1]!);
    const [there, back]: [RType, RType] = left ? ["sll", "srl"] : ["srl", "sll"];
    const w = (name: RType) => (narrow ? (`${name}w` as RType) : name);
    if (by !== undefined) {
      const count = Number(by & BigInt(bits - 1));
      const fixed = (name: RType) => `${name}i${narrow ? "w" : ""}` as ShiftType;
      l.compute(inst.results[0]!, [inst.args[0]!], ({ a }, to, [x]) => {
        if (count === 0) return a.mv(to, x!);
        a.shift(fixed(there), scratch, x!, count);
        a.shift(fixed(back), to, x!, bits - count);
        a.r("or", to, to, scratch);
      });
      return;
    }
    l.compute(inst.results[0]!, inst.args, ({ a }, to, [x, n]) => {
      a.r(w("sub"), addressing, zero, n!);
      a.r(w(there), scratch, x!, n!);
      a.r(w(back), addressing, x!, addressing);
      a.r("or", to, scratch, addressing);
    });
  };
}

/** The hardware gives all ones for a zero divisor and MIN for MIN / -1: the traps are instructions. */
function divide(names: Names<RType>, signed: boolean, remainder: boolean): Rule {
  return (l, inst) => {
    const narrow = l.isNarrow(inst.type) ? 1 : 0;
    const divisor = l.func.constant(inst.args[1]!);
    const bits = inst.type === "i64" ? 64 : 32;
    l.compute(inst.results[0]!, inst.args, ({ a }, to, [x, y]) => {
      const unless = (condition: "ne", left: Reg, right: Reg, code: number) => {
        const fine = a.label();
        a.branch(condition, left, right, fine);
        a.trap(code);
        a.bind(fine);
      };
      if (divisor === undefined || divisor === 0n) unless("ne", y!, zero, trapCodes.divideByZero.code);
      if (signed && !remainder && (divisor === undefined || divisor === -1n)) {
        const ordinary = a.label();
        a.i("addi", scratch, y!, 1);
        a.branch("ne", scratch, zero, ordinary);
        a.li(scratch, -(1n << BigInt(bits - 1)));
        unless("ne", x!, scratch, trapCodes.overflow.code);
        a.bind(ordinary);
      }
      a.r(names[narrow], to, x!, y!);
    });
  };
}

/** By a shift to the left and one back. */
function extend(signed: boolean, from: number): Rule {
  return (l, inst) =>
    l.compute(inst.results[0]!, [inst.args[0]!], ({ a }, to, [x]) => {
      if (from === 32 && signed) return a.i("addiw", to, x!, 0);
      const count = a.xlen - from;
      a.shift("slli", to, x!, count);
      a.shift(signed ? "srai" : "srli", to, to, count);
    });
}

/** An i32 is sign-extended already. */
const same: Rule = (l, inst) => l.compute(inst.results[0]!, inst.args, ({ a }, to, [x]) => a.mv(to, x!));

/** How many of the lowest bits the mask keeps, if it keeps nothing else. */
function lowBits(mask: bigint): number | undefined {
  const bits = mask.toString(2).length;
  return mask > 0n && mask === (1n << BigInt(bits)) - 1n ? bits : undefined;
}

const and: Rule = (l, inst) => {
  const mask = l.func.constant(inst.args[1]!);
  const kept = mask === undefined || l.immediate(inst.args[1]!) !== undefined ? undefined : lowBits(mask);
  if (kept !== undefined) return extend(false, kept)(l, inst);
  binary(["and", "and"], ["andi", "andi"])(l, inst);
};

/** Computes a comparison into a register: 0 or 1. */
export function writeComparison({ a }: Context, op: Inst["op"], to: Reg, x: Reg, y: Reg): void {
  const less = op.endsWith("_u") ? "sltu" : "slt";
  switch (op) {
    case "eqz":
      return a.i("sltiu", to, x, 1);
    case "eq":
      if (y !== zero) a.r("sub", to, x, y);
      return a.i("sltiu", to, y === zero ? x : to, 1);
    case "ne":
      if (y !== zero) a.r("sub", to, x, y);
      return a.r("sltu", to, zero, y === zero ? x : to);
    case "lt_s":
    case "lt_u":
      return a.r(less, to, x, y);
    case "gt_s":
    case "gt_u":
      return a.r(less, to, y, x);
    case "le_s":
    case "le_u":
      a.r(less, to, y, x);
      return a.i("xori", to, to, 1);
    default:
      a.r(less, to, x, y);
      return a.i("xori", to, to, 1);
  }
}

const comparison: Rule = (l, inst) => {
  const [result] = inst.results;
  const imm = inst.args.length === 2 ? l.immediate(inst.args[1]!) : undefined;
  const unsigned = inst.op.endsWith("_u");
  if (imm !== undefined && imm !== 0) {
    const [x] = inst.args as [ValueId];
    const less = unsigned ? "sltiu" : "slti";
    if (inst.op.startsWith("lt")) return l.compute(result!, [x], ({ a }, to, [s]) => a.i(less, to, s!, imm));
    if (inst.op.startsWith("ge"))
      return l.compute(result!, [x], ({ a }, to, [s]) => {
        a.i(less, to, s!, imm);
        a.i("xori", to, to, 1);
      });
    if ((inst.op === "eq" || inst.op === "ne") && fits12(-imm))
      return l.compute(result!, [x], ({ a }, to, [s]) => {
        a.i("addi", to, s!, -imm);
        if (inst.op === "eq") a.i("sltiu", to, to, 1);
        else a.r("sltu", to, zero, to);
      });
  }
  l.compute(result!, inst.args, (c, to, [x, y]) => writeComparison(c, inst.op, to, x!, y ?? zero));
};

const mul64hi: Rule = (l, inst) => binary(["mulhu", "mulhu"])(l, inst);

export { mul64hi };

export const arithmeticRules: Readonly<Record<string, Rule>> = {
  add: commuting(binary(["add", "addw"], ["addi", "addiw"])),
  sub,
  mul: binary(["mul", "mulw"]),
  mulhi_u: binary(["mulhu", "mulhu"]),
  and: commuting(and),
  or: commuting(binary(["or", "or"], ["ori", "ori"])),
  xor: commuting(binary(["xor", "xor"], ["xori", "xori"])),
  shl: shift(["sll", "sllw"], ["slli", "slliw"]),
  shr_s: shift(["sra", "sraw"], ["srai", "sraiw"]),
  shr_u: shift(["srl", "srlw"], ["srli", "srliw"]),
  rotl: rotate(true),
  rotr: rotate(false),
  div_s: divide(["div", "divw"], true, false),
  div_u: divide(["divu", "divuw"], false, false),
  rem_s: divide(["rem", "remw"], true, true),
  rem_u: divide(["remu", "remuw"], false, true),
  extend8_s: extend(true, 8),
  extend16_s: extend(true, 16),
  extend32_s: extend(true, 32),
  extend_s: same,
  extend_u: extend(false, 32),
  wrap: extend(true, 32),
  ...Object.fromEntries(
    ["eqz", "eq", "ne", "lt_s", "lt_u", "gt_s", "gt_u", "le_s", "le_u", "ge_s", "ge_u"].map((op) => [
      op,
      comparison,
    ]),
  ),
};
