/** Live intervals: for each value the stretches of the program where it is needed, and where it is used. */
import { forEachBit, liveIn } from "./liveness.ts";
import { type MFunc, number, type PReg, type VReg } from "./mir.ts";

export interface UsePoint {
  readonly at: number;
  /** Must be in a register here. */
  readonly reg: boolean;
}

/** A value, or after splitting a part of its life, with one place for all of it. */
export interface Interval {
  readonly vreg: VReg;
  /** Half-open, ascending, apart; built backwards, then kept as flat pairs. */
  ranges: number[];
  uses: UsePoint[];
  reg: PReg | undefined;
  /** In the value's stack slot. */
  spilled: boolean;
  hint: PReg | undefined;
  like: VReg[];
}

export interface Intervals {
  readonly of: readonly (Interval | undefined)[];
  /** For each register the stretches where instructions destroy it, as flat pairs. */
  readonly fixed: readonly number[][];
  readonly live: readonly Uint32Array[];
}

export const start = (interval: Interval): number => interval.ranges[0]!;
export const end = (interval: Interval): number => interval.ranges[interval.ranges.length - 1]!;

export function buildIntervals<Context>(func: MFunc<Context>): Intervals {
  number(func);
  const live = liveIn(func);
  const of: (Interval | undefined)[] = Array.from({ length: func.vregs }, () => undefined);
  const fixed: number[][] = Array.from({ length: 16 }, () => []);
  const get = (vreg: VReg): Interval =>
    (of[vreg] ??= { vreg, ranges: [], uses: [], reg: undefined, spilled: false, hint: undefined, like: [] });

  for (let n = func.blocks.length - 1; n >= 0; n--) {
    const block = func.blocks[n]!;
    const through = (vreg: VReg) => addRange(get(vreg), block.from, block.to);
    for (const { to, args } of block.edges) {
      forEachBit(live[to.index]!, through);
      args.forEach((arg, k) => {
        if (!("vreg" in arg)) return;
        through(arg.vreg);
        get(arg.vreg).like.push(to.params[k]!);
        get(to.params[k]!).like.push(arg.vreg);
      });
    }
    for (let k = block.insts.length - 1; k >= 0; k--) {
      const inst = block.insts[k]!;
      const at = block.from + 2 * k;
      for (let reg = 0, rest = inst.clobbers; rest !== 0; reg++, rest >>>= 1)
        if (rest & 1) fixed[reg]!.push(at + 2, at + 1);
      for (const { vreg, after, reg, hint, like } of inst.defs) {
        const interval = get(vreg);
        const from = after ? at + 2 : at + 1;
        if (interval.ranges.length === 0 || interval.ranges[0]! > from + 1)
          addRange(interval, from, from + 1);
        interval.ranges[0] = from;
        interval.uses.push({ at: from, reg });
        interval.hint ??= hint;
        if (like !== undefined) {
          interval.like.push(like);
          get(like).like.push(vreg);
        }
      }
      for (const { vreg, reg, late, hint } of inst.uses) {
        const interval = get(vreg);
        addRange(interval, block.from, late ? at + 2 : at + 1);
        interval.uses.push({ at, reg });
        interval.hint ??= hint;
      }
    }
    for (const vreg of block.params) {
      const interval = get(vreg);
      // A parameter that nobody reads still needs a place for its edges to write to.
      if (interval.ranges.length === 0 || interval.ranges[0]! !== block.from)
        addRange(interval, block.from, block.from + 1);
      interval.uses.push({ at: block.from, reg: false });
    }
  }
  for (const { vreg, at } of func.params) if (at.kind === "reg" && of[vreg]) of[vreg].hint ??= at.reg;
  for (const interval of of) interval?.uses.reverse();
  for (const ranges of fixed) ranges.reverse();
  return { of, fixed, live };
}

/** Adds [from, to) in front; ranges come in descending order and may touch or overlap the first one. */
function addRange({ ranges }: Interval, from: number, to: number): void {
  if (ranges.length > 0 && to >= ranges[0]!) {
    ranges[0] = Math.min(ranges[0]!, from);
    ranges[1] = Math.max(ranges[1]!, to);
    // One stretch may swallow the next ones.
    while (ranges.length > 2 && ranges[1]! >= ranges[2]!) {
      const swallowed = ranges.splice(2, 2);
      ranges[1] = Math.max(ranges[1]!, swallowed[1]!);
    }
  } else ranges.unshift(from, to);
}

export function covers({ ranges }: Interval, position: number): boolean {
  for (let n = 0; n < ranges.length; n += 2) if (position < ranges[n + 1]!) return position >= ranges[n]!;
  return false;
}

/** The first position that both have; Infinity if there is none. */
export function intersection(a: readonly number[], b: readonly number[]): number {
  let i = 0;
  let j = lowerBound(b, a[0] ?? 0);
  while (i < a.length && j < b.length) {
    const from = Math.max(a[i]!, b[j]!);
    if (from < Math.min(a[i + 1]!, b[j + 1]!)) return from;
    if (a[i + 1]! <= b[j + 1]!) i += 2;
    else j += 2;
  }
  return Number.POSITIVE_INFINITY;
}

/** Index of the first range of `ranges` that ends after `position`. */
function lowerBound(ranges: readonly number[], position: number): number {
  let low = 0;
  let high = ranges.length >> 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ranges[2 * middle + 1]! <= position) low = middle + 1;
    else high = middle;
  }
  return 2 * low;
}

/** Cuts an interval at `position`: it keeps what is before, the result is the rest. */
export function splitAt(interval: Interval, position: number): Interval {
  const { ranges, uses } = interval;
  const before: number[] = [];
  const after: number[] = [];
  for (let n = 0; n < ranges.length; n += 2) {
    const from = ranges[n]!;
    const to = ranges[n + 1]!;
    if (to <= position) before.push(from, to);
    else if (from >= position) after.push(from, to);
    else {
      before.push(from, position);
      after.push(position, to);
    }
  }
  if (before.length === 0 || after.length === 0)
    throw new Error(`BUG: split of v${interval.vreg} at its edge ${position}`);
  const firstAfter = uses.findIndex(({ at }) => at >= position);
  const cut = firstAfter < 0 ? uses.length : firstAfter;
  const rest: Interval = {
    ...interval,
    ranges: after,
    uses: uses.slice(cut),
    reg: undefined,
    spilled: false,
  };
  interval.ranges = before;
  interval.uses = uses.slice(0, cut);
  return rest;
}
