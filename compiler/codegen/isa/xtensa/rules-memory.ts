/** Rules for linear memory and globals. Accesses have been checked; addresses may wrap on their way. */
import type { Loc } from "../../regalloc/mir.ts";
import type { Inst, Load, Store } from "../../ssa/func.ts";
import type { ValueId } from "../../ssa/ids.ts";
import { indexOf } from "../rules-call.ts";
import { symbols } from "../symbols.ts";
import { addressing, memoryBase, scratch } from "./abi.ts";
import { addConstant, type Context, register } from "./context.ts";
import type { LoadName, StoreName } from "./insns.ts";
import type { Lowering, Rule } from "./lowering.ts";
import type { Reg } from "./regs.ts";
import { isZero } from "./rules-arithmetic.ts";

interface Address {
  /** Undefined where it is constant. */
  readonly index: ValueId | undefined;
  readonly write: (c: Context, place: Loc | undefined) => { base: Reg; offset: number };
}

/** An access has room for 255 times its size; above that, what one instruction adds. */
function split(offset: number, bytes: number): { high: number; low: number } {
  if (offset % bytes !== 0) return { high: offset, low: 0 };
  if (offset <= 255 * bytes) return { high: 0, low: offset };
  const low = offset % 256;
  return { high: offset - low, low };
}

function addressOf(l: Lowering, index: ValueId, given: number, bytes: number): Address {
  const fixed = l.number(index);
  const { high, low } = split(fixed === undefined ? given : ((fixed >>> 0) + given) % 2 ** 32, bytes);
  return {
    index: fixed === undefined ? index : undefined,
    write({ a }, place) {
      if (place === undefined && high === 0) return { base: memoryBase, offset: low };
      if (place === undefined) addConstant(a, addressing, memoryBase, high | 0, addressing);
      else {
        a.r("add", addressing, register(place), memoryBase);
        addConstant(a, addressing, addressing, high | 0, scratch);
      }
      return { base: addressing, offset: low };
    },
  };
}

const loadNames: Readonly<Record<string, LoadName>> = {
  "1s": "l8ui",
  "1u": "l8ui",
  "2s": "l16si",
  "2u": "l16ui",
  "4u": "l32i",
};
const storeNames: Readonly<Record<number, StoreName>> = { 1: "s8i", 2: "s16i", 4: "s32i" };

const load: Rule = (l, inst) => {
  const { bytes, signed, offset, results } = inst as Load;
  const { index, write } = addressOf(l, inst.args[0]!, offset, bytes);
  const uses = index === undefined ? [] : [l.reg(index)];
  l.emit(uses, [l.def(results[0]!)], (c, [place], [d]) => {
    const at = write(c, place);
    const to = register(d!);
    c.a.load(loadNames[`${bytes}${signed ? "s" : "u"}`]!, to, at.base, at.offset);
    if (bytes === 1 && signed) c.a.sext(to, to, 8);
  });
};

const store: Rule = (l, inst) => {
  const { bytes, offset } = inst as Store;
  const { index, write } = addressOf(l, inst.args[0]!, offset, bytes);
  const uses = [l.reg(inst.args[1]!), ...(index === undefined ? [] : [l.reg(index)])];
  l.emit(uses, [], (c, [value, place]) => {
    const at = write(c, place);
    c.a.store(storeNames[bytes]!, register(value!), at.base, at.offset);
  });
};

const halfOf = (inst: Inst): number => ((inst as { high: boolean }).high ? 4 : 0);

/** Reads a word at a symbol. */
export const readWord =
  (symbol: (inst: Inst) => string): Rule =>
  (l, inst) =>
    l.emit([], [l.def(inst.results[0]!)], ({ a }, _, [d]) => {
      a.la(register(d!), symbol(inst));
      a.load("l32i", register(d!), register(d!));
    });

export const memoryRules: Readonly<Record<string, Rule>> = {
  load,
  store,
  "global.get": (l, inst) =>
    l.emit([], [l.def(inst.results[0]!)], ({ a }, _, [d]) => {
      a.la(register(d!), symbols.global(indexOf(inst)));
      a.load("l32i", register(d!), register(d!), halfOf(inst));
    }),
  "global.set": (l, inst) =>
    l.emit([l.reg(inst.args[0]!)], [], ({ a }, [value]) => {
      a.la(addressing, symbols.global(indexOf(inst)));
      a.store("s32i", register(value!), addressing, halfOf(inst));
    }),
  "memory.size": readWord(() => symbols.memoryPages),
  "memory.bytes": readWord(() => symbols.memoryBytes),
  "ref.null": (l, inst) => l.emit([], [l.def(inst.results[0]!)], ({ a }, _, [d]) => a.li(register(d!), 0n)),
  "ref.func": (l, inst) =>
    l.emit([], [l.def(inst.results[0]!)], ({ a }, _, [d]) =>
      a.la(register(d!), symbols.descriptor(indexOf(inst))),
    ),
  "ref.is_null": (l, inst) => l.compute(inst.results[0]!, inst.args, ({ a }, to, x) => isZero(a, to, x!)),
};
