/**
 * Linear scan with lifetime holes and splitting (Wimmer and Mössenböck 2005; on SSA form: Wimmer and Franz 2010).
 *
 * A value that is in memory anywhere is stored once, where it is defined; so a part in memory costs nothing to enter, and a part in a
 * register begins with a load. Splits are at even positions: before an instruction.
 */
import {
  buildIntervals,
  covers,
  end,
  type Interval,
  type Intervals,
  intersection,
  splitAt,
  start,
} from "./intervals.ts";
import type { MBlock, MFunc, PReg, RegisterFile, VReg } from "./mir.ts";

export interface Allocation extends Intervals {
  /** For each value its parts in order of the program. */
  readonly parts: ReadonlyMap<VReg, readonly Interval[]>;
  /** Values that have a stack slot. */
  readonly slots: ReadonlyMap<VReg, number>;
  readonly slotCount: number;
  /** Callee-saved registers in use. */
  readonly saved: readonly PReg[];
}

const NEVER = Number.POSITIVE_INFINITY;

export function allocate<Context>(func: MFunc<Context>, file: RegisterFile): Allocation {
  const intervals = buildIntervals(func);
  const scan = new Scan(func.blocks, intervals, file);
  scan.run();
  return scan.result();
}

class Scan<Context> {
  readonly blocks: readonly MBlock<Context>[];
  readonly intervals: Intervals;
  readonly file: RegisterFile;
  readonly unhandled: Interval[];
  active: Interval[] = [];
  inactive: Interval[] = [];
  readonly parts = new Map<VReg, Interval[]>();
  readonly spilled = new Set<VReg>();
  usedRegisters = 0;

  constructor(blocks: readonly MBlock<Context>[], intervals: Intervals, file: RegisterFile) {
    this.blocks = blocks;
    this.intervals = intervals;
    this.file = file;
    // Taken from the end: the earliest start is last.
    this.unhandled = intervals.of
      .filter((interval) => interval !== undefined)
      .toSorted((a, b) => start(b) - start(a) || b.vreg - a.vreg);
    for (const interval of this.unhandled) this.parts.set(interval.vreg, [interval]);
  }

  run(): void {
    for (let current = this.unhandled.pop(); current !== undefined; current = this.unhandled.pop()) {
      this.advance(start(current));
      if (this.wantsMemory(current)) this.spill(current);
      else if (!this.takeFree(current)) this.takeBlocked(current);
      if (current.reg !== undefined) {
        this.usedRegisters |= 1 << current.reg;
        this.active.push(current);
      }
    }
  }

  /** Moves intervals between active and inactive as their stretches and holes pass. */
  advance(position: number): void {
    const active: Interval[] = [];
    const inactive: Interval[] = [];
    for (const interval of [...this.active, ...this.inactive]) {
      if (end(interval) <= position) continue;
      (covers(interval, position) ? active : inactive).push(interval);
    }
    this.active = active;
    this.inactive = inactive;
  }

  /** A part of a spilled value that no instruction of it wants in a register stays in memory. */
  wantsMemory(current: Interval): boolean {
    return (
      this.spilled.has(current.vreg) && !current.uses.some(({ reg }) => reg) && !this.worthReload(current)
    );
  }

  /** Read several times, or in a loop: a register is worth the load. */
  worthReload(current: Interval): boolean {
    if (current.uses.length >= 2) return true;
    return current.uses.some(({ at }) => this.blockAt(at).depth > this.blockAt(start(current)).depth);
  }

  takeFree(current: Interval): boolean {
    const until = Array<number>(16).fill(0);
    for (const reg of this.file.allocatable) until[reg] = this.firstFixed(reg, current);
    for (const { reg } of this.active) until[reg!] = 0;
    for (const interval of this.inactive) {
      const reg = interval.reg!;
      if (until[reg]! > 0) until[reg] = Math.min(until[reg]!, intersection(interval.ranges, current.ranges));
    }
    const chosen = this.choose(current, until);
    const free = until[chosen]!;
    if (free >= end(current)) {
      current.reg = chosen;
      return true;
    }
    const split = this.splitPosition(start(current) + 1, free);
    if (split === undefined) return false;
    // No use of it before the split: a register for that stretch would be wasted.
    if (!current.uses.some(({ at }) => at < split)) return false;
    this.queue(this.cut(current, split));
    current.reg = chosen;
    return true;
  }

