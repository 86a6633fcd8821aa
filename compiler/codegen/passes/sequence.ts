import type { Block, Draft, Func, Inst } from "../ssa/func.ts";
import type { ValueId } from "../ssa/ids.ts";
import type { Op } from "../ssa/ops.ts";
import { bitsOf, type IntType } from "../ssa/types.ts";

/** Writes operations at the end of a block, in the place of an instruction and at its type if they do not say another. */
export class Sequence {
  readonly func: Func;
  readonly block: Block;
  readonly inst: Inst;

  constructor(func: Func, block: Block, inst: Inst) {
    this.func = func;
    this.block = block;
    this.inst = inst;
  }

  get type(): IntType {
    return this.inst.type as IntType;
  }
  get bits(): 32 | 64 {
    return bitsOf[this.type];
  }

  number(value: bigint, type: IntType = this.type): ValueId {
    const signed = BigInt.asIntN(bitsOf[type], value);
    return this.func.append(this.block, { op: "iconst", type, args: [], value: signed, at: this.inst.at });
  }

  /** A byte, as often as the type has bytes. */
  bytes(value: bigint): ValueId {
    return this.number(this.bits === 64 ? value * 0x0101010101010101n : value * 0x01010101n);
  }

  do(op: Op, left: ValueId, right: ValueId | bigint): ValueId {
    return this.emit(op, this.type, left, typeof right === "bigint" ? this.number(right) : right);
  }

  emit(op: Op, type: IntType, ...args: readonly ValueId[]): ValueId {
    return this.func.append(this.block, { op, type, args: [...args], at: this.inst.at } as Draft);
  }
}

/** Another way to compute what an operation gives. */
export type Expansion = (s: Sequence, x: ValueId, y: ValueId) => ValueId;
