import { type Block, type Func, successors } from "./func.ts";
import type { BlockId } from "./ids.ts";

/** Control flow of a function as it is now; any change of branches makes it stale. All arrays are by BlockId. */
export interface Cfg {
  /** Reachable blocks, each after all its predecessors but loop back edges. */
  readonly order: readonly Block[];
  /** Position in `order`; -1 when unreachable. */
  readonly position: Int32Array;
  /** Reachable predecessors, one entry per edge. */
  readonly preds: readonly (readonly Block[])[];
  /** Immediate dominator; undefined for the entry and unreachable blocks. */
  readonly idom: readonly (Block | undefined)[];
  /** Does `a` dominate `b`? A block dominates itself. */
  dominates(a: Block, b: Block): boolean;
  /** Blocks whose immediate dominator is the block, in `order`. */
  readonly children: readonly (readonly Block[])[];
}

/** Walks the function once for orders and predecessors, then finds dominators (Cooper, Harvey, Kennedy 2001). */
export function computeCfg(func: Func): Cfg {
  const order = postorder(func).reverse();
  const position = new Int32Array(func.blockCount).fill(-1);
  order.forEach((block, index) => {
    position[block.id] = index;
  });
  const preds: Block[][] = Array.from({ length: func.blockCount }, () => []);
  for (const block of order) for (const next of successors(block)) preds[next.id]!.push(block);

  const idom = dominators(order, position, preds);
  const children: Block[][] = Array.from({ length: func.blockCount }, () => []);
  for (const block of order) {
    const parent = idom[block.id];
    if (parent) children[parent.id]!.push(block);
  }
  const { enter, leave } = treeNumbers(func, children);
  const dominates = (a: Block, b: Block) => enter[a.id]! <= enter[b.id]! && leave[b.id]! <= leave[a.id]!;
  return { order, position, preds, idom, children, dominates };
}

function postorder(func: Func): Block[] {
  const seen = new Uint8Array(func.blockCount);
  const order: Block[] = [];
  const stack: { block: Block; next: Block[]; at: number }[] = [];
  const push = (block: Block) => {
    seen[block.id] = 1;
    // Last successor first, so that the reversed order lists the first successor first.
    stack.push({ block, next: successors(block).reverse(), at: 0 });
  };
  push(func.entry);
  while (stack.length > 0) {
    const top = stack.at(-1)!;
    const next = top.next[top.at++];
    if (next === undefined) {
      order.push(top.block);
      stack.pop();
    } else if (!seen[next.id]) push(next);
  }
  return order;
}

function dominators(order: readonly Block[], position: Int32Array, preds: readonly (readonly Block[])[]) {
  const idom: (Block | undefined)[] = new Array(preds.length).fill(undefined);
  const at = new Int32Array(order.length).fill(-1); // by position: position of the immediate dominator
  at[0] = 0;
  const meet = (a: number, b: number) => {
    let [x, y] = [a, b];
    while (x !== y) {
      if (x > y) x = at[x]!;
      else y = at[y]!;
    }
    return x;
  };
  for (let changed = true; changed; ) {
    changed = false;
    for (let index = 1; index < order.length; index++) {
      let best = -1;
      for (const pred of preds[order[index]!.id]!) {
        const p = position[pred.id]!;
        if (at[p] !== -1) best = best === -1 ? p : meet(p, best);
      }
      if (at[index] !== best) {
        at[index] = best;
        changed = true;
      }
    }
  }
  for (let index = 1; index < order.length; index++) idom[order[index]!.id] = order[at[index]!];
  return idom;
}

function treeNumbers(func: Func, children: readonly (readonly Block[])[]) {
  const enter = new Int32Array(func.blockCount).fill(-1);
  const leave = new Int32Array(func.blockCount).fill(-2);
  let clock = 0;
  const stack: { block: Block; at: number }[] = [{ block: func.entry, at: 0 }];
  enter[func.entry.id] = clock++;
  while (stack.length > 0) {
    const top = stack.at(-1)!;
    const child = children[top.block.id]![top.at++];
    if (child === undefined) {
      leave[top.block.id] = clock++;
      stack.pop();
    } else {
      enter[child.id] = clock++;
      stack.push({ block: child, at: 0 });
    }
  }
  return { enter, leave };
}

/** A natural loop: the target of back edges that it dominates, with all blocks that reach them. */
export interface Loop {
  readonly header: Block;
  /** The loop directly around this one. */
  parent: Loop | undefined;
  /** 1 for an outermost loop. */
  depth: number;
  /** All blocks of the loop, those of inner loops too; in `Cfg.order`. */
  readonly blocks: Block[];
}

export interface Loops {
  /** Outer loops before inner ones. */
  readonly all: readonly Loop[];
  /** The innermost loop of a block, by BlockId. */
  readonly of: readonly (Loop | undefined)[];
  depth(id: BlockId): number;
}

/** Natural loops. Wasm's control flow is reducible, so every cycle is one. */
export function computeLoops(func: Func, cfg: Cfg): Loops {
  const all: Loop[] = [];
  const of: (Loop | undefined)[] = new Array(func.blockCount).fill(undefined);
  // Headers in reverse order: inner loops come before those around them.
  for (const header of [...cfg.order].reverse()) {
    const work = cfg.preds[header.id]!.filter((pred) => cfg.dominates(header, pred));
    if (work.length === 0) continue;
    const loop: Loop = { header, parent: undefined, depth: 0, blocks: [] };
    all.push(loop);
    while (work.length > 0) {
      const block = work.pop()!;
      let inner = of[block.id];
      if (inner === undefined) {
        of[block.id] = loop;
        if (block !== header) work.push(...cfg.preds[block.id]!);
        continue;
      }
      while (inner.parent !== undefined && inner.parent !== loop) inner = inner.parent;
      if (inner === loop || inner.parent === loop) continue;
      inner.parent = loop;
      work.push(...cfg.preds[inner.header.id]!);
    }
    of[header.id] ??= loop;
  }
  all.reverse();
  for (const loop of all) loop.depth = (loop.parent?.depth ?? 0) + 1;
  for (const block of cfg.order)
    for (let loop = of[block.id]; loop !== undefined; loop = loop.parent) loop.blocks.push(block);
  return { all, of, depth: (id) => of[id]?.depth ?? 0 };
}

/** By ValueId: the block in which the value is made. */
export function homesOf(func: Func): (Block | undefined)[] {
  const homes: (Block | undefined)[] = new Array(func.valueCount).fill(undefined);
  for (const block of func.blocks) {
    for (const param of block.params) homes[param] = block;
    for (const inst of block.insts) for (const result of inst.results) homes[result] = block;
  }
  return homes;
}
