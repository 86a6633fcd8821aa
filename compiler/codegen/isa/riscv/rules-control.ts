/** Rules for selects and the ways out of a block. */
import type { Loc, MBlock } from "../../regalloc/mir.ts";
import { type Move, writeMoves } from "../../regalloc/parallel-move.ts";
import type { Inst } from "../../ssa/func.ts";
import type { ValueId } from "../../ssa/ids.ts";
import { isCondition } from "../../ssa/ops.ts";
import { type Trap, trapCodes } from "../../ssa/types.ts";
import { symbols } from "../symbols.ts";
import { addressing, resultRegisters, scratch } from "./abi.ts";
import { type Context, inReg, register, wordLoad, wordStore } from "./context.ts";
import type { Condition } from "./insns.ts";
import type { Lowering, Rule, Sources } from "./lowering.ts";
import { type Reg, zero } from "./regs.ts";
import { writeComparison } from "./rules-arithmetic.ts";

/** The comparison that makes a condition, if that was absorbed. */
function absorbedComparison(l: Lowering, value: ValueId): Inst | undefined {
  const inst = l.absorbed[value] ? l.func.inst(value) : undefined;
  return inst !== undefined && isCondition(inst.op) ? inst : undefined;
}

/** Is it 0 or 1 and nothing else? */
function isBoolean(l: Lowering, value: ValueId): boolean {
  const inst = l.func.inst(value);
  return inst !== undefined && isCondition(inst.op);
}

/** Never a branch: a mask of ones where the condition holds chooses the bits. */
const select: Rule = (l, inst) => {
  const [condition, yes, no] = inst.args as [ValueId, ValueId, ValueId];
  const compared = absorbedComparison(l, condition);
  const asked = l.sources(...(compared?.args ?? [condition]));
  const values = l.sources(yes, no);
  const boolean = compared !== undefined || isBoolean(l, condition);
  l.emit([...asked.uses, ...values.uses], [l.def(inst.results[0]!)], (c, places, [d]) => {
    const { a } = c;
    const [x, y] = asked.regs(places);
    const [one, other] = values.regs(places.slice(asked.uses.length)) as [Reg, Reg];
    if (compared !== undefined) writeComparison(c, compared.op, scratch, x!, y ?? zero);
    else if (!boolean) a.r("sltu", scratch, zero, x!);
    a.r("sub", scratch, zero, compared !== undefined || !boolean ? scratch : x!);
    if (other === zero) return a.r("and", register(d!), one, scratch);
    a.r("xor", addressing, one, other);
    a.r("and", addressing, addressing, scratch);
    a.r("xor", register(d!), addressing, other);
  });
};

const jump: Rule = (l) => {
  const { edges } = l.current;
  l.emit([], [], (c) => c.jump(edges[0]!.to));
};

/** Conditions of comparisons: the branch, and whether its operands are exchanged. */
const branches: Readonly<Record<string, readonly [Condition, exchanged: boolean]>> = {
  eqz: ["eq", false],
  eq: ["eq", false],
  ne: ["ne", false],
  lt_s: ["lt", false],
  lt_u: ["ltu", false],
  gt_s: ["lt", true],
  gt_u: ["ltu", true],
  le_s: ["ge", true],
  le_u: ["geu", true],
  ge_s: ["ge", false],
  ge_u: ["geu", false],
};
const opposite: Readonly<Record<Condition, Condition>> = {
  eq: "ne",
  ne: "eq",
  lt: "ge",
  ge: "lt",
  ltu: "geu",
  geu: "ltu",
};

const branch: Rule = (l, inst) => {
  const { edges } = l.current;
  const compared = absorbedComparison(l, inst.args[0]!);
  const asked: Sources = l.sources(...(compared?.args ?? inst.args));
  const [condition, exchanged] = branches[compared?.op ?? "ne"]!;
  l.emit(asked.uses, [], (c, places) => {
    const [x, y = zero] = asked.regs(places) as [Reg, Reg?];
    const [left, right] = exchanged ? [y, x] : [x, y];
    const [yes, no] = edges.map(({ to }) => to) as [MBlock<Context>, MBlock<Context>];
    if (c.isNext(yes)) return c.a.branch(opposite[condition], left, right, c.label(no));
    c.a.branch(condition, left, right, c.label(yes));
    c.jump(no);
  });
};

const branchTable: Rule = (l, inst) => {
  const { edges } = l.current;
  const cases = edges.length - 1;
  l.emit([l.reg(inst.args[0]!)], [], (c, [x]) => {
    const { a } = c;
    const table = c.jumpTable(edges.slice(0, cases).map(({ to }) => c.label(to)));
    a.li(addressing, BigInt(cases));
    a.branch("geu", register(x!), addressing, c.label(edges[cases]!.to));
    a.shift("slli", addressing, register(x!), a.xlen === 64 ? 3 : 2);
    a.la(scratch, table);
    a.r("add", addressing, addressing, scratch);
    a.load(wordLoad(a), addressing, addressing);
    a.jumpTo(addressing);
  });
};

const returning: Rule = (l, inst) => {
  const registers = resultRegisters[l.xlen];
  const fixed = inst.args.map((value, n) => (n < registers.length ? l.func.constant(value) : undefined));
  const held = inst.args.filter((_, n) => fixed[n] === undefined);
  l.emit(
    held.map((value) => l.any(value, { hint: registers[inst.args.indexOf(value)] })),
    [],
    (c, places) => {
      const { a, moves } = c;
      const all = inst.args.map((value, n): Loc => {
        const constant = fixed[n];
        return constant === undefined
          ? places[held.indexOf(value)]!
          : { kind: "imm", imm: l.bitsOf(value, constant) };
      });
      all.slice(registers.length).forEach((from, n) => {
        const reg = from.kind === "reg" ? from.reg : scratch;
        if (from.kind !== "reg") moves.move(moves.scratch, from);
        a.storeTo(wordStore(a), reg, symbols.results, addressing, 8 * n);
      });
      const moved = all.slice(0, registers.length);
      writeMoves(
        moved.map((from, n): Move => ({ from, to: inReg(registers[n]!) })),
        moves,
      );
      c.leave();
    },
  );
};

const trap: Rule = (l, inst) => {
  const { code } = trapCodes[(inst as { trap: Trap }).trap];
  l.emit([], [], ({ a }) => a.trap(code));
};

export const controlRules: Readonly<Record<string, Rule>> = {
  select,
  jump,
  br_if: branch,
  br_table: branchTable,
  return: returning,
  trap,
};
