/** Rules for calls: to functions of the module, to the platform, through tables, and to routines that every module may need. */
import type { ValueId } from "../../ssa/ids.ts";
import { trapCodes } from "../../ssa/types.ts";
import { call, indexOf, plainCalls, segmentOf } from "../rules-call.ts";
import { symbols } from "../symbols.ts";
import { type Context, register } from "./context.ts";
import type { Lowering, Rule } from "./lowering.ts";
import { rax } from "./regs.ts";

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
        a.trap(code);
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
    l.any(index),
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
  c.a.trap(trapCodes.table.code);
  c.a.bind(fine);
}

export const callRules: Readonly<Record<string, Rule>> = {
  ...plainCalls<Context, Lowering>(),
  call_indirect: indirect,
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
};
