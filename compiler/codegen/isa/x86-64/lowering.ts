/** SSA → x86-64: what its rules share beyond what all have. */
import type { Loc, PReg, Use } from "../../regalloc/mir.ts";
import type { Block } from "../../ssa/func.ts";
import type { ValueId } from "../../ssa/ids.ts";
import { Lowering as Common, type Rule as CommonRule } from "../lowering.ts";
import { convention } from "./abi.ts";
import { absorb } from "./absorb.ts";
import type { Context } from "./context.ts";
import type { Mem } from "./regs.ts";

export type { Input } from "../lowering.ts";
export type Rule = CommonRule<Lowering>;

/** An operand in linear memory, or of a global: what its address needs, and the address once these have places. */
export interface MemoryInput {
  readonly uses: readonly Use[];
  readonly mem: (c: Context, places: readonly Loc[]) => Mem;
}

export class Lowering extends Common<Context, Lowering> {
  readonly convention = convention;

  protected absorb(block: Block): void {
    absorb(this, block);
  }

  /** An i32 is zero-extended, always. */
  protected bitsOf32(imm: bigint): bigint {
    return BigInt.asUintN(32, imm);
  }

  /** Instructions have signed immediates of 32 bits. */
  immediate(value: ValueId): number | undefined {
    const imm = this.func.constant(value);
    if (imm === undefined || BigInt.asIntN(32, imm) !== imm) return undefined;
    return Number(imm);
  }

  protected writeConstant({ a }: Context, to: PReg, imm: bigint): void {
    if (imm === 0n) a.alu("xor", 4, to, to);
    else a.movImm(to, imm);
  }
}
