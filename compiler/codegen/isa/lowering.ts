/** SSA → machine instructions: the walk, and what the rules share, for every instruction set. Its own part is a subclass; its rules are in `rules-*.ts`. */
import type { Argument, Def, Loc, MBlock, MFunc, MInst, PReg, Use, VReg } from "../regalloc/mir.ts";
import type { Move } from "../regalloc/parallel-move.ts";
import { type Block, effectsOf, type Func, type Inst, terminator } from "../ssa/func.ts";
import type { ValueId } from "../ssa/ids.ts";
import { loopDepths } from "../ssa/loops.ts";
import { effect } from "../ssa/ops.ts";
import type { ModuleFacts } from "./isa.ts";

/** An operand: in a place, or a constant that the instruction can hold itself. */
export type Input = { readonly use: Use } | { readonly imm: bigint };

export interface Passing {
  readonly uses: readonly Use[];
  /** To the stack, lowest first, and to registers. */
  readonly moves: (places: readonly Loc[]) => { stack: readonly Move[]; regs: readonly Move[] };
}

/** Lowers one instruction. */
export type Rule<L> = (l: L, inst: Inst) => void;
export type Rules<L> = Readonly<Record<string, Rule<L>>>;

/** One function on its way to machine instructions; rules take their operands from it and give their instructions to it. Used once. */
export abstract class Lowering<C, L extends Lowering<C, L>> {
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

  /** Arguments that a caller leaves in registers; the others are on the stack. */
  abstract readonly argumentRegisters: readonly PReg[];
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

  /** Arguments of a call on their way: places for those that are values, and the moves once these are known. */
  passing(args: readonly ValueId[], word: number): Passing {
    const uses: Use[] = [];
    const { length } = this.argumentRegisters;
    const sources = args.map((arg, n) => {
      const imm = this.func.constant(arg);
      if (imm !== undefined) return { imm: this.bitsOf(arg, imm) };
      uses.push(this.any(arg, { hint: this.argumentRegisters[n] }));
      return { use: uses.length - 1 };
    });
    this.outgoing = Math.max(this.outgoing, word * Math.max(0, args.length - length));
    this.calls = true;
    const moves = (places: readonly Loc[]) => {
      const all = sources.map((source, n): Move => {
        const from: Loc = "imm" in source ? { kind: "imm", imm: source.imm! } : places[source.use]!;
        const reg = this.argumentRegisters[n];
        return { from, to: reg === undefined ? { kind: "slot", slot: n } : { kind: "reg", reg } };
      });
      return { stack: all.slice(length), regs: all.slice(0, length) };
    };
    return { uses, moves };
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
    const reg: PReg | undefined = this.argumentRegisters[n];
    return reg === undefined
      ? { kind: "slot", slot: -1 - (n - this.argumentRegisters.length) }
      : { kind: "reg", reg };
  }
}
