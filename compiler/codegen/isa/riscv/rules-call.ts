/** Rules for calls: to functions of the module, to the platform, through tables, and to routines that every module may need. */
import type { Use } from "../../regalloc/mir.ts";
import { type Move, writeMoves } from "../../regalloc/parallel-move.ts";
import type { Inst } from "../../ssa/func.ts";
import type { ValueId } from "../../ssa/ids.ts";
import { trapCodes } from "../../ssa/types.ts";
import { symbols } from "../symbols.ts";
import { addressing, callClobbers, resultRegisters, scratch } from "./abi.ts";
import type { Assembler } from "./assembler.ts";
import { type Context, inReg, register, stackAt, wordLoad, wordStore } from "./context.ts";
import type { Condition } from "./insns.ts";
import type { Lowering, Rule } from "./lowering.ts";
import { type Reg, ra, zero } from "./regs.ts";
import { indexOf } from "./rules-memory.ts";

/** Stack arguments are stored first, through the scratch register; then the registers are loaded at once. */
function pass(
  { a, moves }: Context,
  { stack, regs }: { stack: readonly Move[]; regs: readonly Move[] },
): void {
  stack.forEach(({ from }, n) => {
    const reg = from.kind === "reg" ? from.reg : scratch;
    if (from.kind !== "reg") moves.move(inReg(scratch), from);
    const { base, offset } = stackAt(a, (a.xlen / 8) * n, addressing);
    a.store(wordStore(a), reg, base, offset);
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
  const { uses, moves } = l.passing(args, l.xlen / 8);
  const registers = resultRegisters[l.xlen];
  const defs = inst.results
    .slice(0, registers.length)
    .map((result, n) => l.def(result, { after: true, reg: false, hint: registers[n] }));
  l.emit(
    [...uses, ...extra],
    defs,
    (c, places, got) => {
      const { stack, regs } = moves(places);
      const index = extra.map((_, n): Move => ({ from: places[uses.length + n]!, to: inReg(addressing) }));
      pass(c, { stack, regs: [...regs, ...index] });
      target(c);
      writeMoves(
        got.map((to, n) => ({ from: inReg(registers[n]!), to })),
        c.moves,
      );
    },
    callClobbers,
  );
  // The other results are fetched at once, before anything else can run.
  inst.results.slice(registers.length).forEach((result, n) => {
    l.emit([], [l.def(result)], ({ a }, _, [d]) =>
      a.loadFrom(wordLoad(a), register(d!), symbols.results, 8 * n),
    );
  });
}

/** A call of the platform or of a routine, by symbol. */
const routine =
  (symbol: string | ((inst: Inst) => string)): Rule =>
  (l, inst) => {
    const name = typeof symbol === "string" ? symbol : symbol(inst);
    call(l, inst, inst.args, ({ a }) => a.call(name));
  };

function trapUnless(a: Assembler, condition: Condition, left: Reg, right: Reg, code: number): void {
  const fine = a.label();
  a.branch(condition, left, right, fine);
  a.trap(code);
  a.bind(fine);
}

/** A table holds addresses of descriptors: type number, code address; null is 0. `ra` is free until the call. */
const indirect: Rule = (l, inst) => {
  const { typeIndex, table } = inst as { typeIndex: number; table: number };
  const [index, ...args] = inst.args as [ValueId, ...ValueId[]];
  const type = l.facts.typeNumber(typeIndex);
  call(
    l,
    inst,
    args,
    ({ a }) => {
      a.loadFrom("lw", scratch, symbols.tableSize(table));
      trapUnless(a, "ltu", addressing, scratch, trapCodes.undefinedElement.code);
      entryAddress(a, table, addressing);
      a.load(wordLoad(a), addressing, addressing);
      trapUnless(a, "ne", addressing, zero, trapCodes.nullElement.code);
      a.load("lw", scratch, addressing);
      a.li(ra, BigInt(type));
      trapUnless(a, "eq", scratch, ra, trapCodes.signature.code);
      a.load(wordLoad(a), addressing, addressing, a.xlen / 8);
      a.callTo(addressing);
    },
    [l.any(index)],
  );
};

/** The index, which is in range, becomes the address of its entry. */
function entryAddress(a: Assembler, table: number, index: Reg): void {
  a.shift("slli", addressing, index, a.xlen === 64 ? 3 : 2);
  a.la(scratch, symbols.table(table));
  a.r("add", addressing, addressing, scratch);
}

function checkedEntry(a: Assembler, table: number, index: Reg): void {
  a.loadFrom("lw", scratch, symbols.tableSize(table));
  trapUnless(a, "ltu", index, scratch, trapCodes.table.code);
  entryAddress(a, table, index);
}

const tableGet: Rule = (l, inst) =>
  l.compute(inst.results[0]!, inst.args, ({ a }, to, [x]) => {
    checkedEntry(a, indexOf(inst), x!);
    a.load(wordLoad(a), to, addressing);
  });

const tableSet: Rule = (l, inst) => {
  const { uses, regs } = l.sources(...inst.args);
  l.emit(uses, [], ({ a }, places) => {
    const [x, value] = regs(places);
    checkedEntry(a, indexOf(inst), x!);
    a.store(wordStore(a), value!, addressing);
  });
};

const segmentOf = (inst: Inst): number => (inst as { segment: number }).segment;

const drop =
  (symbol: (segment: number) => string): Rule =>
  (l, inst) =>
    l.emit([], [], ({ a }) => a.storeTo("sw", zero, symbol(segmentOf(inst)), addressing));

export const callRules: Readonly<Record<string, Rule>> = {
  call: routine((inst) => symbols.function((inst as { callee: number }).callee)),
  call_import: routine((inst) => (inst as { symbol: string }).symbol),
  call_indirect: indirect,
  "memory.grow": routine(symbols.memoryGrow),
  "memory.copy": routine(symbols.memoryCopy),
  "memory.fill": routine(symbols.memoryFill),
  "memory.init": routine((inst) => symbols.memoryInit(segmentOf(inst))),
  "data.drop": drop(symbols.dataSize),
  "elem.drop": drop(symbols.elementSize),
  "table.size": (l, inst) =>
    l.emit([], [l.def(inst.results[0]!)], ({ a }, _, [d]) =>
      a.loadFrom("lw", register(d!), symbols.tableSize(indexOf(inst))),
    ),
  "table.get": tableGet,
  "table.set": tableSet,
  "table.grow": routine((inst) => symbols.tableGrow(indexOf(inst))),
  "table.fill": routine((inst) => symbols.tableFill(indexOf(inst))),
  "table.copy": routine((inst) => symbols.tableCopy(indexOf(inst), segmentOf(inst))),
  "table.init": routine((inst) => symbols.tableInit(indexOf(inst), segmentOf(inst))),
};
