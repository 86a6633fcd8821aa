/** The order of blocks in memory, once it is known which of them have code. */
import type { MachineLoop, Shape } from "./loops.ts";
import type { MBlock } from "./mir.ts";

/**
 * Keeps loops together, and turns those that test at their beginning so that the test stands at their end: then a turn takes one jump in
 * place of two. `blocks` are those with code, in order; `target` is the block that a jump to another one comes to.
 */
export function layOut<Context>(
  blocks: readonly MBlock<Context>[],
  shape: Shape<Context>,
  target: (block: MBlock<Context>) => MBlock<Context>,
): MBlock<Context>[] {
  const order = [...blocks];
  const loops = innermostFirst(shape.loops);
  for (const loop of loops.toReversed())
    gather(order, (block) => !block.cold && isWithin(shape.loops[block.index], loop));
  for (const loop of loops) {
    const isInside = (block: MBlock<Context>) => !block.cold && isWithin(shape.loops[block.index], loop);
    const first = order.findIndex(isInside);
    if (first <= 0) continue; // the entry stays first
    let end = first;
    while (end < order.length && isInside(order[end]!)) end++;
    const turn = bestTurn(order.slice(first, end), isInside, target);
    if (turn === undefined) continue;
    const before = order[first - 1]!;
    const saved = shape.frequencyAt(order[end - 1]!.from);
    if (saved <= shape.frequencyAt(before.from)) continue;
    order.splice(first, end - first, ...order.slice(first + turn, end), ...order.slice(first, first + turn));
  }
  return order;
}

/** What stands between the blocks of a loop goes behind it. */
function gather<Context>(order: MBlock<Context>[], isInside: (block: MBlock<Context>) => boolean): void {
  const first = order.findIndex(isInside);
  const last = order.findLastIndex(isInside);
  if (first < 0) return;
  const span = order.slice(first, last + 1);
  const strangers = span.filter((block) => !isInside(block));
  if (strangers.length > 0) order.splice(first, span.length, ...span.filter(isInside), ...strangers);
}

/** How many blocks had better go to the end: up to the first that leaves the loop, if the last one only jumps to the first. */
function bestTurn<Context>(
  inside: readonly MBlock<Context>[],
  isInside: (block: MBlock<Context>) => boolean,
  target: (block: MBlock<Context>) => MBlock<Context>,
): number | undefined {
  const [header] = inside;
  const last = inside.at(-1)!;
  if (last.edges.length !== 1 || target(last.edges[0]!.to) !== header) return undefined;
  for (let n = 0; n < inside.length - 1; n++) {
    const { edges } = inside[n]!;
    const next = inside[n + 1];
    const goesOn = edges.some(({ to }) => target(to) === next);
    if (!goesOn) return undefined;
    if (edges.length === 2 && edges.some(({ to }) => !isInside(target(to)))) return n + 1;
    // Falling through one way and jumping the other is as good as before; what only jumps is not.
    if (edges.length !== 1) return undefined;
  }
  return undefined;
}

function isWithin(loop: MachineLoop | undefined, outer: MachineLoop): boolean {
  for (let each = loop; each !== undefined; each = each.parent) if (each === outer) return true;
  return false;
}

function innermostFirst(loops: readonly (MachineLoop | undefined)[]): MachineLoop[] {
  const depth = (loop: MachineLoop): number => (loop.parent === undefined ? 1 : 1 + depth(loop.parent));
  const all = [...new Set(loops)].filter((loop) => loop !== undefined);
  return all.toSorted((a, b) => depth(b) - depth(a));
}
