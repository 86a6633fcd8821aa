/**
 * Memory for set-up. Set-up is run twice, and does the same each time: the first run shows which of its allocations are still
 * needed in the end, the second one lays those side by side. So an image holds no holes, and needs no moving of objects, of which nobody
 * could say where all the pointers to them are.
 *
 *   static objects │ what stays │ large buffers that are empty │ what does not stay
 *                                                              └ the image's memory ends here
 *
 * Blocks are as AssemblyScript's std/assembly/rt/common.ts wants them: a size in 4 bytes, then the payload at a multiple of 16.
 */
const OVERHEAD = 4;
const PAGE = 65_536;
/** An empty object of this size or more is a buffer: it has pages for itself. */
export const LARGE = 4096;

export const fate = { passes: 0, stays: 1, buffer: 2 } as const;
export type Fate = (typeof fate)[keyof typeof fate];

/**
 * A block that was given out: the address of its size, which the payload follows; the size of the payload; whether it is still in use; and what
 * `owner` was at that time.
 */
export type BlockVisitor = (at: number, size: number, used: boolean, owner: number) => void;

/** What became of each allocation of the first run, in order, and how much room each kind takes. */
export interface Fates {
  readonly each: Uint8Array;
  readonly sizes: readonly [passes: number, stays: number, buffer: number];
}

/** Gives out memory as AssemblyScript's `__alloc`, `__realloc` and `__free` do. All addresses and sizes are in bytes; `memory` is set before the first call. */
export class Heap {
  memory: WebAssembly.Memory | undefined;
  /** Who is at work: a number below 256 that is remembered with each block. */
  owner = 0;
  readonly #fates: Fates | undefined;
  /** Next free address, by fate. */
  readonly #next: [number, number, number];
  readonly #limits: readonly [number, number, number];
  readonly #at = new Numbers();
  readonly #size = new Numbers();
  #used = new Uint8Array(1024);
  #owners = new Uint8Array(1024);
  /** Numbers of the blocks of each fate: their addresses ascend. */
  readonly #ofFate: readonly [Numbers, Numbers, Numbers] = [new Numbers(), new Numbers(), new Numbers()];

  /** `start`: the first address behind all static objects. */
  constructor(start: number, fates?: Fates) {
    const first = ((start + 15) & ~15) + 16 - OVERHEAD;
    this.#fates = fates;
    const stays = first;
    const buffer = stays + (fates?.sizes[fate.stays] ?? 0);
    const passes = buffer + (fates?.sizes[fate.buffer] ?? 0);
    this.#next = [passes, stays, buffer];
    this.#limits = [Number.POSITIVE_INFINITY, buffer, passes];
  }

  alloc(size: number): number {
    const count = this.#at.length;
    const decided = (this.#fates?.each[count] ?? fate.passes) as Fate;
    const at = this.#next[decided];
    const room = Math.floor((Math.max(size, 12) + OVERHEAD + 15) / 16) * 16 - OVERHEAD;
    const end = at + OVERHEAD + room;
    if (end > this.#limits[decided]) throw new Error("BUG: set-up is not the same when it is run again");
    this.#next[decided] = end;
    this.#reserve(end);
    this.#ofFate[decided].push(count);
    this.#at.push(at);
    this.#size.push(room);
    if (count >= this.#used.length) {
      this.#used = grown(this.#used);
      this.#owners = grown(this.#owners);
    }
    this.#used[count] = 1;
    this.#owners[count] = this.owner;
    this.#view().setUint32(at, room, true);
    return at + OVERHEAD;
  }

  realloc(pointer: number, size: number): number {
    const number = this.#numberOf(pointer);
    const old = this.#size.all[number]!;
    const made = this.alloc(size);
    const bytes = new Uint8Array(this.memory!.buffer);
    bytes.copyWithin(made, pointer, pointer + Math.min(old, size));
    this.#used[number] = 0;
    return made;
  }

  free(pointer: number): void {
    this.#used[this.#numberOf(pointer)] = 0;
  }

  /** All blocks in the order in which they were given out. A large zone makes millions: they are numbers, not objects. */
  each(visit: BlockVisitor): void {
    for (let n = 0; n < this.#at.length; n++)
      visit(this.#at.all[n]!, this.#size.all[n]!, this.#used[n] === 1, this.#owners[n]!);
  }

  /** What became of everything that was given out: `isEmpty` says so of the payload of a block in use. */
  fates(isEmpty: (at: number, size: number) => boolean): Fates {
    const sizes: [number, number, number] = [0, 0, 0];
    const each = new Uint8Array(this.#at.length);
    let count = 0;
    this.each((at, size, used) => {
      const found = !used ? fate.passes : size >= LARGE && isEmpty(at, size) ? fate.buffer : fate.stays;
      sizes[found] += OVERHEAD + size;
      each[count++] = found;
    });
    return { each, sizes };
  }

  #numberOf(pointer: number): number {
    const at = (pointer >>> 0) - OVERHEAD;
    const numbers = this.#ofFate.find(
      (each) =>
        each.length > 0 &&
        at >= this.#at.all[each.all[0]!]! &&
        at <= this.#at.all[each.all[each.length - 1]!]!,
    );
    let low = 0;
    let high = (numbers?.length ?? 0) - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const number = numbers!.all[middle]!;
      const found = this.#at.all[number]!;
      if (found === at) return number;
      if (found < at) low = middle + 1;
      else high = middle - 1;
    }
    throw new Error(`BUG: set-up gives back memory at ${pointer} that it does not have`);
  }

  #reserve(end: number): void {
    const { memory } = this;
    const missing = Math.ceil((end - memory!.buffer.byteLength) / PAGE);
    if (missing <= 0) return;
    const wanted = Math.max(missing, Math.min(memory!.buffer.byteLength / PAGE, 4096));
    try {
      memory!.grow(wanted);
    } catch {
      memory!.grow(missing);
    }
  }

  #cached: DataView | undefined;
  #view(): DataView {
    const { buffer } = this.memory!;
    if (this.#cached?.buffer !== buffer) this.#cached = new DataView(buffer);
    return this.#cached;
  }
}

/** Addresses and sizes, as many as there are. */
class Numbers {
  all = new Float64Array(1024);
  length = 0;

  push(value: number): void {
    if (this.length === this.all.length) {
      const larger = new Float64Array(2 * this.length);
      larger.set(this.all);
      this.all = larger;
    }
    this.all[this.length++] = value;
  }
}

function grown(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(2 * bytes.length);
  larger.set(bytes);
  return larger;
}
