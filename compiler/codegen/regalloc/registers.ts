/** Who has which register where. */
import type { Bundle } from "./bundles.ts";
import { firstCommon, firstEndingAfter, NEVER, type Ranges } from "./ranges.ts";

/** The bundles in one register: their stretches in order, with their owners. */
export class RegisterMap {
  /** Where instructions destroy it. */
  readonly destroyed: Ranges;
  readonly #ranges: number[] = [];
  readonly #owners: Bundle[] = [];

  constructor(destroyed: Ranges) {
    this.destroyed = destroyed;
  }

  isDestroyedIn(ranges: Ranges): boolean {
    return firstCommon(this.destroyed, ranges) !== NEVER;
  }

  /** The bundles that have it somewhere in `ranges`. */
  owners(ranges: Ranges): Bundle[] {
    const found = new Set<Bundle>();
    this.#meet(ranges, (owner) => found.add(owner));
    return [...found];
  }

  /** The stretches that `owners` says, of those that meet `ranges`. */
  takenBy(ranges: Ranges, blocks: (owner: Bundle) => boolean): number[] {
    const taken: number[] = [];
    this.#meet(ranges, (owner, from, to) => {
      if (blocks(owner)) taken.push(from, to);
    });
    return taken;
  }

  #meet(ranges: Ranges, visit: (owner: Bundle, from: number, to: number) => void): void {
    if (ranges.length === 0) return;
    const own = this.#ranges;
    let i = 0;
    for (let j = firstEndingAfter(own, ranges[0]!); j < own.length; ) {
      while (i < ranges.length && ranges[i + 1]! <= own[j]!) i += 2;
      if (i >= ranges.length) return;
      if (own[j + 1]! <= ranges[i]!) j = Math.max(j + 2, firstEndingAfter(own, ranges[i]!));
      else {
        visit(this.#owners[j >> 1]!, own[j]!, own[j + 1]!);
        j += 2;
      }
    }
  }

  add(bundle: Bundle): void {
    const { ranges } = bundle;
    for (let n = 0; n < ranges.length; n += 2) {
      const at = firstEndingAfter(this.#ranges, ranges[n]!);
      this.#ranges.splice(at, 0, ranges[n]!, ranges[n + 1]!);
      this.#owners.splice(at >> 1, 0, bundle);
    }
  }

  remove(bundle: Bundle): void {
    const { ranges } = bundle;
    for (let n = 0; n < ranges.length; n += 2) {
      const at = firstEndingAfter(this.#ranges, ranges[n]!);
      if (this.#owners[at >> 1] !== bundle) throw new Error("BUG: a bundle is not in its register");
      this.#ranges.splice(at, 2);
      this.#owners.splice(at >> 1, 1);
    }
  }
}
