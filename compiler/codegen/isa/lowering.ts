/** SSA → machine instructions: the walk, and what the rules share, for every instruction set. Its own part is a subclass; its rules are in `rules-*.ts`. */
import type { Argument, Def, Loc, MBlock, MFunc, MInst, PReg, Use, VReg } from "../regalloc/mir.ts";
import { type Block, effectsOf, type Func, type Inst, terminator } from "../ssa/func.ts";
import type { ValueId } from "../ssa/ids.ts";
import { loopDepths } from "../ssa/loops.ts";
import { effect, isCondition } from "../ssa/ops.ts";
import type { Context } from "./context.ts";
import type { Convention } from "./convention.ts";
import type { ModuleFacts } from "./isa.ts";

/** An operand: in a place, or a constant that the instruction can hold itself. */
export type Input = { readonly use: Use } | { readonly imm: bigint };

/** Lowers one instruction. */
export type Rule<L> = (l: L, inst: Inst) => void;
export type Rules<L> = Readonly<Record<string, Rule<L>>>;

/** One function on its way to machine instructions; rules take their operands from it and give their instructions to it. Used once. */
export abstract class Lowering<C extends Context<unknown>, L extends Lowering<C, L>> {
  readonly func: Func;
  readonly facts: ModuleFacts;
  readonly rules: Rules<L>;
  readonly blocks: MBlock<C>[];
  readonly byBlock: (MBlock<C> | undefined)[] = [];
  readonly useCount: Int32Array;
  /** Values that only instructions which absorb them read: they are not computed by themselves. */
  readonly absorbed: Uint8Array;
  /** The block of each instruction, by InstId. */
  readonly home: Block[] = [];
  current!: MBlock<C>;
  /** Where what is emitted comes from: an offset in the wasm module, 0 if nowhere. */
  at = 0;
  vregs: number;
  /** Bytes for stack arguments of calls. */
  outgoing = 0;
  calls = false;

  constructor(func: Func, facts: ModuleFacts, rules: Rules<L>) {
    this.func = func;
    this.facts = facts;
    this.rules = rules;
    this.vregs = func.valueCount;
    this.useCount = new Int32Array(func.valueCount);
    this.absorbed = new Uint8Array(func.valueCount);
    const depths = loopDepths(func);
    this.blocks = func.blocks.map((block, index) => {
      const made: MBlock<C> = {
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

  abstract readonly convention: Convention<C["a"]>;
  /** Decides which instructions of a block become parts of others. */
  protected abstract absorb(block: Block): void;
  /** What a register holds of an i32 constant. */
  protected abstract bitsOf32(imm: bigint): bigint;
  /** The value of a constant that fits the immediate of most instructions. */
  abstract immediate(value: ValueId): number | undefined;
  /** Writes the instruction that makes a constant. */
  protected abstract writeConstant(context: C, to: PReg, imm: bigint): void;

  run(): MFunc<C> {
    this.countUses();
    for (const block of this.func.blocks) this.block(block);
    const params = this.func.entry.params.map((vreg, n) => ({ vreg, at: this.#parameterPlace(n) }));
    return { blocks: this.blocks, params, vregs: this.vregs, isHalf: (vreg) => this.isHalf(vreg) };
  }

  /** Of a temporary it is not known. */
  isHalf(value: number): boolean {
    return value < this.func.valueCount && this.func.typeOf(value as ValueId) === "i32";
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
    this.absorb(block);
    for (const inst of block.insts) {
      if (!this.isNeeded(inst)) continue;
      this.at = inst.at;
      this.rule(inst)(this as unknown as L, inst);
    }
  }

  /** Instructions of a block, with one result each, that its own branches and selects ask for, and nobody else: they may become part of these. */
  *askedOnlyHere(block: Block): Generator<{ value: ValueId; inst: Inst }> {
    const readers = new Map<ValueId, number>();
    for (const { op, args } of block.insts) {
      const [condition] = args;
      if ((op !== "br_if" && op !== "select") || condition === undefined) continue;
      if (args.filter((arg) => arg === condition).length === 1)
        readers.set(condition, (readers.get(condition) ?? 0) + 1);
    }
    for (const [value, count] of readers) {
      const inst = this.func.inst(value);
      if (inst !== undefined && this.home[inst.id] === block && this.useCount[value] === count)
        yield { value, inst };
    }
  }

  /** The comparison that makes a condition, if that was absorbed. */
  absorbedComparison(value: ValueId): Inst | undefined {
    const inst = this.absorbed[value] ? this.func.inst(value) : undefined;
    return inst !== undefined && isCondition(inst.op) ? inst : undefined;
  }

  rule(inst: Inst): Rule<L> {
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

  /** A constant as a register holds it. */
  bitsOf(value: ValueId, imm: bigint): bigint {
    return this.func.typeOf(value) === "i32" ? this.bitsOf32(imm) : imm;
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

  /** As an immediate if it is one, else like `any`. */
  input(value: ValueId, more: Partial<Use> = {}): Input {
    const imm = this.immediate(value);
    return imm === undefined ? { use: this.any(value, more) } : { imm: BigInt(imm) };
  }

  constant(imm: bigint): VReg {
    const vreg = this.temp();
    this.emit([], [this.def(vreg)], (c, _, [to]) => this.writeConstant(c, (to as { reg: number }).reg, imm));
    return vreg;
  }

  temp(): VReg {
    return this.vregs++;
  }

  def(vreg: VReg, more: Partial<Def> = {}): Def {
    return { vreg, after: false, reg: true, hint: undefined, like: undefined, ...more };
  }

  emit(uses: readonly Use[], defs: readonly Def[], emit: MInst<C>["emit"], clobbers = 0): void {
    this.current.insts.push({ uses, defs, clobbers, at: this.at, emit });
  }

  /** Where the caller leaves parameter `n`: a register, or a slot above the frame, which is a negative number. */
  #parameterPlace(n: number): Loc {
    const { argumentRegisters } = this.convention;
    const reg: PReg | undefined = argumentRegisters[n];
    return reg === undefined
      ? { kind: "slot", slot: -1 - (n - argumentRegisters.length) }
      : { kind: "reg", reg };
  }
}
