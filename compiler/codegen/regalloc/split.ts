/** Where to cut a bundle that finds no register for its whole life. */
import type { Bundle, Part } from "./bundles.ts";
import type { UsePoint } from "./lives.ts";
import type { MachineLoop, Shape } from "./loops.ts";
import { instructionAt, type PReg, STEP, WRITE } from "./mir.ts";
import { covers, difference, firstEndingAfter, type Ranges, union } from "./ranges.ts";
import type { RegisterMap } from "./registers.ts";

/**
 * The loop that a bundle had better be cut out of, or for: not all of the bundle is in it, and what is read and written there weighs
 * most. Undefined when there is none.
 */
export function loopToCut<Context>(bundle: Bundle, shape: Shape<Context>): MachineLoop | undefined {
  const weights = new Map<MachineLoop, number>();
  for (const { uses } of bundle.parts)
    for (const { at, cost } of uses) {
      const loop = outermost(shape.loopAt(at), bundle.ranges);
      if (loop !== undefined) weights.set(loop, (weights.get(loop) ?? 0) + cost);
    }
  let best: MachineLoop | undefined;
  for (const [loop, weight] of weights) if (best === undefined || weight > weights.get(best)!) best = loop;
  return best;
}

/** The outermost loop around `loop` that does not hold all of `ranges`. */
function outermost(loop: MachineLoop | undefined, ranges: Ranges): MachineLoop | undefined {
  let found: MachineLoop | undefined;
  for (let each = loop; each !== undefined; each = each.parent) {
    if (difference(ranges, each.ranges).length === 0) break;
    found = each;
  }
  return found;
}

export interface Zones {
  /** What had better be in this register. */
  readonly region: Ranges;
  /** What must be in memory, because there is no place to move it to another register. */
  readonly memory: Ranges;
  /** Instructions saved, times frequency. */
  readonly gain: number;
}

/** The stretches of a bundle for which one register is free, or taken by what weighs less, and worth the moves. */
function zonesIn<Context>(bundle: Bundle, map: RegisterMap, shape: Shape<Context>): Zones {
  const heavier = map.takenBy(bundle.ranges, (owner) => owner.weight >= bundle.weight);
  const blocked = wholeInstructions(union(heavier, map.destroyed));
  let region: number[] = [];
  let memory: number[] = [];
  let gain = 0;
  for (const part of bundle.parts)
    for (const run of runsOf(part, blocked)) {
      const zone = zoneOf(part, run, shape);
      if (zone === undefined) continue;
      region = union(region, zone.ranges);
      gain += zone.gain;
      const end = zone.ranges.at(-1)!;
      if (end % STEP !== 0 && covers(part.ranges, end))
        memory = union(memory, [end, instructionAt(end) + STEP]);
    }
  return { region, memory, gain };
}

/**
 * Blocked stretches, widened to the instructions they touch: moves happen between instructions only. But what begins with the writing of
 * results leaves the operands be.
 */
function wholeInstructions(ranges: Ranges): number[] {
  const wide: number[] = [];
  for (let n = 0; n < ranges.length; n += 2) {
    const start = ranges[n]!;
    const from = start % STEP === WRITE ? start : instructionAt(start);
    const to = instructionAt(ranges[n + 1]! + STEP - 1);
    const last = wide.length - 1;
    if (last > 0 && from <= wide[last]!) wide[last] = Math.max(wide[last]!, to);
    else wide.push(from, to);
  }
  return wide;
}

interface Run {
  readonly ranges: Ranges;
  readonly uses: readonly UsePoint[];
}

/** The stretches of a part between blocked ones, as far as it is used there. */
function runsOf({ ranges, uses }: Part, blocked: Ranges): Run[] {
  const free = difference(ranges, blocked);
  const runs: Run[] = [];
  let next = 0;
  for (let n = 0; n < free.length; ) {
    const start = free[n]!;
    // Up to the next blocked stretch, holes of the life included.
    const wall = blocked[firstEndingAfter(blocked, start)] ?? Number.POSITIVE_INFINITY;
    const own: number[] = [];
    for (; n < free.length && free[n]! < wall; n += 2) own.push(free[n]!, free[n + 1]!);
    while (next < uses.length && uses[next]!.at < start) next++;
    const mine: UsePoint[] = [];
    for (; next < uses.length && uses[next]!.at < wall; next++) mine.push(uses[next]!);
    // What the instruction at the wall reads late must not be in a register that it destroys.
    const late = mine.some(({ until }) => until > wall);
    const end = late ? instructionAt(wall) : wall;
    const used = mine.filter(({ at }) => at < end && covers(own, at));
    if (used.length > 0)
      runs.push({ ranges: late ? difference(own, [end, Number.POSITIVE_INFINITY]) : own, uses: used });
  }
  return runs;
}

