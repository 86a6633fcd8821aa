/** SSA → RISC-V: what its rules share beyond what all have. */
import type { Loc, PReg, Use } from "../../regalloc/mir.ts";
import type { Block } from "../../ssa/func.ts";
import type { InstId, ValueId } from "../../ssa/ids.ts";
import { isCondition } from "../../ssa/ops.ts";
import type { Type } from "../../ssa/types.ts";
import { Lowering as Common, type Rule as CommonRule } from "../lowering.ts";
import { conventions } from "./abi.ts";
import type { SharedAddress } from "./addresses.ts";
import { fits12 } from "./assembler.ts";
import { type Context, register } from "./context.ts";
import { type Reg, zero } from "./regs.ts";

export type Rule = CommonRule<Lowering>;

/** Operands in registers: what they need, and the registers once these have places. */
export interface Sources {
  readonly uses: readonly Use[];
  readonly regs: (places: readonly Loc[]) => Reg[];
}

export class Lowering extends Common<Context, Lowering> {
  xlen: 32 | 64 = 64;
  /** Are there Zba and Zbb? */
  bits = false;
  /** Where accesses find their address, by their ids. */
  sharedAddresses: ReadonlyMap<InstId, SharedAddress> = new Map();

  get convention() {
    return conventions[this.xlen];
  }

  /** Does it work on less than a whole register? */
  isNarrow(type: Type): boolean {
    return type === "i32" && this.xlen === 64;
  }

  /** Comparisons that only branches and selects of this block read become part of them. */
  protected absorb(block: Block): void {
    for (const { value, inst } of this.askedOnlyHere(block))
      if (isCondition(inst.op)) this.absorbed[value] = 1;
  }

  /** An i32 is sign-extended, always. */
  protected bitsOf32(imm: bigint): bigint {
    return BigInt.asIntN(32, imm);
  }

  /** Instructions have signed immediates of 12 bits. */
  immediate(value: ValueId): number | undefined {
    const imm = this.func.constant(value);
    return imm !== undefined && fits12(Number(imm)) ? Number(imm) : undefined;
  }

  protected writeConstant({ a }: Context, to: PReg, imm: bigint): void {
    a.li(to, imm);
  }

  /** Operands in registers; zero needs none. */
  sources(...values: readonly ValueId[]): Sources {
    const uses: Use[] = [];
    const at = values.map((value) => {
      if (this.func.constant(value) === 0n) return undefined;
      uses.push(this.reg(value));
      return uses.length - 1;
    });
    return { uses, regs: (places) => at.map((n) => (n === undefined ? zero : register(places[n]!))) };
  }

  /** One result from operands in registers. */
  compute(
    result: ValueId,
    values: readonly ValueId[],
    write: (c: Context, to: Reg, from: Reg[]) => void,
  ): void {
    const { uses, regs } = this.sources(...values);
    const [first] = values;
    const like = first !== undefined && this.func.constant(first) === undefined ? first : undefined;
    this.emit(uses, [this.def(result, { like })], (c, places, [d]) => write(c, register(d!), regs(places)));
  }
}
