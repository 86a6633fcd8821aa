/** Rules for calls: to functions of the module, to the platform, through tables, and to routines that every module may need. */
import type { Use } from "../../regalloc/mir.ts";
import { type Move, writeMoves } from "../../regalloc/parallel-move.ts";
import type { Inst } from "../../ssa/func.ts";
import type { ValueId } from "../../ssa/ids.ts";
import { trapCodes } from "../../ssa/types.ts";
import { symbols } from "../symbols.ts";
import { addressing, callClobbers, resultRegisters, scratch } from "./abi.ts";
import type { Assembler, Label } from "./assembler.ts";
import { type Context, inReg, register, stackAt } from "./context.ts";
import type { Lowering, Rule } from "./lowering.ts";
import { a0, type Reg } from "./regs.ts";
import { indexOf, readWord } from "./rules-memory.ts";

/** Stack arguments are stored first, through the scratch register; then the registers are loaded at once. */
function pass(
  { a, moves }: Context,
  { stack, regs }: { stack: readonly Move[]; regs: readonly Move[] },
): void {
  stack.forEach(({ from }, n) => {
    const reg = from.kind === "reg" ? from.reg : scratch;
    if (from.kind !== "reg") moves.move(inReg(scratch), from);
    const { base, offset } = stackAt(a, 4 * n, addressing);
    a.store("s32i", reg, base, offset);
  });
  writeMoves(regs, moves);
}

/** `extra` goes to the register for addresses. */
function call(
  l: Lowering,
  inst: Inst,
  args: readonly ValueId[],
  target: (c: Context) => void,
  extra: readonly Use[] = [],
): void {
  const { uses, moves } = l.passing(args, 4);
  const defs = inst.results
    .slice(0, resultRegisters.length)
    .map((result, n) => l.def(result, { after: true, reg: false, hint: resultRegisters[n] }));
  l.emit(
    [...uses, ...extra],
    defs,
    (c, places, got) => {
      const { stack, regs } = moves(places);
      const index = extra.map((_, n): Move => ({ from: places[uses.length + n]!, to: inReg(addressing) }));
      pass(c, { stack, regs: [...regs, ...index] });
      target(c);
      writeMoves(
        got.map((to, n) => ({ from: inReg(resultRegisters[n]!), to })),
        c.moves,
      );
    },
    callClobbers,
  );
  // The other results are fetched at once, before anything else can run.
  inst.results.slice(resultRegisters.length).forEach((result, n) => {
    l.emit([], [l.def(result)], ({ a }, _, [d]) => {
      a.la(register(d!), symbols.results, 8 * n);
      a.load("l32i", register(d!), register(d!));
    });
  });
}

/** A call of the platform or of a routine, by symbol. */
const routine =
  (symbol: string | ((inst: Inst) => string)): Rule =>
  (l, inst) => {
    const name = typeof symbol === "string" ? symbol : symbol(inst);
    call(l, inst, inst.args, ({ a }) => a.call(name));
  };

function trapUnless(a: Assembler, branch: (to: Label) => void, code: number): void {
  const fine = a.label();
  branch(fine);
  a.trap(code);
  a.bind(fine);
}

function loadFrom(a: Assembler, to: Reg, symbol: string): void {
  a.la(to, symbol);
  a.load("l32i", to, to);
}

/** The return address is in the frame already: its register is free here. */
const indirect: Rule = (l, inst) => {
  const { typeIndex, table } = inst as { typeIndex: number; table: number } & Inst;
  const type = l.facts.typeNumber(typeIndex);
  const [index, ...args] = inst.args as [ValueId, ...ValueId[]];
  call(
    l,
    inst,
    args,
    ({ a }) => {
      loadFrom(a, scratch, symbols.tableSize(table));
      trapUnless(a, (to) => a.branch("bltu", addressing, scratch, to), trapCodes.undefinedElement.code);
      a.la(scratch, symbols.table(table));
      a.r("addx4", addressing, addressing, scratch);
      a.load("l32i", addressing, addressing);
      trapUnless(a, (to) => a.branchZero("bnez", addressing, to), trapCodes.nullElement.code);
      a.load("l32i", scratch, addressing);
      a.li(a0, BigInt(type));
      trapUnless(a, (to) => a.branch("beq", scratch, a0, to), trapCodes.signature.code);
      a.load("l32i", addressing, addressing, 4);
      a.callTo(addressing);
    },
    [l.any(index)],
  );
};

/** The address of an entry, once it is known to be one. */
function entry(a: Assembler, table: number, index: Reg): void {
  loadFrom(a, scratch, symbols.tableSize(table));
  trapUnless(a, (to) => a.branch("bltu", index, scratch, to), trapCodes.table.code);
  a.la(scratch, symbols.table(table));
  a.r("addx4", addressing, index, scratch);
}

const segmentOf = (inst: Inst): number => (inst as { segment: number }).segment;

const drop =
  (symbol: (segment: number) => string): Rule =>
  (l, inst) =>
    l.emit([], [], ({ a }) => {
      a.la(addressing, symbol(segmentOf(inst)));
      a.li(scratch, 0n);
      a.store("s32i", scratch, addressing);
    });

export const callRules: Readonly<Record<string, Rule>> = {
  call: routine((inst) => symbols.function((inst as { callee: number }).callee)),
  call_import: routine((inst) => (inst as { symbol: string }).symbol),
  call_indirect: indirect,
  "memory.grow": routine(symbols.memoryGrow),
  mulhi_u: routine("wasm.mulhi_u"),
  "memory.copy": routine(symbols.memoryCopy),
  "memory.fill": routine(symbols.memoryFill),
  "memory.init": routine((inst) => symbols.memoryInit(segmentOf(inst))),
  "data.drop": drop(symbols.dataSize),
  "elem.drop": drop(symbols.elementSize),
  "table.size": readWord((inst) => symbols.tableSize(indexOf(inst))),
  "table.get": (l, inst) =>
    l.compute(inst.results[0]!, inst.args, ({ a }, to, x) => {
      entry(a, indexOf(inst), x!);
      a.load("l32i", to, addressing);
    }),
  "table.set": (l, inst) =>
    l.emit(l.regs(inst.args), [], ({ a }, [x, value]) => {
      entry(a, indexOf(inst), register(x!));
      a.store("s32i", register(value!), addressing);
    }),
  "table.grow": routine((inst) => symbols.tableGrow(indexOf(inst))),
  "table.fill": routine((inst) => symbols.tableFill(indexOf(inst))),
  "table.copy": routine((inst) => symbols.tableCopy(indexOf(inst), segmentOf(inst))),
  "table.init": routine((inst) => symbols.tableInit(indexOf(inst), segmentOf(inst))),
};
