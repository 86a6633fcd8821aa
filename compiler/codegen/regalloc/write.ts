/** Writes an allocated function: instructions with their places, and the moves between the places of a value. */
import { layOut } from "./layout.ts";
import { forEachBit } from "./liveness.ts";
import { Shape } from "./loops.ts";
import { AFTER, instructionAt, type Loc, type MBlock, type MFunc, STEP, type VReg, WRITE } from "./mir.ts";
import { type Move, type MoveWriter, sameLoc, writeMoves } from "./parallel-move.ts";
import type { Placement, Segment } from "./placement.ts";

export interface Output<Context> {
  readonly context: Context;
  readonly moves: MoveWriter;
  /**
   * The code of this block begins here; `next` is the one that follows in memory. For each block `targets` has, by index, the one
   * where a jump to it had better go: a block that does nothing but jump is passed over.
   */
  begin(block: MBlock<Context>, next: MBlock<Context> | undefined, targets: readonly MBlock<Context>[]): void;
  /** What is written next belongs to an instruction that was made of this (`MInst.at`). */
  from(at: number): void;
}

/**
 * A block that is one instruction from which nothing follows, a report of a fault. It is written at the first place behind a jump to it into which nothing
 * falls: so near, a jump is short.
 */
const isStub = <Context>({ index, cold, edges, insts }: MBlock<Context>): boolean =>
  index !== 0 && cold && edges.length === 0 && insts.length === 1;

/** Emits the instructions in order, with the moves that the allocation made necessary between them. */
export function writeFunction<Context>(
  func: MFunc<Context>,
  placement: Placement,
  output: Output<Context>,
): void {
  new Writer(func, placement, output).run();
}

class Writer<Context> {
  readonly func: MFunc<Context>;
  readonly placement: Placement;
  readonly output: Output<Context>;
  /** How many blocks lead to each. */
  readonly predecessors: number[];
  /** For blocks with one way in, from a block with several ways out: that edge. */
  readonly entrance: ({ from: MBlock<Context>; edge: number } | undefined)[];
  readonly targets: MBlock<Context>[];
  /** Moves before the instruction at a position: where a value changes its place inside of a block. */
  readonly inside = new Map<number, Move[]>();

  constructor(func: MFunc<Context>, placement: Placement, output: Output<Context>) {
    this.func = func;
    this.placement = placement;
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
    const { blocks } = this.func;
    const full = layOut(
      blocks.filter((block) => this.targets[block.index] === block),
      new Shape(this.func),
      ({ index }) => this.targets[index]!,
    );
    const stubs = new Set(full.filter(isStub));
    const order = full.filter((block) => !stubs.has(block));
    const wanted = new Set<MBlock<Context>>();
    for (const [n, block] of order.entries()) {
      const next = order[n + 1];
      this.block(block, next);
      const goals = block.edges.map(({ to }) => this.targets[to.index]!);
      for (const goal of goals) if (stubs.delete(goal)) wanted.add(goal);
      if (next !== undefined && goals.includes(next)) continue;
      for (const stub of wanted) this.block(stub, undefined);
      wanted.clear();
    }
    for (const stub of stubs) this.block(stub, undefined);
  }

  block(block: MBlock<Context>, next: MBlock<Context> | undefined): void {
    this.output.begin(block, next, this.targets);
    if (block.index === 0) this.enter();
    this.arrive(block);
    this.body(block);
  }

  /** From where the caller leaves parameters to their places. */
  enter(): void {
    const moves: Move[] = [];
    for (const { vreg, at } of this.func.params) {
      if (!this.placement.has(vreg)) continue;
      const place = this.placement.place(vreg, 0);
      moves.push({ from: at, to: place, narrow: this.func.isHalf(vreg) });
      if (place.kind !== "slot" && this.placement.isStoredAtOnce(vreg))
        moves.push({ from: at, to: this.placement.slot(vreg) });
    }
    writeMoves(moves, this.output.moves);
  }

  body(block: MBlock<Context>): void {
    block.insts.forEach((inst, n) => {
      const at = block.from + STEP * n;
      this.output.from(inst.at);
      const moves = this.inside.get(at);
      if (moves !== undefined) writeMoves(moves, this.output.moves);
      if (n === block.insts.length - 1 && block.edges.length === 1)
        writeMoves(this.movesOf(block, 0), this.output.moves);
      const uses = inst.uses.map(({ vreg }) => this.placement.place(vreg, at));
      const defs = inst.defs.map(({ vreg, after }) =>
        this.placement.place(vreg, at + (after ? AFTER : WRITE)),
      );
      inst.emit(this.output.context, uses, defs);
      inst.defs.forEach(({ vreg }, k) => {
        if (defs[k]!.kind !== "slot" && this.placement.isStoredAtOnce(vreg))
          this.output.moves.move(this.placement.slot(vreg), defs[k]!);
      });
    });
  }

