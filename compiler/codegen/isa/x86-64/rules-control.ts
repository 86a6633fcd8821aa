/** Rules for comparisons, selects and the ways out of a block. */
import type { Loc, Use } from "../../regalloc/mir.ts";
import { type Move, writeMoves } from "../../regalloc/parallel-move.ts";
import type { Inst } from "../../ssa/func.ts";
import type { ValueId } from "../../ssa/ids.ts";
import { type Trap, trapCodes } from "../../ssa/types.ts";
import { resultRegister, symbols } from "./abi.ts";
import { type Context, inReg, operand, register } from "./context.ts";
import { isCompare, type Lowering, type Rule, sizeOf } from "./lowering.ts";
import { type Condition, conditions } from "./regs.ts";

const conditionOf: Readonly<Record<string, Condition>> = {
  eq: "e",
  ne: "ne",
  lt_s: "l",
  lt_u: "b",
  gt_s: "g",
  gt_u: "a",
  le_s: "le",
  le_u: "be",
  ge_s: "ge",
  ge_u: "ae",
};

/** The condition with the operands exchanged. */
const exchanged: Readonly<Partial<Record<Condition, Condition>>> = {
  l: "g",
  g: "l",
  b: "a",
  a: "b",
  le: "ge",
  ge: "le",
  be: "ae",
  ae: "be",
};

const opposite = (condition: Condition): Condition =>
  (Object.keys(conditions) as Condition[]).find((each) => conditions[each] === (conditions[condition] ^ 1))!;

/** Flags of a value that is tested: what they need, the instruction that sets them, and the condition that says "not zero". */
interface Flags {
  readonly uses: readonly Use[];
  readonly set: (c: Context, places: readonly Loc[]) => void;
  readonly condition: Condition;
}

function flagsOf(l: Lowering, value: ValueId): Flags {
  const inst = l.func.inst(value);
  if (inst !== undefined && l.absorbed[value]) return comparisonFlags(l, inst);
  return testFlags(l, value, sizeOf(l.func.typeOf(value)), "ne");
}

function comparisonFlags(l: Lowering, inst: Inst): Flags {
  const size = sizeOf(inst.type);
  if (inst.op === "eqz") return testFlags(l, inst.args[0]!, size, "e");
  let [left, right] = inst.args as [ValueId, ValueId];
  let condition = conditionOf[inst.op]!;
  if (l.func.constant(left) !== undefined && l.func.constant(right) === undefined) {
    [left, right] = [right, left];
    condition = exchanged[condition] ?? condition;
  }
  if (l.func.constant(right) === 0n && (condition === "e" || condition === "ne"))
    return testFlags(l, left, size, condition);
  const second = l.input(right);
  if ("imm" in second)
    return {
      uses: [l.any(left)],
      set: (c, [x]) => c.a.alu("cmp", size, operand(c, x!), { imm: Number(second.imm) }),
      condition,
    };
  return {
    uses: [l.reg(left), second.use],
    set: (c, [x, y]) => c.a.alu("cmp", size, register(x!), operand(c, y!)),
    condition,
  };
}

function testFlags(l: Lowering, value: ValueId, size: 4 | 8, condition: Condition): Flags {
  const inst = l.func.inst(value);
  if (inst?.op === "and" && l.absorbed[value]) {
    const [left, right] = inst.args as [ValueId, ValueId];
    const imm = l.immediate(right);
    if (imm !== undefined) {
      const narrow = imm >= 0 || size === 4 ? 4 : 8;
      return { uses: [l.any(left)], set: (c, [x]) => c.a.test(narrow, operand(c, x!), { imm }), condition };
    }
    return {
      uses: [l.any(left), l.reg(right)],
      set: (c, [x, y]) => c.a.test(size, operand(c, x!), register(y!)),
      condition,
    };
  }
  return {
    uses: [l.any(value)],
    set: (c, [x]) => {
      if (x!.kind === "reg") c.a.test(size, x!.reg, x!.reg);
      else c.a.alu("cmp", size, operand(c, x!), { imm: 0 });
    },
    condition,
  };
}

const compare: Rule = (l, inst) => {
  const { uses, set, condition } = comparisonFlags(l, inst);
  l.emit(uses, [l.def(inst.results[0]!)], (c, places, [d]) => {
    set(c, places);
    c.a.setcc(condition, register(d!));
    c.a.extend(false, 4, 1, register(d!), register(d!));
  });
};

const select: Rule = (l, inst) => {
  const [condition, yes, no] = inst.args as [ValueId, ValueId, ValueId];
  const flags = flagsOf(l, condition);
  const n = flags.uses.length;
  const size = sizeOf(inst.type);
  l.emit(
    [...flags.uses, l.any(no), l.any(yes, { late: true })],
    [l.def(inst.results[0]!, { like: no })],
    (c, places, [d]) => {
      flags.set(c, places);
      const to = register(d!);
      const other = operand(c, places[n]!);
      // A plain move: `xor` would destroy the flags.
      if (other !== to) c.a.mov(size, to, other);
      c.a.cmov(flags.condition, size, to, operand(c, places[n + 1]!));
    },
  );
};

const jump: Rule = (l) => {
  const { edges } = l.current;
  l.emit([], [], (c) => c.jump(edges[0]!.to));
};

const branch: Rule = (l, inst) => {
  const { edges } = l.current;
  const flags = flagsOf(l, inst.args[0]!);
  l.emit(flags.uses, [], (c, places) => {
    flags.set(c, places);
    const [yes, no] = edges.map(({ to }) => to);
    if (c.isNext(yes!)) return c.a.jump(c.label(no!), opposite(flags.condition));
    c.a.jump(c.label(yes!), flags.condition);
    c.jump(no!);
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
      const reg = from.kind === "reg" ? from.reg : undefined;
      if (reg === undefined) c.moves.move(c.moves.scratch, from);
      c.a.mov(8, { symbol: symbols.results, disp: 8 * n }, reg ?? register(c.moves.scratch));
    });
    const moves: Move[] = [];
    if (first !== undefined)
      moves.push({
        from: fixed === undefined ? places[0]! : { kind: "imm", imm: l.bitsOf(first, fixed) },
        to: inReg(resultRegister),
      });
    writeMoves(moves, c.moves);
    c.leave();
    c.a.plain("ret");
  });
};

const trap: Rule = (l, inst) => {
  const { code } = trapCodes[(inst as { trap: Trap }).trap];
  l.emit([], [], (c) => writeTrap(c, code));
};

export function writeTrap({ a }: Context, code: number): void {
  a.plain("ud2");
  a.byte(code);
}

const comparisons = Object.fromEntries([...Object.keys(conditionOf), "eqz"].map((op) => [op, compare]));

export const controlRules: Readonly<Record<string, Rule>> = {
  ...comparisons,
  select,
  jump,
  br_if: branch,
  br_table: branchTable,
  return: returning,
  trap,
};

export { isCompare };
