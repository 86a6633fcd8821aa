/** Rules for arithmetic that computes one register from registers. What is written before all operands have been read is a temporary one. */
import type { Inst } from "../../ssa/func.ts";
import type { ValueId } from "../../ssa/ids.ts";
import { trapCodes } from "../../ssa/types.ts";
import { addressing, scratch } from "./abi.ts";
import type { Assembler } from "./assembler.ts";
import { addConstant, isAddend } from "./context.ts";
import type { Rrr } from "./insns.ts";
import type { Lowering, Rule } from "./lowering.ts";
import type { Reg } from "./regs.ts";

const two =
  (name: Rrr): Rule =>
  (l, inst) =>
    l.compute(inst.results[0]!, inst.args, ({ a }, to, x, y) => a.r(name, to, x!, y!));

/** The result shifted first: `addx4`, `subx8`. */
function scaled(l: Lowering, inst: Inst, name: "addx" | "subx"): boolean {
  const place = inst.args.findIndex((value) => l.scaled.has(value));
  if (place < 0) return false;
  const { x, by } = l.scaled.get(inst.args[place]!)!;
  const full = `${name}${1 << by}` as Rrr;
  l.compute(inst.results[0]!, [x, inst.args[1 - place]!], ({ a }, to, s, t) => a.r(full, to, s!, t!));
  return true;
}

function plus(l: Lowering, inst: Inst, value: number): void {
  l.compute(inst.results[0]!, [inst.args[0]!], ({ a }, to, x) => addConstant(a, to, x!, value, scratch));
}

const add: Rule = (l, inst) => {
  if (scaled(l, inst, "addx")) return;
  const [left, right] = inst.args as [ValueId, ValueId];
  if (l.number(left) !== undefined && l.number(right) === undefined) inst.args.reverse();
  const constant = l.number(inst.args[1]);
  if (constant !== undefined && isAddend(constant)) plus(l, inst, constant);
  else two("add")(l, inst);
};

const sub: Rule = (l, inst) => {
  if (scaled(l, inst, "subx")) return;
  const constant = l.number(inst.args[1]);
  if (constant !== undefined && isAddend(-constant)) plus(l, inst, -constant);
  else if (l.number(inst.args[0]) === 0)
    l.compute(inst.results[0]!, [inst.args[1]!], ({ a }, to, y) => a.rt("neg", to, y!));
  else two("sub")(l, inst);
};

/** A mask of low bits is cut out. */
const and: Rule = (l, inst) => {
  const [left, right] = inst.args as [ValueId, ValueId];
  if (l.number(left) !== undefined && l.number(right) === undefined) inst.args.reverse();
  const mask = l.number(inst.args[1]);
  const bits = mask === undefined ? 0 : Math.log2(mask + 1);
  if (!Number.isInteger(bits) || bits < 1 || bits > 16) return two("and")(l, inst);
  l.compute(inst.results[0]!, [inst.args[0]!], ({ a }, to, x) => a.extui(to, x!, 0, bits));
};

type Shift = {
  readonly fixed: "slli" | "srli" | "srai";
  readonly amount: "ssl" | "ssr";
  write(a: Assembler, to: Reg, x: Reg): void;
};

const shift =
  ({ fixed, amount, write }: Shift): Rule =>
  (l, inst) => {
    const by = l.number(inst.args[1]);
    if (by === undefined)
      return l.compute(inst.results[0]!, inst.args, ({ a }, to, x, n) => {
        a.amount(amount, n!);
        write(a, to, x!);
      });
    l.compute(inst.results[0]!, [inst.args[0]!], ({ a }, to, x) => {
      if ((by & 31) === 0) a.mv(to, x!);
      else a[fixed](to, x!, by & 31);
    });
  };

/** The value twice, as 64 bits, of which 32 are taken. */
const rotate =
  (left: boolean): Rule =>
  (l, inst) => {
    const by = l.number(inst.args[1]);
    if (by === undefined)
      return l.compute(inst.results[0]!, inst.args, ({ a }, to, x, n) => {
        a.amount(left ? "ssl" : "ssr", n!);
        a.r("src", to, x!, x!);
      });
    l.compute(inst.results[0]!, [inst.args[0]!], ({ a }, to, x) => {
      a.ssai((left ? -by : by) & 31);
      a.r("src", to, x!, x!);
    });
  };

