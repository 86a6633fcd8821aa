/** The lives of values: where each is needed, where it is read and written, and which others had better be in the same place. */
import { forEachBit, liveIn } from "./liveness.ts";
import {
  AFTER,
  frequencyOf,
  type MBlock,
  type MFunc,
  type MInst,
  number,
  type PReg,
  REGISTERS,
  STEP,
  type VReg,
  WRITE,
} from "./mir.ts";

export interface UsePoint {
  readonly at: number;
  /** Must be in a register here. */
  readonly reg: boolean;
  /** Where this instruction no longer needs it. */
  readonly until: number;
  /** What it costs if the value is in memory here, in instructions times frequency. */
  readonly cost: number;
}

export interface Hint {
  readonly at: number;
  readonly reg: PReg;
  readonly weight: number;
}

/** A move that is saved if both are in the same place: `vreg` at `at`, and this value at `own`. */
export interface Affinity {
  readonly own: number;
  readonly vreg: VReg;
  readonly at: number;
  readonly weight: number;
}

export interface Life {
  readonly vreg: VReg;
  /** Stretches of positions, ascending. */
  readonly ranges: number[];
  /** Ascending. */
  readonly uses: UsePoint[];
  readonly hints: Hint[];
  readonly affinities: Affinity[];
}

/** Two values that had better be one. */
export interface Pair {
  readonly a: VReg;
  readonly b: VReg;
  readonly weight: number;
}

export interface Lives {
  /** By value; undefined for values that are never there. */
  readonly of: readonly (Life | undefined)[];
  /** For each register the stretches where instructions destroy it. */
  readonly destroyed: readonly number[][];
  /** Values needed at the start of each block, its parameters not counted. */
  readonly live: readonly Uint32Array[];
  readonly pairs: readonly Pair[];
}

/** A reload is an instruction; an operand in memory is nearly free; a result stored is an instruction. */
const cost = { register: 1, anywhere: 0.4, result: 1, parameter: 0.8 } as const;

/** Where every virtual register is alive, and what it would like to share a place with. */
export function livesOf<Context>(func: MFunc<Context>): Lives {
  number(func);
  const live = liveIn(func);
  const builder = new Builder(func.vregs);
  for (let n = func.blocks.length - 1; n >= 0; n--) builder.block(func.blocks[n]!, live);
  for (const { vreg, at } of func.params) {
    const life = builder.of[vreg];
    if (life === undefined) continue;
    life.uses.push({ at: 0, reg: false, until: 0, cost: at.kind === "slot" ? 0 : cost.parameter });
    if (at.kind === "reg") life.hints.push({ at: 0, reg: at.reg, weight: 1 });
  }
  for (const life of builder.of) {
    if (life === undefined) continue;
    life.ranges.reverse();
    life.uses.reverse();
  }
  for (const ranges of builder.destroyed) ranges.reverse();
  return { of: builder.of, destroyed: builder.destroyed, live, pairs: builder.pairs };
}

/** Walks the program backwards; ranges are kept as [to, from, …] descending until the end. */
class Builder {
  readonly of: (Life | undefined)[];
  readonly destroyed: number[][] = Array.from({ length: REGISTERS }, () => []);
  readonly pairs: Pair[] = [];

  constructor(vregs: number) {
    this.of = Array.from({ length: vregs }, () => undefined);
  }

  life(vreg: VReg): Life {
    const known = this.of[vreg];
    if (known !== undefined) return known;
    const made: Life = { vreg, ranges: [], uses: [], hints: [], affinities: [] };
    this.of[vreg] = made;
    return made;
  }

  block<Context>(block: MBlock<Context>, live: readonly Uint32Array[]): void {
    const frequency = frequencyOf(block);
    const through = (vreg: VReg) => addFront(this.life(vreg).ranges, block.from, block.to);
    for (const { to, args } of block.edges) {
      forEachBit(live[to.index]!, through);
      const weight = Math.min(frequency, frequencyOf(to));
      args.forEach((arg, k) => {
        if (!("vreg" in arg)) return;
        through(arg.vreg);
        this.affinity(arg.vreg, block.to - 1, to.params[k]!, to.from, weight);
      });
    }
    for (let k = block.insts.length - 1; k >= 0; k--)
      this.instruction(block.insts[k]!, block, block.from + STEP * k, frequency);
    for (const vreg of block.params) {
      const { ranges, uses } = this.life(vreg);
      // A parameter that nobody reads still needs a place for its edges to write to.
      addFront(ranges, block.from, block.from + 1);
      uses.push({ at: block.from, reg: false, until: block.from, cost: cost.parameter * frequency });
    }
  }

  instruction<Context>(
    { uses, defs, clobbers }: MInst<Context>,
    block: MBlock<Context>,
    at: number,
    frequency: number,
  ): void {
    for (let reg = 0, rest = clobbers; rest !== 0; reg++, rest >>>= 1)
      if (rest & 1) this.destroyed[reg]!.push(at + AFTER, at + WRITE);
    for (const { vreg, after, reg, hint, like } of defs) {
      const life = this.life(vreg);
      const from = at + (after ? AFTER : WRITE);
      define(life.ranges, from);
      life.uses.push({ at: from, reg, until: at + STEP, cost: cost.result * frequency });
      if (hint !== undefined) life.hints.push({ at: from, reg: hint, weight: frequency });
      if (like !== undefined) this.affinity(like, at, vreg, from, frequency);
    }
    for (const { vreg, reg, late, hint } of uses) {
      const life = this.life(vreg);
      const until = at + (late ? AFTER : WRITE);
      addFront(life.ranges, block.from, until);
      life.uses.push({ at, reg, until, cost: (reg ? cost.register : cost.anywhere) * frequency });
      if (hint !== undefined) life.hints.push({ at, reg: hint, weight: frequency });
    }
  }

  affinity(a: VReg, atA: number, b: VReg, atB: number, weight: number): void {
    this.life(a).affinities.push({ own: atA, vreg: b, at: atB, weight });
    this.life(b).affinities.push({ own: atB, vreg: a, at: atA, weight });
    if (a !== b) this.pairs.push({ a, b, weight });
  }
}

/** Adds [from, to) in front of descending ranges; it may touch or overlap those that are there. */
function addFront(ranges: number[], from: number, to: number): void {
  let low = from;
  let high = to;
  for (let end = ranges.length; end > 0 && ranges[end - 1]! <= high; end -= 2) {
    low = Math.min(low, ranges.pop()!);
    high = Math.max(high, ranges.pop()!);
  }
  ranges.push(high, low);
}

/** The value begins here: its first stretch, if anybody needs it, was noted from the start of the block. */
function define(ranges: number[], from: number): void {
  const last = ranges.length - 1;
  if (last > 0 && ranges[last]! <= from && ranges[last - 1]! > from) ranges[last] = from;
  else ranges.push(from + 1, from);
}
