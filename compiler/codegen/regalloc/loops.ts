/** Loops of machine code, and what is known of blocks by their positions. */
import { frequencyOf, type MBlock, type MFunc } from "./mir.ts";
import type { Ranges } from "./ranges.ts";

export interface MachineLoop {
  /** All positions of its blocks. */
  readonly ranges: Ranges;
  /** The loop directly around it. */
  parent: MachineLoop | undefined;
}

/** Loops and blocks of one function, for questions about positions. */
export class Shape<Context> {
  readonly blocks: readonly MBlock<Context>[];
  readonly predecessors: readonly (readonly MBlock<Context>[])[];
  /** The innermost loop of each block, by its index. */
  readonly loops: readonly (MachineLoop | undefined)[];
  readonly #frequency: readonly number[];

  constructor({ blocks }: MFunc<Context>) {
    this.blocks = blocks;
    this.predecessors = predecessorsOf(blocks);
    this.loops = findLoops(blocks, this.predecessors);
    this.#frequency = blocks.map(frequencyOf);
  }

  blockAt(position: number): MBlock<Context> {
    let low = 0;
    let high = this.blocks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.blocks[middle]!.from <= position) low = middle;
      else high = middle - 1;
    }
    return this.blocks[low]!;
  }

  frequencyAt(position: number): number {
    return this.#frequency[this.blockAt(position).index]!;
  }

  /** How often an edge is taken: at most as often as its ends are executed. */
  edgeFrequency(from: MBlock<Context>, to: MBlock<Context>): number {
    return Math.min(this.#frequency[from.index]!, this.#frequency[to.index]!);
  }

  loopAt(position: number): MachineLoop | undefined {
    return this.loops[this.blockAt(position).index];
  }
}

function predecessorsOf<Context>(blocks: readonly MBlock<Context>[]): MBlock<Context>[][] {
  const found: MBlock<Context>[][] = blocks.map(() => []);
  for (const block of blocks)
    for (const to of new Set(block.edges.map((edge) => edge.to))) found[to.index]!.push(block);
  return found;
}

/** Control flow of WebAssembly is reducible: a loop is entered at its header only, where the edges back go to. */
function findLoops<Context>(
  blocks: readonly MBlock<Context>[],
  predecessors: readonly (readonly MBlock<Context>[])[],
): (MachineLoop | undefined)[] {
  const of: (MachineLoop | undefined)[] = blocks.map(() => undefined);
  const bodies = backEdges(blocks).map(({ header, latches }) => {
    const body = new Set([header]);
    const work = [...latches];
    for (let block = work.pop(); block !== undefined; block = work.pop()) {
      if (body.has(block)) continue;
      body.add(block);
      work.push(...predecessors[block.index]!);
    }
    return body;
  });
  // Larger ones first, so that the last loop noted for a block is the innermost, and the one before is its parent.
  for (const body of bodies.toSorted((a, b) => b.size - a.size)) {
    const members = blocks.filter((block) => body.has(block));
    const loop: MachineLoop = { ranges: joined(members), parent: of[members[0]!.index] };
    for (const { index } of members) of[index] = loop;
  }
  return of;
}

function joined<Context>(blocks: readonly MBlock<Context>[]): number[] {
  const ranges: number[] = [];
  for (const { from, to } of blocks) {
    if (ranges.at(-1) === from) ranges[ranges.length - 1] = to;
    else ranges.push(from, to);
  }
  return ranges;
}

/** Headers of loops with the blocks that go back to them, by a walk in depth. */
function backEdges<Context>(
  blocks: readonly MBlock<Context>[],
): { header: MBlock<Context>; latches: MBlock<Context>[] }[] {
  const found = new Map<MBlock<Context>, MBlock<Context>[]>();
  const state = new Uint8Array(blocks.length); // 1: on the way, 2: done
  const path: { block: MBlock<Context>; next: number }[] = [];
  const enter = (block: MBlock<Context>) => {
    state[block.index] = 1;
    path.push({ block, next: 0 });
  };
  for (const root of blocks) {
    if (state[root.index] !== 0) continue;
    enter(root);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const edge = top.block.edges[top.next++];
      if (edge === undefined) {
        state[top.block.index] = 2;
        path.pop();
      } else if (state[edge.to.index] === 0) enter(edge.to);
      else if (state[edge.to.index] === 1) {
        const latches = found.get(edge.to) ?? [];
        latches.push(top.block);
        found.set(edge.to, latches);
      }
    }
  }
  return [...found].map(([header, latches]) => ({ header, latches }));
}
