/** Rules for comparisons, selects and the ways out of a block. */
import { type Move, writeMoves } from "../../regalloc/parallel-move.ts";
import type { ValueId } from "../../ssa/ids.ts";
import { comparisonOps } from "../../ssa/ops.ts";
import { fetched } from "../context.ts";
import { plainControl, writeBranch } from "../rules-control.ts";
import { resultRegister } from "./abi.ts";
import { type Context, inReg, operand, register } from "./context.ts";
import { comparisonFlags, flagsOf } from "./flags.ts";
import type { Lowering, Rule } from "./lowering.ts";
import { sizeOf } from "./operations.ts";
import { type Condition, conditions } from "./regs.ts";

const opposite = (condition: Condition): Condition =>
  (Object.keys(conditions) as Condition[]).find((each) => conditions[each] === (conditions[condition] ^ 1))!;

const compare: Rule = (l, inst) => {
  const { uses, set, condition } = comparisonFlags(l, inst);
  l.emit(uses, [l.def(inst.results[0]!)], (c, places, [d]) => {
    set(c, places);
    c.a.setcc(condition, register(d!));
    c.a.extend(false, 4, 1, register(d!), register(d!));
  });
};

/** The result may be in the place of either value: the condition says which of them is moved. */
const select: Rule = (l, inst) => {
  const [condition, yes, no] = inst.args as [ValueId, ValueId, ValueId];
  const flags = flagsOf(l, condition);
  const n = flags.uses.length;
  const size = sizeOf(inst.type);
  const like = l.useCount[no] !== 1 && l.useCount[yes] === 1 ? yes : no;
  l.emit([...flags.uses, l.any(no), l.any(yes)], [l.def(inst.results[0]!, { like })], (c, places, [d]) => {
    flags.set(c, places);
    const to = register(d!);
    const one = operand(c, places[n + 1]!);
    const other = operand(c, places[n]!);
    if (to === one) return c.a.cmov(opposite(flags.condition), size, to, other);
    // A plain move: `xor` would destroy the flags.
    if (other !== to) c.a.mov(size, to, other);
    c.a.cmov(flags.condition, size, to, one);
  });
};

const branch: Rule = (l, inst) => {
  const { edges } = l.current;
  const flags = flagsOf(l, inst.args[0]!);
  l.emit(flags.uses, [], (c, places) => {
    flags.set(c, places);
    writeBranch(c, edges, (to, other) => c.a.jump(to, other ? opposite(flags.condition) : flags.condition));
  });
};

const branchTable: Rule = (l, inst) => {
  const { edges } = l.current;
  const cases = edges.length - 1;
  l.emit([l.reg(inst.args[0]!)], [], (c, [x]) => {
    const table = c.jumpTable(edges.slice(0, cases).map(({ to }) => c.label(to)));
    c.a.alu("cmp", 4, register(x!), { imm: cases });
    c.a.jump(c.label(edges[cases]!.to), "ae");
    c.a.jumpTo({ index: register(x!), scale: 8, symbol: table });
  });
};

const returning: Rule = (l, inst) => {
  const [first, ...more] = inst.args;
  const fixed = first === undefined ? undefined : l.func.constant(first);
  const held = first !== undefined && fixed === undefined ? [l.any(first, { hint: resultRegister })] : [];
  const rest = more.map((value) => l.any(value));
  l.emit([...held, ...rest], [], (c, places) => {
    const later = places.slice(held.length);
    later.forEach((from, n) => {
      l.convention.storeResult(c.a, fetched(c.moves, from), n);
    });
    const moves: Move[] = [];
    if (first !== undefined)
      moves.push({
        from: fixed === undefined ? places[0]! : { kind: "imm", imm: l.bitsOf(first, fixed) },
        to: inReg(resultRegister),
        narrow: l.isHalf(first),
      });
    writeMoves(moves, c.moves);
    c.leave();
  });
};

const comparisons = Object.fromEntries([...comparisonOps, "eqz"].map((op) => [op, compare]));

export const controlRules: Readonly<Record<string, Rule>> = {
  ...comparisons,
  ...plainControl<Context, Lowering>(),
  select,
  br_if: branch,
  br_table: branchTable,
  return: returning,
};
