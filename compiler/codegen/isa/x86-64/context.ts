/** What instruction writers work with. */
import type { Loc } from "../../regalloc/mir.ts";
import type { MoveWriter } from "../../regalloc/parallel-move.ts";
import { type Context as Common, inReg, register } from "../context.ts";
import { scratch } from "./abi.ts";
import type { Assembler } from "./assembler.ts";
import { type Mem, type Reg, rsp } from "./regs.ts";

export { inReg, register } from "../context.ts";

export interface Context extends Common<Assembler> {
  /** Bytes of outgoing stack arguments, at the bottom of the frame. */
  readonly outgoing: number;
  /** Bytes between rsp and the return address. */
  readonly frame: number;
}

type Frame = Pick<Context, "outgoing" | "frame">;

/** Slots are above the outgoing arguments; negative ones are the caller's arguments above the return address. */
function slotAt({ outgoing, frame }: Frame, slot: number): Mem {
  return { base: rsp, disp: slot < 0 ? frame + 8 - 8 * (slot + 1) : outgoing + 8 * slot };
}

/** A place as an operand: register or memory. Constants have none. */
export function operand(c: Context, loc: Loc): Reg | Mem {
  if (loc.kind === "reg") return loc.reg;
  if (loc.kind === "slot") return slotAt(c, loc.slot);
  throw new Error("BUG: a constant where a place is needed");
}

export function moveWriter(a: Assembler, frame: Frame, spare: () => number): MoveWriter {
  const mem = (loc: Loc): Mem => {
    if (loc.kind !== "slot") throw new Error("BUG: not a slot");
    return slotAt(frame, loc.slot);
  };
  return {
    scratch: inReg(scratch),
    spare: () => ({ kind: "slot", slot: spare() }),
    move(to, from, narrow) {
      if (from.kind === "imm") {
        if (to.kind === "reg") {
          // Between instructions no flags are alive; within one only the scratch register is written while they are.
          if (from.imm === 0n && to.reg !== scratch) return a.alu("xor", 4, to.reg, to.reg);
          return a.movImm(to.reg, from.imm);
        }
        if (BigInt.asIntN(32, from.imm) === from.imm) return a.storeImm(8, mem(to), Number(from.imm));
        a.movImm(scratch, from.imm);
        return a.mov(8, mem(to), scratch);
      }
      if (to.kind === "reg")
        return a.mov(narrow === true ? 4 : 8, to.reg, from.kind === "reg" ? from.reg : mem(from));
      if (from.kind === "reg") return a.mov(8, mem(to), from.reg);
      throw new Error("BUG: move between slots");
    },
    exchange(one, other) {
      a.xchg(8, register(one), register(other));
    },
  };
}
