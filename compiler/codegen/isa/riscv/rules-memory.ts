/**
 * Rules for linear memory and globals. What lies outside of memory faults in the guard window; with 32 bits there is none, accesses have been
 * checked and addresses may wrap on their way.
 */
import type { Loc, Use } from "../../regalloc/mir.ts";
import type { Inst, Load, Store } from "../../ssa/func.ts";
import type { ValueId } from "../../ssa/ids.ts";
import { indexOf } from "../rules-call.ts";
import { symbols } from "../symbols.ts";
import { addressing, memoryBase, scratch } from "./abi.ts";
import { fits12 } from "./assembler.ts";
import { type Context, register, wordLoad, wordStore } from "./context.ts";
import type { LoadName, StoreName } from "./insns.ts";
import type { Lowering, Rule } from "./lowering.ts";
import { type Reg, zero } from "./regs.ts";

interface Address {
  readonly uses: readonly Use[];
  readonly write: (c: Context, places: readonly Loc[]) => { base: Reg; offset: number };
}

/** The low 12 bits of an offset stay in the instruction. */
function split(offset: number): { high: number; low: number } {
  if (fits12(offset)) return { high: 0, low: offset };
  const low = (offset << 20) >> 20;
  return { high: offset - low, low };
}

function addressOf(l: Lowering, inst: Load | Store): Address {
  const index = inst.args[0]!;
  const { offset } = inst;
  const fixed = l.func.constant(index);
  if (fixed !== undefined) {
    const { high, low } = split(Number(BigInt.asUintN(32, fixed)) + offset);
    if (high === 0) return { uses: [], write: () => ({ base: memoryBase, offset: low }) };
    return {
      uses: [],
      write({ a }) {
        a.li(addressing, BigInt(high));
        a.r("add", addressing, addressing, memoryBase);
        return { base: addressing, offset: low };
      },
    };
  }
  const { high, low } = split(offset);
  const shared = sharedAddress(l, inst);
  const beyond = ({ a }: Context, base: Reg) => {
    if (high === 0) return { base, offset: low };
    a.li(scratch, BigInt(high));
    a.r("add", addressing, base, scratch);
    return { base: addressing, offset: low };
  };
  if (shared !== undefined) return { uses: [shared], write: (c, [x]) => beyond(c, register(x!)) };
  const how = howTo(l, index);
  return {
    uses: [l.reg(index)],
    write(c, [x]) {
      writeAddress(c, addressing, register(x!), how);
      return beyond(c, addressing);
    },
  };
}

/** The address of an index, in the register that all accesses of the same one take it from. */
function sharedAddress(l: Lowering, { id, args: [index] }: Inst): Use | undefined {
  const shared = l.sharedAddresses.get(id);
  if (shared === undefined) return undefined;
  shared.vreg ??= l.temp();
  if (shared.maker === id) {
    const how = howTo(l, index!);
    l.emit([l.reg(index!)], [l.def(shared.vreg, { like: index! })], (c, [x], [d]) =>
      writeAddress(c, register(d!), register(x!), how),
    );
  }
  return { vreg: shared.vreg, reg: true, late: false, hint: undefined };
}

function writeAddress({ a }: Context, to: Reg, index: Reg, how: "add" | "add.uw" | "extend"): void {
  if (how !== "extend") return a.r(how, to, index, memoryBase);
  a.shift("slli", to, index, 32);
  a.shift("srli", to, to, 32);
  a.r("add", to, to, memoryBase);
}

const howTo = (l: Lowering, index: ValueId) => (isPositive(l, index) ? "add" : l.bits ? "add.uw" : "extend");

/** Is its sign certainly zero, so that it is its own zero-extension? Nobody asks where registers are of 32 bits. */
export function isPositive(l: Lowering, value: ValueId): boolean {
  if (l.xlen === 32) return true;
  const inst = l.func.inst(value);
  if (inst === undefined) return false;
  if (inst.op === "load") return inst.bytes < 4 && !inst.signed;
  const by = inst.args.length === 2 ? l.func.constant(inst.args[1]!) : undefined;
  if (by === undefined) return false;
  return (inst.op === "and" && by >= 0n) || (inst.op === "shr_u" && (by & 31n) !== 0n);
}

const loadNames: Readonly<Record<string, LoadName>> = {
  "1s": "lb",
  "1u": "lbu",
  "2s": "lh",
  "2u": "lhu",
  "4s": "lw",
  "4u": "lwu",
  "8s": "ld",
};
const storeNames: Readonly<Record<number, StoreName>> = { 1: "sb", 2: "sh", 4: "sw", 8: "sd" };

const load: Rule = (l, inst) => {
  const { bytes, signed, type, results } = inst as Load;
  const whole = bytes === 8 || (bytes === 4 && type === "i32");
  const name = loadNames[`${bytes}${signed || whole ? "s" : "u"}`]!;
  const { uses, write } = addressOf(l, inst as Load);
  l.emit(uses, [l.def(results[0]!)], (c, places, [d]) => {
    const at = write(c, places);
    c.a.load(name, register(d!), at.base, at.offset);
  });
};

const store: Rule = (l, inst) => {
  const { bytes } = inst as Store;
  const value = inst.args[1]!;
  const { uses, write } = addressOf(l, inst as Store);
  const { uses: more, regs } = l.sources(value);
  l.emit([...uses, ...more], [], (c, places) => {
    const at = write(c, places);
    c.a.store(storeNames[bytes]!, regs(places.slice(uses.length))[0]!, at.base, at.offset);
  });
};

const isHigh = (inst: Inst): boolean => (inst as { high: boolean }).high;

const isWord = (l: Lowering, type: Inst["type"]) => !l.isNarrow(type);

const globalGet: Rule = (l, inst) => {
  const symbol = symbols.global(indexOf(inst));
  l.emit([], [l.def(inst.results[0]!)], ({ a }, _, [d]) =>
    a.loadFrom(isWord(l, inst.type) ? wordLoad(a) : "lw", register(d!), symbol, isHigh(inst) ? 4 : 0),
  );
};

const globalSet: Rule = (l, inst) => {
  const symbol = symbols.global(indexOf(inst));
  const { uses, regs } = l.sources(inst.args[0]!);
  l.emit(uses, [], ({ a }, places) =>
    a.storeTo(
      isWord(l, inst.type) ? wordStore(a) : "sw",
      regs(places)[0]!,
      symbol,
      addressing,
      isHigh(inst) ? 4 : 0,
    ),
  );
};

const readWord =
  (symbol: string): Rule =>
  (l, inst) =>
    l.emit([], [l.def(inst.results[0]!)], ({ a }, _, [d]) => a.loadFrom("lw", register(d!), symbol));

export const memoryRules: Readonly<Record<string, Rule>> = {
  load,
  store,
  "global.get": globalGet,
  "global.set": globalSet,
  "memory.size": readWord(symbols.memoryPages),
  "memory.bytes": readWord(symbols.memoryBytes),
  "ref.null": (l, inst) => l.emit([], [l.def(inst.results[0]!)], ({ a }, _, [d]) => a.mv(register(d!), zero)),
  "ref.func": (l, inst) => {
    const symbol = symbols.descriptor(indexOf(inst));
    l.emit([], [l.def(inst.results[0]!)], ({ a }, _, [d]) => a.la(register(d!), symbol));
  },
  "ref.is_null": (l, inst) =>
    l.compute(inst.results[0]!, inst.args, ({ a }, to, [x]) => a.i("sltiu", to, x!, 1)),
};
