/** Writes an allocated function: instructions with their places, and the moves between parts of a value's life. */
import type { Allocation } from "./allocate.ts";
import { end, type Interval, start } from "./intervals.ts";
import { forEachBit } from "./liveness.ts";
import type { Loc, MBlock, MFunc, VReg } from "./mir.ts";
import { type Move, type MoveWriter, sameLoc, writeMoves } from "./parallel-move.ts";

export interface Output<Context> {
  readonly context: Context;
  readonly moves: MoveWriter;
  /**
   * The code of this block begins here; `next` is the one that follows in memory. For each block `targets` has, by index, the one
   * where a jump to it had better go: a block that does nothing but jump is passed over.
   */
  begin(block: MBlock<Context>, next: MBlock<Context> | undefined, targets: readonly MBlock<Context>[]): void;
}

export function writeFunction<Context>(
  func: MFunc<Context>,
  allocation: Allocation,
  output: Output<Context>,
): void {
  new Writer(func, allocation, output).run();
}

class Writer<Context> {
  readonly func: MFunc<Context>;
  readonly allocation: Allocation;
  readonly output: Output<Context>;
  readonly predecessors: number[];
  /** For blocks with one way in, from a block with several ways out: that edge. */
  readonly entrance: ({ from: MBlock<Context>; edge: number } | undefined)[];
  readonly targets: MBlock<Context>[];
  /** Moves before the instruction at a position: parts of values that begin inside of a block. */
  readonly inside = new Map<number, Move[]>();

  constructor(func: MFunc<Context>, allocation: Allocation, output: Output<Context>) {
    this.func = func;
    this.allocation = allocation;
    this.output = output;
    this.predecessors = func.blocks.map(() => 0);
    this.entrance = func.blocks.map(() => undefined);
    for (const from of func.blocks)
      from.edges.forEach(({ to }, edge) => {
        // Several edges from one block to another move nothing but what lives through: they count as one.
        if (from.edges.findIndex((other) => other.to === to) === edge) this.predecessors[to.index]! += 1;
        if (from.edges.length > 1) this.entrance[to.index] = { from, edge };
      });
    this.targets = [...func.blocks];
    this.findInsideMoves();
    this.passOverEmpty();
  }

  run(): void {
    const { blocks, params } = this.func;
    const full = blocks.filter((block) => this.targets[block.index] === block);
    for (const [n, block] of full.entries()) {
      this.output.begin(block, full[n + 1], this.targets);
      if (block.index === 0) {
        const entry = params.filter(({ vreg }) => this.allocation.parts.has(vreg));
        writeMoves(
          entry.map(({ vreg, at }) => ({ from: at, to: this.place(vreg, 0) })),
          this.output.moves,
        );
      }
      this.arrive(block);
      for (const vreg of block.params) this.store(vreg, this.place(vreg, block.from));
      this.body(block);
    }
  }

  body(block: MBlock<Context>): void {
    block.insts.forEach((inst, n) => {
      const at = block.from + 2 * n;
      const moves = this.inside.get(at);
      if (moves !== undefined) writeMoves(moves, this.output.moves);
      if (n === block.insts.length - 1 && block.edges.length === 1) this.leave(block);
      const uses = inst.uses.map(({ vreg }) => this.place(vreg, at));
      const defs = inst.defs.map(({ vreg, after }) => this.place(vreg, after ? at + 2 : at + 1));
      inst.emit(this.output.context, uses, defs);
      inst.defs.forEach(({ vreg }, k) => {
        this.store(vreg, defs[k]!);
      });
    });
  }

  /** A spilled value goes to its slot once, when it is defined. */
  store(vreg: VReg, at: Loc): void {
    const slot = this.allocation.slots.get(vreg);
    if (slot !== undefined && at.kind !== "slot") this.output.moves.move({ kind: "slot", slot }, at);
  }

  /** The only way out: moves come before the jump. */
  leave(block: MBlock<Context>): void {
    this.edgeMoves(block, 0);
  }

  /** The only way in, from a block with several ways out: moves come first here. */
  arrive(block: MBlock<Context>): void {
    const entrance = this.entrance[block.index];
    if (entrance !== undefined) this.edgeMoves(entrance.from, entrance.edge);
  }

  edgeMoves(from: MBlock<Context>, edge: number): void {
    writeMoves(this.movesOf(from, edge), this.output.moves);
  }

  movesOf(from: MBlock<Context>, edge: number): Move[] {
    const { to, args } = from.edges[edge]!;
    if (from.edges.length > 1 && this.predecessors[to.index] !== 1) throw new Error("BUG: critical edge");
    const moves: Move[] = [];
    forEachBit(this.allocation.live[to.index]!, (vreg) => {
      const target = this.place(vreg, to.from);
      if (target.kind === "reg") moves.push({ from: this.place(vreg, from.to - 1), to: target });
    });
    args.forEach((arg, n) => {
      const target = this.place(to.params[n]!, to.from);
      moves.push({
        from: "vreg" in arg ? this.place(arg.vreg, from.to - 1) : { kind: "imm", imm: arg.imm },
        to: target,
      });
    });
    return moves.filter((move) => !sameLoc(move.from, move.to));
  }

  /** A jump that moves nothing: neither on its way in nor on its way out. */
  isEmpty(block: MBlock<Context>): boolean {
    if (block.insts.length !== 1 || block.edges.length !== 1 || block.params.length > 0) return false;
    const { to } = block.edges[0]!;
    if (to === block || this.inside.has(block.from)) return false;
    const entrance = this.entrance[block.index];
    const arriving = entrance === undefined ? [] : this.movesOf(entrance.from, entrance.edge);
    return arriving.length === 0 && this.movesOf(block, 0).length === 0;
  }

  passOverEmpty(): void {
    // Chains of empty blocks are finite but for endless loops, whose first block stands for all.
    for (const block of this.func.blocks) {
      const seen = new Set<MBlock<Context>>();
      let target = block;
      while (!seen.has(target) && target.index !== 0 && this.isEmpty(target)) {
        seen.add(target);
        target = target.edges[0]!.to;
      }
      this.targets[block.index] = target;
    }
  }

  findInsideMoves(): void {
    const starts = new Set(this.func.blocks.map(({ from }) => from));
    for (const [vreg, parts] of this.allocation.parts) {
      for (let n = 1; n < parts.length; n++) {
        const part = parts[n]!;
        const at = start(part);
        // After a hole the value comes over an edge; into memory there is nothing to do.
        if (starts.has(at) || part.spilled || end(parts[n - 1]!) !== at) continue;
        const moves = this.inside.get(at) ?? [];
        moves.push({ from: this.placeOf(vreg, parts[n - 1]!), to: this.placeOf(vreg, part) });
        this.inside.set(at, moves);
      }
    }
  }

  place(vreg: VReg, position: number): Loc {
    const parts = this.allocation.parts.get(vreg);
    if (parts === undefined) throw new Error(`BUG: v${vreg} has no life`);
    let found = parts[0]!;
    for (const part of parts) if (start(part) <= position) found = part;
    return this.placeOf(vreg, found);
  }

  placeOf(vreg: VReg, part: Interval): Loc {
    if (part.reg !== undefined) return { kind: "reg", reg: part.reg };
    const slot = this.allocation.slots.get(vreg);
    if (slot === undefined) throw new Error(`BUG: v${vreg} has neither register nor slot`);
    return { kind: "slot", slot };
  }
}
