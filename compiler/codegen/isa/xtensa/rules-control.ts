import type { ValueId } from "../../ssa/ids.ts";
import type { Op } from "../../ssa/ops.ts";
import { plainControl, returning, writeBranch } from "../rules-control.ts";
import { addressing, scratch } from "./abi.ts";
import type { Assembler, Label } from "./assembler.ts";
import { type Context, register } from "./context.ts";
import { type Branch, type ConstantBranch, signedConstants, unsignedConstants } from "./insns.ts";
import { type Lowering, type Rule, registersOf } from "./lowering.ts";
import type { Reg } from "./regs.ts";
import { difference } from "./rules-arithmetic.ts";

/** Never a branch: a move that happens or does not. What it reads after the result holds the other value shares no register with that. */
const select: Rule = (l, inst) => {
  const [condition, yes, no] = inst.args as [ValueId, ValueId, ValueId];
  const compared = l.absorbedComparison(condition);
  const late = { late: true };
  const result = [l.def(inst.results[0]!, { like: l.number(no) === undefined ? no : undefined })];
  const bySign = signMoves[compared?.op ?? ""];
  if (compared === undefined || compared.op === "eqz" || (bySign && l.number(compared.args[1]) === 0)) {
    const [x] = compared?.args ?? [condition];
    const name = compared === undefined ? "movnez" : compared.op === "eqz" ? "moveqz" : bySign!;
    l.emit([l.reg(no), l.reg(yes, late), l.reg(x!, late)], result, ({ a }, places, [d]) => {
      const [other, one, asked] = registersOf(places) as [Reg, Reg, Reg];
      a.mv(register(d!), other);
      a.r(name, register(d!), one, asked);
    });
    return;
  }
  l.emit([l.reg(no), l.reg(yes, late), ...l.regs(compared.args)], result, ({ a }, places, [d]) => {
    const [other, one, x, y] = registersOf(places) as [Reg, Reg, Reg, Reg];
    const truth = difference(a, compared.op, scratch, x, y);
    a.mv(register(d!), other);
    a.r(truth === "zero" ? "moveqz" : "movnez", register(d!), one, scratch);
  });
};

/** Comparisons with zero that moves can make themselves. */
const signMoves: { readonly [O in Op | ""]?: "movltz" | "movgez" } = { lt_s: "movltz", ge_s: "movgez" };

const opposites = { eq: "ne", ne: "eq", lt_s: "ge_s", ge_s: "lt_s", lt_u: "ge_u", ge_u: "lt_u" } as const;
type Simple = keyof typeof opposites;

const names: Readonly<Record<Simple, Branch>> = {
  eq: "beq",
  ne: "bne",
  lt_s: "blt",
  ge_s: "bge",
  lt_u: "bltu",
  ge_u: "bgeu",
};

/** A test that is a branch: of a register with zero, with one of the constants that branches have, or with another. */
interface Test {
  readonly op: Simple;
  readonly left: ValueId;
  readonly right: { readonly value: ValueId } | { readonly constant: number };
}

function isConstant(op: Simple, value: number): boolean {
  if (value === 0) return !op.endsWith("_u");
  return (op.endsWith("_u") ? unsignedConstants : signedConstants).includes(value);
}

/** The test for a comparison: `>` and `<=` by exchanging operands, or with the next constant. */
function testOf(l: Lowering, condition: ValueId): Test {
  const compared = l.absorbedComparison(condition);
  if (compared === undefined) return { op: "ne", left: condition, right: { constant: 0 } };
  const [left, right] = compared.args as [ValueId, ValueId];
  if (compared.op === "eqz") return { op: "eq", left, right: { constant: 0 } };
  const constant = l.number(right);
  const [kind, sign] = compared.op.split("_") as [string, string | undefined];
  if (kind === "gt" || kind === "le") {
    const op = `${kind === "gt" ? "ge" : "lt"}_${sign}` as Simple;
    const next = constant === undefined ? undefined : constant + 1;
    if (next !== undefined && constant !== -1 && constant !== 0x7fffffff && isConstant(op, next))
      return { op, left, right: { constant: next } };
    return {
      op: kind === "gt" ? (`lt_${sign}` as Simple) : (`ge_${sign}` as Simple),
      left: right,
      right: { value: left },
    };
  }
  const op = compared.op as Simple;
  const fits = constant !== undefined && isConstant(op, constant);
  return { op, left, right: fits ? { constant } : { value: right } };
}

const zeros: { readonly [O in Simple]?: "beqz" | "bnez" | "bltz" | "bgez" } = {
  eq: "beqz",
  ne: "bnez",
  lt_s: "bltz",
  ge_s: "bgez",
};

function writeTest(
  a: Assembler,
  op: Simple,
  left: Reg,
  right: Reg | undefined,
  constant: number,
  to: Label,
): void {
  if (right !== undefined) a.branch(names[op], left, right, to);
  else if (constant === 0) a.branchZero(zeros[op]!, left, to);
  else
    a.branchConstant(
      `${names[op].replace("u", "")}${op.endsWith("_u") ? "u" : ""}i` as ConstantBranch,
      left,
      constant,
      to,
    );
}

const branch: Rule = (l, inst) => {
  const { edges } = l.current;
  const { op, left: asked, right: other } = testOf(l, inst.args[0]!);
  const uses = [l.reg(asked), ...("value" in other ? [l.reg(other.value)] : [])];
  const constant = "constant" in other ? other.constant : 0;
  l.emit(uses, [], (c, places) => {
    const [left, right] = registersOf(places) as [Reg, Reg?];
    writeBranch(c, edges, (to, other) =>
      writeTest(c.a, other ? opposites[op] : op, left, right, constant, to),
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
    a.branch("bgeu", register(x!), addressing, c.label(edges[cases]!.to));
    a.la(scratch, table);
    a.r("addx4", addressing, register(x!), scratch);
    a.load("l32i", addressing, addressing);
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
