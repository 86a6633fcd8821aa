/** SSA → machine instructions: the walk, and what the rules share. The rules are in `rules-*.ts`, one family a file. */
import type { Argument, Def, Loc, MBlock, MFunc, MInst, PReg, Use, VReg } from "../../regalloc/mir.ts";
import { type Block, effectsOf, type Func, type Inst, terminator } from "../../ssa/func.ts";
import type { ValueId } from "../../ssa/ids.ts";
import { loopDepths } from "../../ssa/loops.ts";
import { effect } from "../../ssa/ops.ts";
import type { ModuleFacts } from "../isa.ts";
import { argumentRegisters } from "./abi.ts";
import { absorb } from "./absorb.ts";
import type { Context } from "./context.ts";
import type { Mem } from "./regs.ts";

export type Rule = (l: Lowering, inst: Inst) => void;

/** An operand in linear memory, or of a global: what its address needs, and the address once these have places. */
export interface MemoryInput {
  readonly uses: readonly Use[];
  readonly mem: (c: Context, places: readonly Loc[]) => Mem;
}

/** An operand: in a place, or a constant that the instruction can hold itself. */
export type Input = { readonly use: Use } | { readonly imm: bigint };

/** One function on its way to machine instructions; rules take their operands from it and give their instructions to it. Used once. */
export class Lowering {
  readonly func: Func;
  readonly facts: ModuleFacts;
  readonly rules: Readonly<Record<string, Rule>>;
  readonly blocks: MBlock<Context>[];
  readonly byBlock: (MBlock<Context> | undefined)[] = [];
  readonly useCount: Int32Array;
  /** Values that only instructions which absorb them read: they are not computed by themselves. */
  readonly absorbed: Uint8Array;
  /** The block of each instruction, by InstId. */
  readonly home: Block[] = [];
  current!: MBlock<Context>;
  vregs: number;
  /** Bytes for stack arguments of calls. */
  outgoing = 0;
  calls = false;

  constructor(func: Func, facts: ModuleFacts, rules: Readonly<Record<string, Rule>>) {
    this.func = func;
    this.facts = facts;
    this.rules = rules;
    this.vregs = func.valueCount;
    this.useCount = new Int32Array(func.valueCount);
    this.absorbed = new Uint8Array(func.valueCount);
    const depths = loopDepths(func);
    this.blocks = func.blocks.map((block, index) => {
      const made: MBlock<Context> = {
        index,
        params: index === 0 ? [] : block.params,
        insts: [],
        edges: [],
        depth: depths[block.id]!,
        cold: block.cold,
        from: 0,
        to: 0,
      };
      this.byBlock[block.id] = made;
      return made;
    });
  }

  run(): MFunc<Context> {
    this.countUses();
    for (const block of this.func.blocks) this.block(block);
    const params = this.func.entry.params.map((vreg, n) => ({ vreg, at: parameterPlace(n) }));
    return { blocks: this.blocks, params, vregs: this.vregs };
  }

  countUses(): void {
    for (const block of this.func.blocks)
      for (const inst of block.insts) {
        this.home[inst.id] = block;
        for (const arg of inst.args) this.useCount[arg]! += 1;
        if ("targets" in inst)
          for (const { args } of inst.targets) for (const arg of args) this.useCount[arg]! += 1;
      }
  }

  block(block: Block): void {
    this.current = this.byBlock[block.id]!;
    const last = terminator(block);
    for (const { block: to, args } of last.targets)
      this.current.edges.push({ to: this.byBlock[to.id]!, args: args.map((arg) => this.argument(arg)) });
    absorb(this, block);
    for (const inst of block.insts) if (this.isNeeded(inst)) this.rule(inst)(this, inst);
  }

  rule(inst: Inst): Rule {
    const rule = this.rules[inst.op];
    if (rule === undefined) throw new Error(`BUG: no rule for ${inst.op}`);
    return rule;
  }

  isNeeded(inst: Inst): boolean {
    if (inst.op === "iconst") return false;
    const [result] = inst.results;
    if (result === undefined || inst.results.length > 1) return true;
    if (this.absorbed[result]) return false;
    return this.useCount[result]! > 0 || (effectsOf(inst) & ~(effect.readsMemory | effect.readsState)) !== 0;
  }

  // ---- operands

  argument(value: ValueId): Argument {
    const imm = this.func.constant(value);
    return imm === undefined ? { vreg: value } : { imm: this.bitsOf(value, imm) };
  }

  /** A constant as the 64 bits that a register holds: i32 is zero-extended. */
  bitsOf(value: ValueId, imm: bigint): bigint {
    return this.func.typeOf(value) === "i32" ? BigInt.asUintN(32, imm) : imm;
  }

  /** In a register; a constant is put into one first. */
  reg(value: ValueId, more: Partial<Use> = {}): Use {
    const imm = this.func.constant(value);
    const vreg = imm === undefined ? value : this.constant(this.bitsOf(value, imm));
    return { vreg, reg: true, late: false, hint: undefined, ...more };
  }

  /** In a register or in memory. */
  any(value: ValueId, more: Partial<Use> = {}): Use {
    return this.reg(value, { reg: false, ...more });
  }

  /** As an immediate of 32 bits if it is one, else like `any`. */
  input(value: ValueId, more: Partial<Use> = {}): Input {
    const imm = this.immediate(value);
    return imm === undefined ? { use: this.any(value, more) } : { imm: BigInt(imm) };
  }

  /** The value of a constant that fits the immediate of an instruction. */
  immediate(value: ValueId): number | undefined {
    const imm = this.func.constant(value);
    if (imm === undefined || BigInt.asIntN(32, imm) !== imm) return undefined;
    return Number(imm);
  }

  constant(imm: bigint): VReg {
    const vreg = this.temp();
    this.emit([], [this.def(vreg)], ({ a }, _, [to]) => a.movImm((to as { reg: number }).reg, imm));
    return vreg;
  }

  temp(): VReg {
    return this.vregs++;
  }

  def(vreg: VReg, more: Partial<Def> = {}): Def {
    return { vreg, after: false, reg: true, hint: undefined, like: undefined, ...more };
  }

  emit(uses: readonly Use[], defs: readonly Def[], emit: MInst<Context>["emit"], clobbers = 0): void {
    this.current.insts.push({ uses, defs, clobbers, emit });
  }
}

/** Where the caller leaves parameter `n`: a register, or a slot above the return address, which the frame maps to negative numbers. */
function parameterPlace(n: number): Loc {
  const reg: PReg | undefined = argumentRegisters[n];
  return reg === undefined
    ? { kind: "slot", slot: -1 - (n - argumentRegisters.length) }
    : { kind: "reg", reg };
}