  /** The hinted register if it is free for the whole life, or as long as any; else the one that is free the longest, cheapest first. */
  choose(current: Interval, until: readonly number[]): PReg {
    const limit = end(current);
    const best = Math.max(...this.file.allocatable.map((reg) => until[reg]!));
    const enough = (reg: PReg) => until[reg]! >= Math.min(limit, best);
    for (const hint of this.hints(current))
      if (this.file.allocatable.includes(hint) && enough(hint)) return hint;
    const saved = this.file.calleeSaved;
    const fresh = (reg: PReg) => saved.includes(reg) && (this.usedRegisters & (1 << reg)) === 0;
    return (
      this.file.allocatable.find((reg) => enough(reg) && !fresh(reg)) ?? this.file.allocatable.find(enough)!
    );
  }

  hints(current: Interval): PReg[] {
    const found: PReg[] = [];
    if (current.hint !== undefined) found.push(current.hint);
    const before = this.parts
      .get(current.vreg)!
      .find((part) => part !== current && part.reg !== undefined && end(part) <= start(current));
    if (before?.reg !== undefined) found.push(before.reg);
    for (const vreg of current.like) {
      const parts = this.parts.get(vreg);
      const part = parts?.find((each) => each.reg !== undefined);
      if (part?.reg !== undefined) found.push(part.reg);
      else {
        const hint = parts?.[0]?.hint;
        if (hint !== undefined) found.push(hint);
      }
    }
    return found;
  }

  firstFixed(reg: PReg, current: Interval): number {
    return intersection(current.ranges, this.intervals.fixed[reg]!);
  }

  /** All registers are taken: the one whose owner needs it last gives way, or `current` itself waits in memory. */
  takeBlocked(current: Interval): void {
    const here = start(current);
    const nextUse = Array<number>(16).fill(-1);
    const blocked = Array<number>(16).fill(-1);
    for (const reg of this.file.allocatable) {
      blocked[reg] = this.firstFixed(reg, current);
      nextUse[reg] = blocked[reg]!;
    }
    for (const interval of this.active)
      nextUse[interval.reg!] = Math.min(nextUse[interval.reg!]!, this.useAfter(interval, here));
    for (const interval of this.inactive) {
      if (intersection(interval.ranges, current.ranges) === NEVER) continue;
      nextUse[interval.reg!] = Math.min(nextUse[interval.reg!]!, this.useAfter(interval, here));
    }
    const reg = this.file.allocatable.reduce((best, each) => (nextUse[each]! > nextUse[best]! ? each : best));
    const firstNeed = current.uses.find((use) => use.reg)?.at ?? NEVER;
    const firstUse = current.uses[0]?.at ?? NEVER;
    if (firstNeed > here + 1 && nextUse[reg]! <= Math.max(firstUse, here + 2)) {
      this.spill(current);
      return;
    }
    if (firstNeed === NEVER && nextUse[reg]! <= firstUse) {
      this.spill(current);
      return;
    }
    if (nextUse[reg]! <= here + 1) throw new Error(`BUG: no register for v${current.vreg} at ${here}`);
    current.reg = reg;
    if (blocked[reg]! < end(current)) {
      const split = this.splitPosition(here + 1, blocked[reg]!);
      if (split === undefined) throw new Error(`BUG: v${current.vreg} is blocked at ${here}`);
      this.queue(this.cut(current, split));
    }
    for (const interval of [...this.active, ...this.inactive]) {
      if (interval.reg !== reg || intersection(interval.ranges, current.ranges) === NEVER) continue;
      this.evict(interval, here);
    }
  }

  useAfter(interval: Interval, position: number): number {
    // A use of the instruction at hand (its position rounded down) must be served, too.
    const from = position & ~1;
    return interval.uses.find(({ at }) => at >= from)?.at ?? NEVER;
  }