/** Cuts a run down to where it is worth having, and weighs that. */
function zoneOf<Context>(
  part: Part,
  { ranges, uses }: Run,
  shape: Shape<Context>,
): { ranges: Ranges; gain: number } | undefined {
  const first = uses[0]!;
  const last = uses.at(-1)!;
  const begins = isBeginning(part, ranges[0]!, first, shape);
  const head = begins ? ranges[0]! : bestHead(ranges, first, shape);
  const tail = bestTail(ranges, last, shape);
  const outside = [0, head, tail, Number.POSITIVE_INFINITY];
  const own = difference(ranges, outside);
  if (own.length === 0) return undefined;
  let gain = 0;
  for (const { at, cost } of uses) if (!begins || at !== first.at) gain += cost;
  gain -= reloads(part, own, begins, shape);
  return gain > 0.1 ? { ranges: own, gain } : undefined;
}

/** Is the value made where the run starts? Then nothing need be loaded. */
function isBeginning<Context>(part: Part, start: number, first: UsePoint, shape: Shape<Context>): boolean {
  if (first.at !== start) return false;
  if (start % STEP !== 0) return true;
  const block = shape.blockAt(start);
  return block.from === start && (start === 0 || block.params.includes(part.vreg));
}

/** The latest of the least executed places to load the value: before its first use, or at the start of a block before it. */
function bestHead<Context>(ranges: Ranges, first: UsePoint, shape: Shape<Context>): number {
  const use = instructionAt(first.at);
  const earliest = instructionAt(ranges[0]! + STEP - 1);
  let best = use;
  let frequency = shape.frequencyAt(use);
  for (let { index, from } = shape.blockAt(use); from >= earliest; ) {
    const here = shape.frequencyAt(from);
    if (here < frequency && covers(ranges, from)) {
      frequency = here;
      best = from;
    }
    if (index === 0) break;
    index -= 1;
    from = shape.blocks[index]!.from;
  }
  return best;
}

/** The earliest of the least executed places after the last use; where the run ends if the value dies or is written over there. */
function bestTail<Context>(ranges: Ranges, last: UsePoint, shape: Shape<Context>): number {
  const end = ranges.at(-1)!;
  const after = Math.min(end, instructionAt(last.at) + STEP);
  let best = after;
  let frequency = shape.frequencyAt(last.at);
  for (let { index, to } = shape.blockAt(last.at); to < end; ) {
    index += 1;
    const next = shape.blocks[index];
    if (next === undefined) break;
    const here = shape.frequencyAt(next.from);
    if (here < frequency && covers(ranges, next.from)) {
      frequency = here;
      best = next.from;
    }
    to = next.to;
  }
  return best;
}

/** What the loads into these stretches cost. */
function reloads<Context>(part: Part, own: Ranges, begins: boolean, shape: Shape<Context>): number {
  let cost = 0;
  for (let n = 0; n < own.length; n += 2) {
    const from = own[n]!;
    const to = own[n + 1]!;
    let block = shape.blockAt(from);
    if (from !== block.from && !(begins && n === 0)) cost += shape.frequencyAt(from);
    for (; block !== undefined && block.from < to; block = shape.blocks[block.index + 1]!) {
      if (block.from < from || block.from === 0 || block.params.includes(part.vreg)) continue;
      for (const before of shape.predecessors[block.index]!)
        if (!covers(own, before.to - 1)) cost += shape.edgeFrequency(before, block);
    }
  }
  return cost;
}

export type ZoneChoice = Zones & { readonly reg: PReg };

/** The register with the most to gain; undefined when none gains anything. */
export function bestZones<Context>(
  bundle: Bundle,
  candidates: readonly PReg[],
  maps: readonly RegisterMap[],
  shape: Shape<Context>,
): ZoneChoice | undefined {
  let best: ZoneChoice | undefined;
  for (const reg of candidates) {
    const zones = zonesIn(bundle, maps[reg]!, shape);
    if (zones.gain > (best?.gain ?? 0)) best = { ...zones, reg };
  }
  return best;
}
