import type { ValueId } from "../../ssa/ids.ts";
import { isCondition } from "../../ssa/ops.ts";
import { plainControl, returning, writeBranch } from "../rules-control.ts";
import { addressing, scratch } from "./abi.ts";
import { type Context, register, wordLoad } from "./context.ts";
import type { Condition } from "./insns.ts";
import type { Lowering, Rule, Sources } from "./lowering.ts";
import { type Reg, zero } from "./regs.ts";
import { writeComparison } from "./rules-arithmetic.ts";

/** Is it 0 or 1 and nothing else? */
function isBoolean(l: Lowering, value: ValueId): boolean {
  const inst = l.func.inst(value);
  return inst !== undefined && isCondition(inst.op);
}

/** Never a branch: a mask of ones where the condition holds chooses the bits. */
const select: Rule = (l, inst) => {
  const [condition, yes, no] = inst.args as [ValueId, ValueId, ValueId];
  const compared = l.absorbedComparison(condition);
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
  const compared = l.absorbedComparison(inst.args[0]!);
  const asked: Sources = l.sources(...(compared?.args ?? inst.args));
  const [condition, exchanged] = branches[compared?.op ?? "ne"]!;
  l.emit(asked.uses, [], (c, places) => {
    const [x, y = zero] = asked.regs(places) as [Reg, Reg?];
    const [left, right] = exchanged ? [y, x] : [x, y];
    writeBranch(c, edges, (to, other) =>
      c.a.branch(other ? opposite[condition] : condition, left, right, to),
    );
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

export const controlRules: Readonly<Record<string, Rule>> = {
  ...plainControl<Context, Lowering>(),
  select,
  br_if: branch,
  br_table: branchTable,
  return: returning,
};
