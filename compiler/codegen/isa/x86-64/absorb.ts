/**
 * Which instructions become part of others: comparisons become flags, shifts scaled addresses, and values that are read once from memory
 * operands in memory. Only what is in one block, and nothing is read later than what could change it.
 */
import { type Block, effectsOf, type Inst, type Load, type Store } from "../../ssa/func.ts";
import type { ValueId } from "../../ssa/ids.ts";
import { effect, isCondition } from "../../ssa/ops.ts";
import type { Lowering } from "./lowering.ts";
import { sizeOf } from "./operations.ts";

export function absorb(l: Lowering, block: Block): void {
  absorbFlags(l, block);
  absorbShifts(l, block);
  new MemoryOperands(l, block).run();
}

/** Comparisons, and bit tests, that only branches and selects of this block read. */
function absorbFlags(l: Lowering, block: Block): void {
  for (const { value, inst } of l.askedOnlyHere(block)) {
    if (inst.op === "and") absorbTest(l, value, block);
    if (!isCondition(inst.op)) continue;
    l.absorbed[value] = 1;
    const tested = testedValue(l, inst);
    if (tested !== undefined) absorbTest(l, tested, block);
  }
}

/** `test`: an `and` of which only that matters, if it is zero. */
function absorbTest(l: Lowering, value: ValueId, block: Block): void {
  const inst = l.func.inst(value);
  if (inst?.op === "and" && l.useCount[value] === 1 && l.home[inst.id] === block) l.absorbed[value] = 1;
}

/** The value that a comparison compares with zero, for being equal or not. */
export function testedValue(l: Lowering, { op, args }: Inst): ValueId | undefined {
  if (op === "eqz") return args[0]!;
  return (op === "eq" || op === "ne") && l.func.constant(args[1]!) === 0n ? args[0]! : undefined;
}

/** A shift left by 1 to 3 with one reader that adds: `lea` does both. */
function absorbShifts(l: Lowering, block: Block): void {
  for (const { op, args } of block.insts) {
    if (op !== "add" || args[0] === args[1]) continue;
    const shifted = args.find((arg) => {
      const inst = l.func.inst(arg);
      if (inst?.op !== "shl" || l.useCount[arg] !== 1 || l.home[inst.id] !== block) return false;
      const count = l.func.constant(inst.args[1]!);
      return (
        count !== undefined && count >= 1n && count <= 3n && l.func.constant(inst.args[0]!) === undefined
      );
    });
    if (shifted !== undefined) l.absorbed[shifted] = 1;
  }
}

const alu = new Set(["add", "sub", "and", "or", "xor"]);
const commutative = new Set(["add", "and", "or", "xor", "mul"]);

class MemoryOperands {
  readonly l: Lowering;
  readonly block: Block;
  /** Grows at each instruction over which no read may be moved; by place in the block. */
  readonly epochs: number[] = [];
  /** Where the values are made that could be operands in memory. */
  readonly made = new Map<ValueId, number>();

  constructor(l: Lowering, block: Block) {
    this.l = l;
    this.block = block;
    let epoch = 0;
    block.insts.forEach((inst, n) => {
      this.epochs.push(epoch);
      const reads = inst.op === "load" || inst.op === "global.get";
      if (reads && l.useCount[inst.results[0]!] === 1) this.made.set(inst.results[0]!, n);
      const { writesMemory, writesState, traps, device } = effect;
      if (!reads && (effectsOf(inst) & (writesMemory | writesState | traps | device)) !== 0) epoch++;
    });
  }

  run(): void {
    if (this.made.size === 0) return;
    this.block.insts.forEach((inst, n) => {
      if (inst.op === "store" || inst.op === "global.set") this.update(inst, n);
    });
    this.block.insts.forEach((inst, n) => {
      const [result] = inst.results;
      if (result !== undefined && this.l.absorbed[result]) return;
      if (inst.op === "br_if" || inst.op === "select") this.condition(inst.args[0]!, n);
      else if (isCondition(inst.op)) this.comparison(inst, n);
      else if (alu.has(inst.op) || inst.op === "mul") this.operand(inst, n);
    });
  }

  /** Is it read from memory, and still the same at instruction `n`? Then this is how. */
  readable(value: ValueId, n: number): Inst | undefined {
    const place = this.made.get(value);
    if (place === undefined || this.l.absorbed[value] || this.epochs[place] !== this.epochs[n])
      return undefined;
    return this.block.insts[place];
  }

  /** Like `readable`, if no extension is needed. */
  whole(value: ValueId, n: number): boolean {
    const inst = this.readable(value, n);
    return inst !== undefined && (inst.op !== "load" || inst.bytes === sizeOf(inst.type));
  }