  /** The only way in, from a block with several ways out: moves come first here. */
  arrive(block: MBlock<Context>): void {
    const entrance = this.entrance[block.index];
    if (entrance !== undefined) writeMoves(this.movesOf(entrance.from, entrance.edge), this.output.moves);
  }

  movesOf(from: MBlock<Context>, edge: number): Move[] {
    const { to, args } = from.edges[edge]!;
    if (from.edges.length > 1 && this.predecessors[to.index] !== 1) throw new Error("BUG: critical edge");
    const { placement } = this;
    const moves: Move[] = [];
    const last = from.to - 1;
    forEachBit(placement.live[to.index]!, (vreg) => {
      const target = placement.place(vreg, to.from);
      if (target.kind === "slot" && placement.isSlotValid(vreg, last)) return;
      moves.push({ from: placement.place(vreg, last), to: target, narrow: this.func.isHalf(vreg) });
    });
    args.forEach((arg, n) => {
      const param = to.params[n]!;
      const source: Loc = "vreg" in arg ? placement.place(arg.vreg, last) : { kind: "imm", imm: arg.imm };
      const target = placement.place(param, to.from);
      if (target.kind !== "slot") moves.push({ from: source, to: target, narrow: this.func.isHalf(param) });
      if (target.kind !== "slot" && !placement.isStoredAtOnce(param)) return;
      const slot = placement.slot(param);
      const there =
        "vreg" in arg && placement.isSlotValid(arg.vreg, last) && sameLoc(placement.slot(arg.vreg), slot);
      if (!there) moves.push({ from: source, to: slot });
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
    const empty = this.func.blocks.map((block) => block.index !== 0 && this.isEmpty(block));
    for (const block of this.func.blocks) {
      const seen = new Set<MBlock<Context>>();
      let target = block;
      // Blocks that jump in a circle are endless loops: each stands for itself.
      while (!seen.has(target) && empty[target.index]) {
        seen.add(target);
        target = target.edges[0]!.to;
      }
      this.targets[block.index] = empty[target.index] ? block : target;
    }
  }

  findInsideMoves(): void {
    const starts = new Set(this.func.blocks.map(({ from }) => from));
    for (let vreg: VReg = 0; vreg < this.func.vregs; vreg++) {
      const segments = this.placement.segments(vreg);
      for (let n = 1; n < segments.length; n++) {
        const before = segments[n - 1]!;
        const { from, reg } = segments[n]!;
        // After a hole, and at the start of a block, the value comes over an edge.
        if (before.to !== from || starts.has(from)) continue;
        const at = instructionAt(from);
        if (reg !== undefined) {
          if (from !== at) throw new Error(`BUG: v${vreg} changes its register inside of an instruction`);
          this.move(at, {
            from: this.placement.place(vreg, before.to - 1),
            to: { kind: "reg", reg },
            narrow: this.func.isHalf(vreg),
          });
        } else if (!this.placement.isStoredAtOnce(vreg) && !this.isReloaded(segments, n - 1, starts)) {
          // Memory may begin inside of an instruction, but it is written before: from where the value is until then.
          const moved = before.from === at && segments[n - 2]?.to === at && !starts.has(at);
          const source = this.placement.place(vreg, from === at || moved ? at - 1 : at);
          this.move(at, { from: source, to: this.placement.slot(vreg) });
        }
      }
    }
  }

  /** Came this part in a register out of memory, inside of one block? Then memory still holds the value. */
  isReloaded(segments: readonly Segment[], n: number, starts: ReadonlySet<number>): boolean {
    const before = segments[n - 1];
    const { from, to } = segments[n]!;
    if (before === undefined || before.to !== from || before.reg !== undefined || starts.has(from))
      return false;
    return this.func.blocks.some((block) => block.from <= from && to <= block.to);
  }

  move(at: number, move: Move): void {
    const moves = this.inside.get(at) ?? [];
    moves.push(move);
    this.inside.set(at, moves);
  }
}
