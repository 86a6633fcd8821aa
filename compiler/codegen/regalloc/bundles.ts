/**
 * Bundles: values, or parts of their lives, that are to be in the same register. At first each value is one, and those that would be moved
 * into one another are joined where their lives do not meet. Later a bundle that finds no register is cut up.
 */
import type { Lives, UsePoint } from "./lives.ts";
import { instructionAt, type PReg, STEP, type VReg } from "./mir.ts";
import { covers, difference, disjoint, intersection, type Ranges, sizeOf, union } from "./ranges.ts";

/** A part of one value's life. */
export interface Part {
  readonly vreg: VReg;
  readonly ranges: number[];
  /** Ascending. */
  readonly uses: readonly UsePoint[];
  bundle: Bundle;
}

/** Values that share a stack slot, because their lives do not meet. */
export interface Family {
  readonly id: number;
  readonly vregs: VReg[];
}

export interface Bundle {
  /** Order of making: settles ties. */
  readonly id: number;
  readonly parts: readonly Part[];
  readonly ranges: number[];
  readonly family: Family;
  /** What it costs to have it in memory. */
  readonly cost: number;
  /** Cost per instruction: whose is greater may take the register of the other. */
  readonly weight: number;
  /** As short as it can be: it must have a register. */
  readonly minimal: boolean;
  reg: PReg | undefined;
}

/** Makes bundles, and knows all parts of each value. */
export class Bundles {
  /** By value; those of former bundles are replaced. */
  readonly partsOf: (Part[] | undefined)[];
  #made = 0;

  constructor(vregs: number) {
    this.partsOf = Array.from({ length: vregs }, () => undefined);
  }

  /** The bundles to begin with, in a fixed order. */
  initial({ of, pairs }: Lives): Bundle[] {
    const groups = new Map<VReg, { vregs: VReg[]; ranges: Ranges }>();
    for (const life of of)
      if (life !== undefined) groups.set(life.vreg, { vregs: [life.vreg], ranges: life.ranges });
    // Heavier pairs first; the sort keeps the order of equal ones.
    for (const { a, b } of pairs.toSorted((x, y) => y.weight - x.weight)) {
      const one = groups.get(a)!;
      const other = groups.get(b)!;
      if (one === other || !disjoint(one.ranges, other.ranges)) continue;
      const [large, small] = one.vregs.length >= other.vregs.length ? [one, other] : [other, one];
      large.ranges = union(large.ranges, small.ranges);
      for (const vreg of small.vregs) {
        large.vregs.push(vreg);
        groups.set(vreg, large);
      }
    }
    return [...new Set(groups.values())].map(({ vregs }) => {
      const family: Family = { id: vregs[0]!, vregs: [...vregs] };
      const parts = vregs.map((vreg) => ({ vreg, ranges: of[vreg]!.ranges, uses: of[vreg]!.uses }));
      return this.make(family, parts, false);
    });
  }

  make(family: Family, parts: readonly Omit<Part, "bundle">[], minimal: boolean): Bundle {
    const ranges = parts.reduce<number[]>((all, part) => union(all, part.ranges), []);
    let cost = 0;
    for (const { uses } of parts) for (const use of uses) cost += use.cost;
    const weight = minimal ? Number.POSITIVE_INFINITY : cost / (sizeOf(ranges) / STEP + 1);
    const own: Part[] = [];
    const bundle: Bundle = {
      id: this.#made++,
      parts: own,
      ranges,
      family,
      cost,
      weight,
      minimal,
      reg: undefined,
    };
    for (const part of parts) {
      const made = { ...part, bundle };
      own.push(made);
      let list = this.partsOf[part.vreg];
      if (list === undefined) {
        list = [];
        this.partsOf[part.vreg] = list;
      }
      list.push(made);
    }
    return bundle;
  }

  /** What of a bundle lies in `region`, and the rest; either may be nothing. The bundle is no more. */
  carve(bundle: Bundle, region: Ranges): { inside: Bundle | undefined; outside: Bundle | undefined } {
    const inside: Omit<Part, "bundle">[] = [];
    const outside: Omit<Part, "bundle">[] = [];
    for (const part of bundle.parts) {
      const { vreg, ranges, uses } = part;
      const list = this.partsOf[vreg]!;
      list.splice(list.indexOf(part), 1);
      const within = intersection(ranges, region);
      const beyond = difference(ranges, region);
      const isWithin = ({ at }: UsePoint) => covers(region, at);
      if (within.length > 0) inside.push({ vreg, ranges: within, uses: uses.filter(isWithin) });
      if (beyond.length > 0)
        outside.push({ vreg, ranges: beyond, uses: uses.filter((use) => !isWithin(use)) });
    }
    const { family, minimal } = bundle;
    return {
      inside: inside.length === 0 ? undefined : this.make(family, inside, minimal),
      outside: outside.length === 0 ? undefined : this.make(family, outside, minimal),
    };
  }

  /** The part of a value that is at `position`. */
  partAt(vreg: VReg, position: number): Part | undefined {
    return this.partsOf[vreg]?.find(({ ranges }) => covers(ranges, position));
  }

  /**
   * Splits a bundle into the stretches where an instruction wants it in a register, as short as can be, and the rest, which is in
   * memory.
   */
  dissolve(bundle: Bundle): { minimal: Bundle[]; memory: Bundle | undefined } {
    const minimal: Omit<Part, "bundle">[] = [];
    let region: number[] = [];
    for (const { vreg, ranges, uses } of bundle.parts)
      for (const stretch of stretches(uses.filter(({ reg }) => reg))) {
        const own = intersection(ranges, stretch);
        minimal.push({ vreg, ranges: own, uses: uses.filter(({ at }) => covers(own, at)) });
        region = union(region, own);
      }
    if (minimal.length === 0) return { minimal: [], memory: bundle };
    const { inside, outside } = this.carve(bundle, region);
    for (const part of inside!.parts) {
      const list = this.partsOf[part.vreg]!;
      list.splice(list.indexOf(part), 1);
    }
    return { minimal: minimal.map((part) => this.make(bundle.family, [part], true)), memory: outside };
  }
}

/** Where these uses, in ascending order, need a register; neighbours without an instruction between them are one. */
function stretches(uses: readonly UsePoint[]): number[][] {
  const found: number[][] = [];
  for (const { at, until } of uses) {
    const last = found.at(-1);
    if (last !== undefined && instructionAt(at) <= last[1]!) last[1] = Math.max(last[1]!, until);
    else found.push([at, until]);
  }
  return found;
}
