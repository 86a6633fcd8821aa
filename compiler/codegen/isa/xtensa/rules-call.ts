/** Rules for calls: to functions of the module, to the platform, through tables, and to routines that every module may need. */
import type { Inst } from "../../ssa/func.ts";
import type { ValueId } from "../../ssa/ids.ts";
import { trapCodes } from "../../ssa/types.ts";
import { call, calling, indexOf, plainCalls, segmentOf } from "../rules-call.ts";
import { symbols } from "../symbols.ts";
import { addressing, scratch } from "./abi.ts";
import type { Assembler, Label } from "./assembler.ts";
import { type Context, register } from "./context.ts";
import type { Lowering, Rule } from "./lowering.ts";
import { a0, type Reg } from "./regs.ts";
import { readWord } from "./rules-memory.ts";

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
    l.any(index),
  );
};

/** The address of an entry, once it is known to be one. */
function entry(a: Assembler, table: number, index: Reg): void {
  loadFrom(a, scratch, symbols.tableSize(table));
  trapUnless(a, (to) => a.branch("bltu", index, scratch, to), trapCodes.table.code);
  a.la(scratch, symbols.table(table));
  a.r("addx4", addressing, index, scratch);
}

const drop =
  (symbol: (segment: number) => string): Rule =>
  (l, inst) =>
    l.emit([], [], ({ a }) => {
      a.la(addressing, symbol(segmentOf(inst)));
      a.li(scratch, 0n);
      a.store("s32i", scratch, addressing);
    });

export const callRules: Readonly<Record<string, Rule>> = {
  ...plainCalls<Context, Lowering>(),
  call_indirect: indirect,
  mulhi_u: calling<Context, Lowering>(() => "wasm.mulhi_u"),
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
};
