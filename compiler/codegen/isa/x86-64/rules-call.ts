/** Rules for calls: to functions of the module, to the platform, through tables, and to routines that every module may need. */
import type { Use } from "../../regalloc/mir.ts";
import { type Move, writeMoves } from "../../regalloc/parallel-move.ts";
import type { Inst } from "../../ssa/func.ts";
import type { ValueId } from "../../ssa/ids.ts";
import { trapCodes } from "../../ssa/types.ts";
import { symbols } from "../symbols.ts";
import { callClobbers, resultRegister, scratch } from "./abi.ts";
import { type Context, inReg, operand, register } from "./context.ts";
import type { Lowering, Rule } from "./lowering.ts";
import { rax, rsp } from "./regs.ts";
import { writeTrap } from "./rules-control.ts";
import { indexOf } from "./rules-memory.ts";

/** Stack arguments are stored first, through the scratch register; then the registers are loaded at once. */
function pass(c: Context, { stack, regs }: { stack: readonly Move[]; regs: readonly Move[] }): void {
  stack.forEach(({ from }, n) => {
    const to = { base: rsp, disp: 8 * n };
    if (from.kind === "reg") return c.a.mov(8, to, from.reg);
    c.moves.move(inReg(scratch), from);
    c.a.mov(8, to, scratch);
  });
  writeMoves(regs, c.moves);
}

/** The first result arrives in a register; the others are fetched at once, before anything else can run. */
function receive(l: Lowering, inst: Inst): void {
  inst.results.slice(1).forEach((result, n) => {
    l.emit([], [l.def(result)], ({ a }, _, [d]) =>
      a.mov(8, register(d!), { symbol: symbols.results, disp: 8 * n }),
    );
  });
}

function call(
  l: Lowering,
  inst: Inst,
  args: readonly ValueId[],
  target: (c: Context) => void,
  extra: readonly Use[] = [],
): void {
  const { uses, moves } = l.passing(args, 8);
  const [first] = inst.results;
  const defs = first === undefined ? [] : [l.def(first, { after: true, reg: false, hint: resultRegister })];
  l.emit(
    [...uses, ...extra],
    defs,
    (c, places, [d]) => {
      const { stack, regs } = moves(places);
      const more = extra.map((_, n): Move => ({ from: places[uses.length + n]!, to: inReg(rax) }));
      pass(c, { stack, regs: [...regs, ...more] });
      target(c);
      if (d !== undefined) writeMoves([{ from: inReg(resultRegister), to: d }], c.moves);
    },
    callClobbers,
  );
  receive(l, inst);
}

const direct: Rule = (l, inst) => {
  const symbol = symbols.function((inst as { callee: number }).callee);
  call(l, inst, inst.args, ({ a }) => a.call(symbol));
};

const imported: Rule = (l, inst) => {
  const { symbol } = inst as { symbol: string };
  call(l, inst, inst.args, ({ a }) => a.call(symbol));
};

/** A call of the platform or of a routine, by symbol. */
const routine =
  (symbol: string | ((inst: Inst) => string)): Rule =>
  (l, inst) => {
    const name = typeof symbol === "string" ? symbol : symbol(inst);
    call(l, inst, inst.args, ({ a }) => a.call(name));
  };

/** The index travels in rax. A table holds addresses of descriptors: type number, code address; null is 0. */
const indirect: Rule = (l, inst) => {
  const { typeIndex, table } = inst as { typeIndex: number; table: number };
  const [index, ...args] = inst.args as [ValueId, ...ValueId[]];
  call(
    l,
    inst,
    args,
    (c) => {
      const { a } = c;
      const trapUnless = (condition: "b" | "ne" | "e", code: number) => {
        const fine = a.label();
        a.jump(fine, condition);
        writeTrap(c, code);
        a.bind(fine);
      };
      a.alu("cmp", 4, rax, { symbol: symbols.tableSize(table) });
      trapUnless("b", trapCodes.undefinedElement.code);
      a.mov(8, rax, { index: rax, scale: 8, symbol: symbols.table(table) });
      a.test(8, rax, rax);
      trapUnless("ne", trapCodes.nullElement.code);
      a.alu("cmp", 4, { base: rax }, { imm: l.facts.typeNumber(typeIndex) });
      trapUnless("e", trapCodes.signature.code);
      a.callTo({ base: rax, disp: 8 });
    },
    [l.any(index)],
  );
};

const tableGet: Rule = (l, inst) => {
  const table = indexOf(inst);
  l.emit([l.reg(inst.args[0]!)], [l.def(inst.results[0]!)], (c, [x], [d]) => {
    checkTableIndex(c, table, register(x!));
    c.a.mov(8, register(d!), { index: register(x!), scale: 8, symbol: symbols.table(table) });
  });
};

const tableSet: Rule = (l, inst) => {
  const table = indexOf(inst);
  l.emit([l.reg(inst.args[0]!), l.reg(inst.args[1]!)], [], (c, [x, v]) => {
    checkTableIndex(c, table, register(x!));
    c.a.mov(8, { index: register(x!), scale: 8, symbol: symbols.table(table) }, register(v!));
  });
};

function checkTableIndex(c: Context, table: number, index: number): void {
  const fine = c.a.label();
  c.a.alu("cmp", 4, index, { symbol: symbols.tableSize(table) });
  c.a.jump(fine, "b");
  writeTrap(c, trapCodes.table.code);
  c.a.bind(fine);
}

const segmentOf = (inst: Inst): number => (inst as { segment: number }).segment;

export const callRules: Readonly<Record<string, Rule>> = {
  call: direct,
  call_import: imported,
  call_indirect: indirect,
  "memory.grow": routine(symbols.memoryGrow),
  "memory.copy": routine(symbols.memoryCopy),
  "memory.fill": routine(symbols.memoryFill),
  "memory.init": routine((inst) => symbols.memoryInit(segmentOf(inst))),
  "data.drop": (l, inst) =>
    l.emit([], [], ({ a }) => a.storeImm(4, { symbol: symbols.dataSize(segmentOf(inst)) }, 0)),
  "elem.drop": (l, inst) =>
    l.emit([], [], ({ a }) => a.storeImm(4, { symbol: symbols.elementSize(segmentOf(inst)) }, 0)),
  "table.size": (l, inst) =>
    l.emit([], [l.def(inst.results[0]!)], ({ a }, _, [d]) =>
      a.mov(4, register(d!), { symbol: symbols.tableSize(indexOf(inst)) }),
    ),
  "table.get": tableGet,
  "table.set": tableSet,
  "table.grow": routine((inst) => symbols.tableGrow(indexOf(inst))),
  "table.fill": routine((inst) => symbols.tableFill(indexOf(inst))),
  "table.copy": routine((inst) => symbols.tableCopy(indexOf(inst), segmentOf(inst))),
  "table.init": routine((inst) => symbols.tableInit(indexOf(inst), segmentOf(inst))),
};

export { operand };
