/** Flags of conditions: what branches, selects and comparisons begin with. */
import type { Loc, Use } from "../../regalloc/mir.ts";
import type { Inst } from "../../ssa/func.ts";
import type { ValueId } from "../../ssa/ids.ts";
import { narrowCompare, testedValue } from "./absorb.ts";
import { type Context, operand, register } from "./context.ts";
import type { Lowering } from "./lowering.ts";
import { sizeOf } from "./operations.ts";
import type { Condition, Size } from "./regs.ts";
import { memoryInput } from "./rules-memory.ts";

/** What the flags of a value need, the instruction that sets them, and the condition that says "not zero". */
export interface Flags {
  readonly uses: readonly Use[];
  readonly set: (c: Context, places: readonly Loc[]) => void;
  readonly condition: Condition;
}

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

/** The same of numbers that are not negative. */
const unsigned: Readonly<Partial<Record<Condition, Condition>>> = { l: "b", g: "a", le: "be", ge: "ae" };

/** How a branch or selection asks for `value`: by the comparison that makes it, if that was absorbed, else by a test for zero. */
export function flagsOf(l: Lowering, value: ValueId): Flags {
  const compared = l.absorbedComparison(value);
  if (compared !== undefined) return comparisonFlags(l, compared);
  return testFlags(l, value, sizeOf(l.func.typeOf(value)), "ne");
}

/** What sets the flags for a comparison, and the condition that then holds if it is true. */
export function comparisonFlags(l: Lowering, inst: Inst): Flags {
  const size = sizeOf(inst.type);
  const tested = testedValue(l, inst);
  if (tested !== undefined) return testFlags(l, tested, size, inst.op === "ne" ? "ne" : "e");
  let [left, right] = inst.args as [ValueId, ValueId];
  let condition = conditionOf[inst.op]!;
  if (l.func.constant(left) !== undefined && l.func.constant(right) === undefined) {
    [left, right] = [right, left];
    condition = exchanged[condition] ?? condition;
  }
  return memoryFlags(l, left, right, size, condition) ?? plainFlags(l, left, right, size, condition);
}

function plainFlags(l: Lowering, left: ValueId, right: ValueId, size: Size, condition: Condition): Flags {
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

/** One side is in memory. */
function memoryFlags(
  l: Lowering,
  left: ValueId,
  right: ValueId,
  size: Size,
  condition: Condition,
): Flags | undefined {
  const second = memoryInput(l, right);
  if (second !== undefined)
    return {
      uses: [l.reg(left), ...second.uses],
      set: (c, [x, ...rest]) => c.a.alu("cmp", size, register(x!), second.mem(c, rest)),
      condition,
    };
  const first = memoryInput(l, left);
  if (first === undefined) return undefined;
  const number = l.func.constant(right);
  if (number === undefined)
    return {
      uses: [l.reg(right), ...first.uses],
      set: (c, [y, ...rest]) => c.a.alu("cmp", size, first.mem(c, rest), register(y!)),
      condition,
    };
  const narrow = narrowCompare(l, l.func.inst(left)!, number)!;
  return {
    uses: first.uses,
    set: (c, places) => c.a.alu("cmp", narrow.size, first.mem(c, places), { imm: narrow.imm }),
    condition: narrow.size === size ? condition : (unsigned[condition] ?? condition),
  };
}

/** `condition` is "e" or "ne". */
function testFlags(l: Lowering, value: ValueId, size: 4 | 8, condition: Condition): Flags {
  const inst = l.absorbed[value] ? l.func.inst(value) : undefined;
  if (inst?.op === "and") return maskFlags(l, inst, size, condition);
  const memory = memoryInput(l, value);
  if (memory !== undefined) {
    const bytes = inst?.op === "load" ? inst.bytes : size;
    return {
      uses: memory.uses,
      set: (c, places) => c.a.alu("cmp", bytes, memory.mem(c, places), { imm: 0 }),
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

function maskFlags(l: Lowering, { args }: Inst, size: 4 | 8, condition: Condition): Flags {
  const [left, right] = args as [ValueId, ValueId];
  const memory = memoryInput(l, left);
  const imm = l.immediate(right);
  if (memory !== undefined) {
    if (imm === undefined)
      return {
        uses: [l.reg(right), ...memory.uses],
        set: (c, [y, ...rest]) => c.a.test(size, memory.mem(c, rest), register(y!)),
        condition,
      };
    const read = l.func.inst(left)!;
    const narrow = narrowMask(read.op === "load" ? read.bytes : size, imm);
    return {
      uses: memory.uses,
      set: (c, places) => c.a.test(narrow.size, memory.mem(c, places), { imm: narrow.imm }),
      condition,
    };
  }
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

/** The fewest of `bytes` that hold all bits of the mask. */
function narrowMask(bytes: Size, imm: number): { size: Size; imm: number } {
  const mask = BigInt.asUintN(8 * bytes, BigInt(imm));
  const size = ([1, 2, 4] as const).find((each) => each < bytes && mask < 1n << BigInt(8 * each)) ?? bytes;
  return { size, imm: size === 8 ? imm : Number(BigInt.asIntN(8 * size, mask)) };
}
