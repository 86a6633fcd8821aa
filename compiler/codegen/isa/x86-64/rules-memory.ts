/** Rules for linear memory and globals. An address is `[base + zero-extended index + offset]`; what lies outside faults in the guard window. */
import type { Load, Store } from "../../ssa/func.ts";
import type { ValueId } from "../../ssa/ids.ts";
import { indexOf } from "../rules-call.ts";
import { symbols } from "../symbols.ts";
import { memoryBase, scratch } from "./abi.ts";
import { type Context, operand, register } from "./context.ts";
import type { Alu } from "./insns.ts";
import type { Lowering, MemoryInput, Rule } from "./lowering.ts";
import { sizeOf } from "./operations.ts";
import type { Mem, Size } from "./regs.ts";

const REACH = 2 ** 31;

/** `late`: the address is read after the instruction has begun to write its result. */
export function address(l: Lowering, index: ValueId, offset: number, late = false): MemoryInput {
  const fixed = l.func.constant(index);
  if (fixed !== undefined) {
    const whole = Number(BigInt.asUintN(32, fixed)) + offset;
    return {
      uses: [],
      mem: (c) => (whole < REACH ? { base: memoryBase, disp: whole } : far(c, whole, undefined)),
    };
  }
  const uses = [l.reg(index, { late })];
  if (offset < REACH)
    return { uses, mem: (_, [x]) => ({ base: memoryBase, index: register(x!), disp: offset }) };
  return { uses, mem: (c, [x]) => far(c, offset, register(x!)) };
}

/** What an absorbed value is read from. */
export function memoryInput(l: Lowering, value: ValueId, late = false): MemoryInput | undefined {
  const inst = l.absorbed[value] ? l.func.inst(value) : undefined;
  if (inst?.op === "load") return address(l, inst.args[0]!, inst.offset, late);
  if (inst?.op !== "global.get") return undefined;
  const symbol = symbols.global(inst.index);
  return { uses: [], mem: () => ({ symbol }) };
}

/** An offset that does not fit a displacement, which is signed. */
function far({ a }: Context, offset: number, index: number | undefined): Mem {
  a.movImm(scratch, BigInt(offset));
  if (index !== undefined) a.alu("add", 8, scratch, index);
  return { base: memoryBase, index: scratch };
}

const load: Rule = (l, inst) => {
  const { bytes, signed, offset, type, results } = inst as Load;
  const { uses, mem } = address(l, inst.args[0]!, offset);
  const size = sizeOf(type);
  l.emit(uses, [l.def(results[0]!)], (c, places, [d]) => {
    const from = mem(c, places);
    if (bytes === 8 || bytes === size) c.a.mov(bytes as Size, register(d!), from);
    else c.a.extend(signed, size, bytes as 1 | 2 | 4, register(d!), from);
  });
};

const store: Rule = (l, inst) => {
  const { bytes, offset } = inst as Store;
  const [index, value] = inst.args as [ValueId, ValueId];
  const { uses, mem } = address(l, index, offset);
  if (l.absorbed[value]) return update(l, value, bytes, { uses, mem });
  const imm = l.immediate(value);
  if (imm !== undefined) {
    l.emit(uses, [], (c, places) => c.a.storeImm(bytes as Size, mem(c, places), imm));
    return;
  }
  l.emit([...uses, l.reg(value)], [], (c, places) =>
    c.a.mov(bytes as Size, mem(c, places), register(places[uses.length]!)),
  );
};

/** Memory is read, changed and written by one instruction; `value` is the change. */
function update(l: Lowering, value: ValueId, bytes: Size, { uses, mem }: MemoryInput): void {
  const change = l.func.inst(value)!;
  const by = change.args[1]!;
  const name = change.op as Alu;
  const fixed = l.func.constant(by);
  const imm = fixed === undefined ? undefined : BigInt.asIntN(8 * bytes, fixed);
  if (imm !== undefined && BigInt.asIntN(32, imm) === imm) {
    l.emit(uses, [], (c, places) => {
      const one = name === "add" ? imm : name === "sub" ? -imm : 0n;
      if (one === 1n || one === -1n) c.a.unary(one === 1n ? "inc" : "dec", bytes, mem(c, places));
      else c.a.alu(name, bytes, mem(c, places), { imm: Number(imm) });
    });
    return;
  }
  l.emit([...uses, l.reg(by)], [], (c, places) =>
    c.a.alu(name, bytes, mem(c, places), register(places[uses.length]!)),
  );
}

const globalGet: Rule = (l, inst) => {
  const symbol = symbols.global(indexOf(inst));
  l.emit([], [l.def(inst.results[0]!)], ({ a }, _, [d]) =>
    a.mov(sizeOf(inst.type), register(d!), { symbol }),
  );
};

const globalSet: Rule = (l, inst) => {
  const symbol = symbols.global(indexOf(inst));
  const value = inst.args[0]!;
  if (l.absorbed[value]) return update(l, value, sizeOf(inst.type), { uses: [], mem: () => ({ symbol }) });
  const imm = l.immediate(inst.args[0]!);
  const size = sizeOf(inst.type);
  if (imm !== undefined) {
    l.emit([], [], ({ a }) => a.storeImm(size, { symbol }, imm));
    return;
  }
  l.emit([l.reg(inst.args[0]!)], [], ({ a }, [x]) => a.mov(size, { symbol }, register(x!)));
};

const memorySize: Rule = (l, inst) => {
  l.emit([], [l.def(inst.results[0]!)], ({ a }, _, [d]) =>
    a.mov(4, register(d!), { symbol: symbols.memoryPages }),
  );
};

export const memoryRules: Readonly<Record<string, Rule>> = {
  load,
  store,
  "global.get": globalGet,
  "global.set": globalSet,
  "memory.size": memorySize,
  // Both sides of a `ref` are plain 64-bit words.
  "ref.null": (l, inst) =>
    l.emit([], [l.def(inst.results[0]!)], ({ a }, _, [d]) => a.movImm(register(d!), 0n)),
  "ref.func": (l, inst) => {
    const symbol = symbols.descriptor(indexOf(inst));
    l.emit([], [l.def(inst.results[0]!)], ({ a }, _, [d]) => a.movAddress(register(d!), symbol));
  },
  "ref.is_null": (l, inst) =>
    l.emit([l.any(inst.args[0]!)], [l.def(inst.results[0]!)], (c, [x], [d]) => {
      c.a.alu("cmp", 8, operand(c, x!), { imm: 0 });
      c.a.setcc("e", register(d!));
      c.a.extend(false, 4, 1, register(d!), register(d!));
    }),
};
