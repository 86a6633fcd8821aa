/** What instruction writers work with: the assembler, the frame, the labels of blocks. */
import type { Loc, MBlock } from "../../regalloc/mir.ts";
import type { MoveWriter } from "../../regalloc/parallel-move.ts";
import { addressing, scratch } from "./abi.ts";
import { type Assembler, fits8, type Label } from "./assembler.ts";
import { type Reg, sp } from "./regs.ts";

export interface Context {
  readonly a: Assembler;
  /** Goes to a block, unless it follows in memory. */
  jump(to: MBlock<Context>): void;
  /** Where a jump to a block goes. */
  label(to: MBlock<Context>): Label;
  /** Does this block, or what a jump to it comes to, follow in memory? */
  isNext(to: MBlock<Context>): boolean;
  /** Undoes the prologue; `ret` follows. */
  leave(): void;
  readonly moves: MoveWriter;
  /** The symbol of a table of code addresses. */
  jumpTable(targets: readonly Label[]): string;
}

export interface Frame {
  /** Bytes of outgoing stack arguments, at the bottom of the frame. */
  readonly outgoing: number;
  /** Bytes between sp and the caller's. */
  readonly size: number;
}

export function register(loc: Loc): Reg {
  if (loc.kind !== "reg") throw new Error(`BUG: a ${loc.kind} where a register is needed`);
  return loc.reg;
}

export const inReg = (reg: Reg): Loc => ({ kind: "reg", reg });

/** The greatest offset of a word that an access can have. */
export const MOST_OFFSET = 1020;

/** Can it be added by one instruction, or by two? */
export const isAddend = (value: number): boolean => value >= -32768 && value <= 32512 + 127;

/** Adds a constant, through `by` if it is large. */
export function addConstant(a: Assembler, to: Reg, from: Reg, value: number, by: Reg): void {
  if (value === 0) return a.mv(to, from);
  if (fits8(value)) return a.addi(to, from, value);
  const high = (value + 128) & ~255;
  if (!isAddend(value) || !fits8(high >> 8)) {
    a.li(by, BigInt(value));
    return a.r("add", to, from, by);
  }
  a.addi(to, from, high);
  if (value !== high) a.addi(to, to, value - high);
}

/** The stack pointer and an offset, or `by` as the sum of both where it does not fit an instruction. */
export function stackAt(a: Assembler, offset: number, by: Reg): { base: Reg; offset: number } {
  if (offset <= MOST_OFFSET) return { base: sp, offset };
  a.li(by, BigInt(offset));
  a.r("add", by, by, sp);
  return { base: by, offset: 0 };
}

export function moveWriter(a: Assembler, { outgoing, size }: Frame, spare: () => number): MoveWriter {
  // Slots are above the outgoing arguments; negative ones are the caller's arguments above the frame.
  const offsetOf = (loc: Loc): number => {
    if (loc.kind !== "slot") throw new Error("BUG: not a slot");
    return loc.slot < 0 ? size - 4 * (loc.slot + 1) : outgoing + 4 * loc.slot;
  };
  return {
    scratch: inReg(scratch),
    spare: () => ({ kind: "slot", slot: spare() }),
    move(to, from) {
      if (to.kind === "reg") {
        if (from.kind === "imm") return a.li(to.reg, from.imm);
        if (from.kind === "reg") return a.mv(to.reg, from.reg);
        const { base, offset } = stackAt(a, offsetOf(from), to.reg);
        return a.load("l32i", to.reg, base, offset);
      }
      let source: Reg = scratch;
      if (from.kind === "reg") source = from.reg;
      else if (from.kind === "imm") a.li(scratch, from.imm);
      else throw new Error("BUG: move between slots");
      const { base, offset } = stackAt(a, offsetOf(to), addressing);
      a.store("s32i", source, base, offset);
    },
    exchange(one, other) {
      a.mv(scratch, register(one));
      a.mv(register(one), register(other));
      a.mv(register(other), scratch);
    },
  };
}