/** The hardware's own exception tells neither the reason nor of an overflow: the traps are instructions. */
function divide(name: "quos" | "quou" | "rems" | "remu"): Rule {
  return (l, inst) => {
    const divisor = l.number(inst.args[1]);
    l.compute(inst.results[0]!, inst.args, ({ a }, to, x, y) => {
      if (divisor === undefined || divisor === 0) {
        const fine = a.label();
        a.branchZero("bnez", y!, fine);
        a.trap(trapCodes.divideByZero.code);
        a.bind(fine);
      }
      if (name === "quos" && (divisor === undefined || divisor === -1)) {
        const ordinary = a.label();
        a.branchConstant("bnei", y!, -1, ordinary);
        a.li(scratch, 1n);
        a.slli(scratch, scratch, 31);
        a.branch("bne", x!, scratch, ordinary);
        a.trap(trapCodes.overflow.code);
        a.bind(ordinary);
      }
      a.r(name, to, x!, y!);
    });
  };
}

const extend =
  (bits: 8 | 16): Rule =>
  (l, inst) =>
    l.compute(inst.results[0]!, inst.args, ({ a }, to, x) => a.sext(to, x!, bits));

/** The ones below the lowest one: 32 without their leading zeros. */
const ctz: Rule = (l, inst) =>
  l.compute(inst.results[0]!, inst.args, ({ a }, to, x) => {
    a.addi(scratch, x!, -1);
    a.r("or", scratch, scratch, x!);
    a.r("xor", scratch, scratch, x!);
    a.nsau(scratch, scratch);
    a.rt("neg", scratch, scratch);
    a.addi(to, scratch, 32);
  });

/** Says whether a register is zero, or is not. */
export type Truth = "zero" | "nonzero";

/**
 * Computes something that is zero, or is not, where the comparison holds, and says which. The greater of two numbers less one of them is zero where that is
 * the greater.
 */
export function difference(a: Assembler, op: Inst["op"], to: Reg, x: Reg, y: Reg | undefined): Truth {
  if (op === "eqz") {
    a.mv(to, x);
    return "zero";
  }
  if (op === "eq" || op === "ne") {
    a.r("sub", to, x, y!);
    return op === "eq" ? "zero" : "nonzero";
  }
  const [kind, sign] = op.split("_") as ["lt" | "le" | "gt" | "ge", "s" | "u"];
  const [left, right] = kind === "gt" || kind === "le" ? [y!, x] : [x, y!];
  a.r(sign === "u" ? "maxu" : "max", scratch, left, right);
  a.r("sub", to, scratch, left);
  return kind === "lt" || kind === "gt" ? "nonzero" : "zero";
}

/** 0 or 1: zero, and nothing else, has 32 leading zeros. */
export function isZero(a: Assembler, to: Reg, x: Reg): void {
  a.nsau(to, x);
  a.srli(to, to, 5);
}

const comparison: Rule = (l, inst) => {
  const { op, args } = inst;
  const [result] = inst.results;
  const [x] = args as [ValueId];
  if (op === "eqz") return l.compute(result!, [x], ({ a }, to, s) => isZero(a, to, s!));
  if (op === "lt_s" && l.number(args[1]) === 0)
    return l.compute(result!, [x], ({ a }, to, s) => a.extui(to, s!, 31, 1));
  if (op === "ge_s" && l.number(args[1]) === 0)
    return l.compute(result!, [x], ({ a }, to, s) => {
      a.srai(to, s!, 31);
      a.addi(to, to, 1);
    });
  l.compute(result!, args, ({ a }, to, s, t) => {
    if (difference(a, op, scratch, s!, t) === "nonzero") {
      a.li(addressing, 1n);
      a.r("minu", to, scratch, addressing);
    } else isZero(a, to, scratch);
  });
};

/** Where there is an instruction for it. */
export const mulhi_u = two("muluh");

export const arithmeticRules: Readonly<Record<string, Rule>> = {
  add,
  sub,
  mul: two("mull"),
  and,
  or: two("or"),
  xor: two("xor"),
  shl: shift({ fixed: "slli", amount: "ssl", write: (a, to, x) => a.sll(to, x) }),
  shr_s: shift({ fixed: "srai", amount: "ssr", write: (a, to, x) => a.rt("sra", to, x) }),
  shr_u: shift({ fixed: "srli", amount: "ssr", write: (a, to, x) => a.rt("srl", to, x) }),
  rotl: rotate(true),
  rotr: rotate(false),
  div_s: divide("quos"),
  div_u: divide("quou"),
  rem_s: divide("rems"),
  rem_u: divide("remu"),
  clz: (l, inst) => l.compute(inst.results[0]!, inst.args, ({ a }, to, x) => a.nsau(to, x!)),
  ctz,
  extend8_s: extend(8),
  extend16_s: extend(16),
  ...Object.fromEntries(
    ["eqz", "eq", "ne", "lt_s", "lt_u", "gt_s", "gt_u", "le_s", "le_u", "ge_s", "ge_u"].map((op) => [
      op,
      comparison,
    ]),
  ),
};
