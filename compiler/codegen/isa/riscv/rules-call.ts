/** Rules for calls: to functions of the module, to the platform, through tables, and to routines that every module may need. */
import type { ValueId } from "../../ssa/ids.ts";
import { trapCodes } from "../../ssa/types.ts";
import { call, indexOf, plainCalls, segmentOf } from "../rules-call.ts";
import { symbols } from "../symbols.ts";
import { addressing, scratch } from "./abi.ts";
import type { Assembler } from "./assembler.ts";
import { type Context, register, wordLoad, wordStore } from "./context.ts";
import type { Condition } from "./insns.ts";
import type { Lowering, Rule } from "./lowering.ts";
import { type Reg, ra, zero } from "./regs.ts";

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
    l.any(index),
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

const drop =
  (symbol: (segment: number) => string): Rule =>
  (l, inst) =>
    l.emit([], [], ({ a }) => a.storeTo("sw", zero, symbol(segmentOf(inst)), addressing));

export const callRules: Readonly<Record<string, Rule>> = {
  ...plainCalls<Context, Lowering>(),
  call_indirect: indirect,
  "data.drop": drop(symbols.dataSize),
  "elem.drop": drop(symbols.elementSize),
  "table.size": (l, inst) =>
    l.emit([], [l.def(inst.results[0]!)], ({ a }, _, [d]) =>
      a.loadFrom("lw", register(d!), symbols.tableSize(indexOf(inst))),
    ),
  "table.get": tableGet,
  "table.set": tableSet,
};
