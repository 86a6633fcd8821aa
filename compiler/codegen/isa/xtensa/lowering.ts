/** SSA → Xtensa: what its rules share beyond what all have. */
import type { Loc, PReg, Use } from "../../regalloc/mir.ts";
import type { Block, Inst } from "../../ssa/func.ts";
import type { ValueId } from "../../ssa/ids.ts";
import { isCondition } from "../../ssa/ops.ts";
import { Lowering as Common, type Rule as CommonRule } from "../lowering.ts";
import { convention } from "./abi.ts";
import { type Context, register } from "./context.ts";
import type { Reg } from "./regs.ts";

export type Rule = CommonRule<Lowering>;

/** What an addition or subtraction takes in shifted: `x * 2^by`. */
export interface Scaled {
  readonly x: ValueId;
  readonly by: 1 | 2 | 3;
}

export class Lowering extends Common<Context, Lowering> {
  readonly convention = convention;
  /** Shifts that became parts of additions and subtractions, by the value of the shift. */
  readonly scaled = new Map<ValueId, Scaled>();

  /**
   * Comparisons that only branches and selects of this block read become part of them; shifts by up to three, of the sums that only read them; shifts to the right,
   * of masks of what they shift.
   */
  protected absorb(block: Block): void {
    for (const { value, inst } of this.askedOnlyHere(block))
      if (isCondition(inst.op)) this.absorbed[value] = 1;
    for (const inst of block.insts) {
      if (inst.op !== "add" && inst.op !== "sub") continue;
      const [first, second] = inst.args as [ValueId, ValueId];
      if (this.func.constant(first) !== undefined || this.func.constant(second) !== undefined) continue;
      if (!this.#takeScaled(first, block) && inst.op === "add") this.#takeScaled(second, block);
    }
  }

  #takeScaled(value: ValueId, block: Block): boolean {
    const inst = this.onlyHere(value, "shl", block);
    const by = inst && this.func.constant(inst.args[1]!);
    if (by === undefined || by < 1n || by > 3n) return false;
    this.scaled.set(value, { x: inst!.args[0]!, by: Number(by) as 1 | 2 | 3 });
    this.absorbed[value] = 1;
    return true;
  }

  /** The instruction behind a value that has one reader, in the same block. */
  onlyHere(value: ValueId, op: Inst["op"], block: Block): Inst | undefined {
    const inst = this.func.inst(value);
    return inst?.op === op && this.useCount[value] === 1 && this.home[inst.id] === block ? inst : undefined;
  }

  protected bitsOf32(imm: bigint): bigint {
    return BigInt.asIntN(32, imm);
  }

  /** Instructions with immediates ask for what they can hold themselves. */
  immediate(): undefined {
    return undefined;
  }

  protected writeConstant({ a }: Context, to: PReg, imm: bigint): void {
    a.li(to, imm);
  }

  number(value: ValueId | undefined): number | undefined {
    const constant = value === undefined ? undefined : this.func.constant(value);
    return constant === undefined ? undefined : Number(constant);
  }

  /** All in registers. */
  regs(values: readonly ValueId[], more: Partial<Use> = {}): Use[] {
    return values.map((value) => this.reg(value, more));
  }

  /** One result from operands in registers. */
  compute(
    result: ValueId,
    values: readonly ValueId[],
    write: (c: Context, to: Reg, ...from: Reg[]) => void,
  ): void {
    const [first] = values;
    const like = first !== undefined && this.func.constant(first) === undefined ? first : undefined;
    this.emit(this.regs(values), [this.def(result, { like })], (c, places, [d]) =>
      write(c, register(d!), ...registersOf(places)),
    );
  }
}

export const registersOf = (places: readonly Loc[]): Reg[] => places.map(register);
