/** The result of allocation: where each value is at each position, and when it must be written to its stack slot. */
import type { Bundles, Family } from "./bundles.ts";
import { hasBit } from "./liveness.ts";
import type { Life, Lives } from "./lives.ts";
import type { Shape } from "./loops.ts";
import { instructionAt, type Loc, type MFunc, type PReg, type VReg } from "./mir.ts";
import { disjoint, type Ranges, union } from "./ranges.ts";

/** A stretch of a value's life in one place. */
export interface Segment {
  readonly from: number;
  to: number;
  /** Undefined: in its slot. */
  readonly reg: PReg | undefined;
}

export class Placement {
  readonly live: readonly Uint32Array[];
  /** Callee-saved registers in use. */
  readonly saved: readonly PReg[];
  readonly slotCount: number;
  readonly #segments: (Segment[] | undefined)[];
  readonly #slots: (number | undefined)[];
  readonly #storedAtOnce: Uint8Array;

  constructor(
    func: MFunc<never>,
    lives: Lives,
    bundles: Bundles,
    shape: Shape<never>,
    saved: readonly PReg[],
  ) {
    this.live = lives.live;
    this.saved = saved;
    this.#segments = lives.of.map((life) => life && segmentsOf(life, bundles));
    const { slots, count } = assignSlots(func, lives, bundles, this.#segments);
    this.#slots = slots;
    this.slotCount = count;
    this.#storedAtOnce = new Uint8Array(func.vregs);
    for (const life of lives.of)
      if (life !== undefined && slots[life.vreg] !== undefined)
        this.#storedAtOnce[life.vreg] = storesAtOnce(life, this, shape) ? 1 : 0;
  }

  /** Is there such a value at all? */
  has(vreg: VReg): boolean {
    return this.#segments[vreg] !== undefined;
  }

  segments(vreg: VReg): readonly Segment[] {
    return this.#segments[vreg] ?? [];
  }

  place(vreg: VReg, position: number): Loc {
    const segment = this.segmentAt(vreg, position);
    if (segment.reg !== undefined) return { kind: "reg", reg: segment.reg };
    return this.slot(vreg);
  }

  segmentAt(vreg: VReg, position: number): Segment {
    const segments = this.#segments[vreg];
    if (segments === undefined) throw new Error(`BUG: v${vreg} has no life`);
    let low = 0;
    let high = segments.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (segments[middle]!.from <= position) low = middle;
      else high = middle - 1;
    }
    const found = segments[low]!;
    if (position < found.from || position >= found.to)
      throw new Error(`BUG: v${vreg} is dead at ${position}`);
    return found;
  }

  /** The slot of a value that is in memory somewhere. */
  slot(vreg: VReg): Loc {
    const slot = this.#slots[vreg];
    if (slot === undefined) throw new Error(`BUG: v${vreg} has no slot`);
    return { kind: "slot", slot };
  }

  hasSlot(vreg: VReg): boolean {
    return this.#slots[vreg] !== undefined;
  }

  /**
   * A value with a slot is written to it either once, where it is made, or else wherever its life goes over from a register to the slot.
   */
  isStoredAtOnce(vreg: VReg): boolean {
    return this.#storedAtOnce[vreg] === 1;
  }

  /** Is the slot right at this position of the value's life? */
  isSlotValid(vreg: VReg, position: number): boolean {
    if (!this.hasSlot(vreg)) return false;
    return this.isStoredAtOnce(vreg) || this.segmentAt(vreg, position).reg === undefined;
  }
}

function segmentsOf({ vreg }: Life, bundles: Bundles): Segment[] {
  const all = bundles.partsOf[vreg]!.flatMap(({ ranges, bundle: { reg } }) => {
    const own: Segment[] = [];
    for (let n = 0; n < ranges.length; n += 2) own.push({ from: ranges[n]!, to: ranges[n + 1]!, reg });
    return own;
  }).toSorted((a, b) => a.from - b.from);
  const joined: Segment[] = [];
  for (const segment of all) {
    const last = joined.at(-1);
    if (last !== undefined && last.to === segment.from && last.reg === segment.reg) last.to = segment.to;
    else joined.push(segment);
  }
  return joined;
}

/** Families whose values in memory never live at the same time share a slot; parameters stay where the caller put them. */
function assignSlots(
  func: MFunc<never>,
  lives: Lives,
  bundles: Bundles,
  segments: readonly (readonly Segment[] | undefined)[],
): { slots: (number | undefined)[]; count: number } {
  const spilled = new Map<Family, VReg[]>();
  for (const life of lives.of) {
    if (life === undefined || !segments[life.vreg]!.some(({ reg }) => reg === undefined)) continue;
    const { family } = bundles.partsOf[life.vreg]![0]!.bundle;
    spilled.set(family, [...(spilled.get(family) ?? []), life.vreg]);
  }
  const homes = new Map<VReg, number>();
  for (const { vreg, at } of func.params) if (at.kind === "slot") homes.set(vreg, at.slot);
  const slots: (number | undefined)[] = Array.from({ length: func.vregs }, () => undefined);
  const taken: Ranges[] = [];
  for (const [family, vregs] of spilled) {
    const home = family.vregs.map((vreg) => homes.get(vreg)).find((slot) => slot !== undefined);
    const ranges = vregs.reduce<Ranges>((all, vreg) => union(all, lives.of[vreg]!.ranges), []);
    let slot = home ?? taken.findIndex((others) => disjoint(others, ranges));
    if (home === undefined) {
      if (slot < 0) slot = taken.push([]) - 1;
      taken[slot] = union(taken[slot]!, ranges);
    }
    for (const vreg of vregs) slots[vreg] = slot;
  }
  return { slots, count: taken.length };
}

/** Is one store where the value is made cheaper than stores wherever it goes to memory? */
function storesAtOnce({ vreg, ranges }: Life, placement: Placement, shape: Shape<never>): boolean {
  const start = ranges[0]!;
  const home = shape.blockAt(start);
  if (placement.segmentAt(vreg, start).reg === undefined) return true;
  const once = shape.frequencyAt(start);
  let often = 0;
  const segments = placement.segments(vreg);
  for (let n = 1; n < segments.length; n++) {
    const segment = segments[n]!;
    if (segment.reg !== undefined || segments[n - 1]!.to !== segment.from) continue;
    if (shape.blockAt(segment.from).from !== segment.from)
      often += shape.frequencyAt(instructionAt(segment.from));
  }
  for (const block of shape.blocks) {
    if (often >= once) return true;
    if (block === home || !hasBit(placement.live[block.index]!, vreg)) continue;
    if (placement.segmentAt(vreg, block.from).reg !== undefined) continue;
    for (const before of shape.predecessors[block.index]!)
      if (placement.segmentAt(vreg, before.to - 1).reg !== undefined)
        often += shape.edgeFrequency(before, block);
  }
  return often >= once;
}