  /** Takes the register of `interval` away from `position` on. */
  evict(interval: Interval, position: number): void {
    const at = position & 1 ? position + 1 : position;
    this.active = this.active.filter((each) => each !== interval);
    this.inactive = this.inactive.filter((each) => each !== interval);
    if (at > start(interval) && at < end(interval)) {
      const rest = this.cut(interval, at);
      this.spill(rest);
      if (covers(interval, position)) this.active.push(interval);
      return;
    }
    if (at >= end(interval)) {
      this.active.push(interval);
      return;
    }
    interval.reg = undefined;
    this.spill(interval);
  }

  /** To memory, up to the next use that wants a register. */
  spill(current: Interval): void {
    this.spilled.add(current.vreg);
    current.reg = undefined;
    current.spilled = true;
    const need = current.uses.find(
      ({ at, reg }) => at > start(current) && (reg || this.worthReloadAt(current, at)),
    )?.at;
    const now = current.uses.find(({ at, reg }) => reg && at <= start(current));
    if (now !== undefined) throw new Error(`BUG: v${current.vreg} is needed in a register at ${now.at}`);
    if (need === undefined) return;
    const split = this.splitPosition(start(current) + 1, need);
    if (split === undefined) throw new Error(`BUG: no place to load v${current.vreg} before ${need}`);
    this.queue(this.cut(current, split));
  }

  worthReloadAt(current: Interval, at: number): boolean {
    return this.blockAt(at).depth > this.blockAt(start(current)).depth;
  }

  cut(interval: Interval, at: number): Interval {
    const rest = splitAt(interval, at);
    const parts = this.parts.get(interval.vreg)!;
    parts.splice(parts.indexOf(interval) + 1, 0, rest);
    return rest;
  }

  queue(interval: Interval): void {
    const from = start(interval);
    let low = 0;
    let high = this.unhandled.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (start(this.unhandled[middle]!) > from) low = middle + 1;
      else high = middle;
    }
    this.unhandled.splice(low, 0, interval);
  }

  /** The best even position in [from, to]: at the edge of the least nested block between, as late as possible. */
  splitPosition(from: number, to: number): number | undefined {
    const low = from + (from & 1);
    const high = to === NEVER ? low : to - (to & 1);
    if (high < low) return undefined;
    const last = this.blockIndexAt(high);
    let best = high;
    let depth = this.blocks[last]!.depth;
    for (let n = last; n >= 0 && this.blocks[n]!.from >= low; n--) {
      const outer = n === 0 ? depth : Math.min(this.blocks[n]!.depth, this.blocks[n - 1]!.depth);
      if (outer < depth) {
        depth = outer;
        best = this.blocks[n]!.from;
      }
    }
    return best;
  }

  blockIndexAt(position: number): number {
    let low = 0;
    let high = this.blocks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.blocks[middle]!.from <= position) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  blockAt(position: number): MBlock<Context> {
    return this.blocks[this.blockIndexAt(position)]!;
  }

  result(): Allocation {
    const slots = new Map<VReg, number>();
    const { count, of } = assignSlots(
      [...this.spilled].toSorted((a, b) => a - b),
      this.parts,
    );
    for (const [vreg, slot] of of) slots.set(vreg, slot);
    const saved = this.file.calleeSaved.filter((reg) => (this.usedRegisters & (1 << reg)) !== 0);
    return { ...this.intervals, parts: this.parts, slots, slotCount: count, saved };
  }
}

/** Values whose whole lives do not meet share a slot. */
function assignSlots(
  spilled: readonly VReg[],
  parts: ReadonlyMap<VReg, readonly Interval[]>,
): { of: Map<VReg, number>; count: number } {
  const of = new Map<VReg, number>();
  const slots: number[][] = [];
  for (const vreg of spilled) {
    const life = parts.get(vreg)!.flatMap(({ ranges }) => ranges);
    let slot = slots.findIndex((taken) => intersection(taken, life) === NEVER);
    if (slot < 0) slot = slots.push([]) - 1;
    slots[slot] = mergeRanges(slots[slot]!, life);
    of.set(vreg, slot);
  }
  return { of, count: slots.length };
}

function mergeRanges(a: readonly number[], b: readonly number[]): number[] {
  const out: number[] = [];
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    const first = j >= b.length || (i < a.length && a[i]! < b[j]!);
    if (first) out.push(a[i++]!, a[i++]!);
    else out.push(b[j++]!, b[j++]!);
  }
  return out;
}