  take(value: ValueId): void {
    this.l.absorbed[value] = 1;
    this.made.delete(value);
  }

  /** Read, changed and written back at one place: one instruction. */
  update(inst: Inst, n: number): void {
    const { l } = this;
    const value = inst.args.at(-1)!;
    const op = l.func.inst(value);
    if (op === undefined || !alu.has(op.op) || l.useCount[value] !== 1 || l.home[op.id] !== this.block)
      return;
    const isSame = (arg: ValueId) => {
      const read = this.readable(arg, n);
      return read !== undefined && isSamePlace(read, inst);
    };
    if (!isSame(op.args[0]!) && commutative.has(op.op) && isSame(op.args[1]!)) op.args.reverse();
    if (!isSame(op.args[0]!)) return;
    this.take(op.args[0]!);
    l.absorbed[value] = 1;
  }

  condition(value: ValueId, n: number): void {
    const inst = this.l.func.inst(value);
    if (inst === undefined) return;
    if (!this.l.absorbed[value] || this.l.useCount[value] !== 1) this.tested(value, n);
    else if (inst.op === "and") this.masked(inst, n);
    else this.comparison(inst, n);
  }

  /** Compared with zero, a narrow one as it is. */
  tested(value: ValueId, n: number): void {
    if (this.readable(value, n) !== undefined) this.take(value);
  }

  masked({ args: [left, right] }: Inst, n: number): void {
    const read = this.readable(left!, n);
    if (read === undefined) return;
    const mask = this.l.func.constant(right!);
    const bytes = read.op === "load" ? read.bytes : sizeOf(read.type);
    const signed = read.op === "load" && read.signed && bytes < sizeOf(read.type);
    if (mask === undefined ? this.whole(left!, n) : !signed && this.l.immediate(right!) !== undefined)
      this.take(left!);
  }

  comparison(inst: Inst, n: number): void {
    const { l } = this;
    const tested = testedValue(l, inst);
    if (tested !== undefined) {
      const and = l.absorbed[tested] ? l.func.inst(tested) : undefined;
      if (and?.op === "and") this.masked(and, n);
      else this.tested(tested, n);
      return;
    }
    const [left, right] = inst.args as [ValueId, ValueId];
    if (left === right) return;
    if (l.func.constant(left) === undefined && this.whole(right, n)) return this.take(right);
    const [read, other] = l.func.constant(left) === undefined ? [left, right] : [right, left];
    const load = this.readable(read, n);
    if (load === undefined || l.func.constant(read) !== undefined) return;
    const number = l.func.constant(other);
    if (number === undefined ? this.whole(read, n) : narrowCompare(l, load, number) !== undefined)
      this.take(read);
  }

  /** The second operand; the first of a multiplication by a constant. */
  operand(inst: Inst, n: number): void {
    const { l } = this;
    const [left, right] = inst.args as [ValueId, ValueId];
    if (left === right) return;
    const constant = l.func.constant(right) !== undefined;
    if (constant && inst.op === "mul" && l.immediate(right) !== undefined && this.whole(left, n))
      this.take(left);
    if (constant || l.func.constant(left) !== undefined || l.absorbed[left] || l.absorbed[right]) return;
    if (!this.whole(right, n) && commutative.has(inst.op) && this.whole(left, n)) inst.args.reverse();
    if (this.whole(inst.args[1]!, n)) this.take(inst.args[1]!);
  }
}

function isSamePlace(read: Inst, write: Inst): boolean {
  if (read.op === "load" && write.op === "store") {
    const { bytes, offset, args } = read as Load;
    const to = write as Store;
    return args[0] === to.args[0] && offset === to.offset && bytes === to.bytes;
  }
  return (
    read.op === "global.get" &&
    write.op === "global.set" &&
    read.index === write.index &&
    read.type === write.type
  );
}

/** The size at which what `read` reads can be compared with a constant, and the constant at that size; undefined if it must be extended. */
export function narrowCompare(
  l: Lowering,
  read: Inst,
  number: bigint,
): { size: 1 | 2 | 4 | 8; imm: number } | undefined {
  const full = sizeOf(read.type);
  const bytes = read.op === "load" ? read.bytes : full;
  if (bytes === full) {
    if (full === 8 && BigInt.asIntN(32, number) !== number) return undefined;
    return { size: full, imm: Number(BigInt.asIntN(32, number)) };
  }
  const unsigned = BigInt.asUintN(l.func.typeOf(read.results[0]!) === "i32" ? 32 : 64, number);
  if ((read as Load).signed || unsigned >= 1n << BigInt(8 * bytes)) return undefined;
  return { size: bytes, imm: Number(BigInt.asIntN(8 * bytes, unsigned)) };
}
