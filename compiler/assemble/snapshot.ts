/**
 * Memory and globals after `prepare`, without anything that only `prepare` needed.
 *
 * What is alive is decided by the garbage collector of the program itself, after every global that `runtime.wasm` does not have has been
 * emptied. Static objects are never collected: one of them is alive if the run-time code holds its address, or a living object does. All
 * else is zero afterwards: garbage, the allocator's and the collector's own data, which nothing at run time looks at. So nothing of a
 * file or setting that was only read stays in an image by accident.
 */
import { decode, encode } from "cborg";
import type { DataSegment } from "./data-segments.ts";
import { type GlobalType, globalBits } from "./global-value.ts";
import type { Fates, Heap } from "./heap.ts";
import { type Blocks, TABLE, takeProgressions } from "./progressions.ts";
import type { RuntimeFacts } from "./strip.ts";

export interface Snapshot {
  /** Size of memory in pages of 64 KiB: the last one has something in it. */
  readonly pages: number;
  /** What memory holds, in ascending order; all else is zero. */
  readonly segments: readonly { readonly offset: number; readonly bytes: Uint8Array }[];
  /** The value of every global of `runtime.wasm`, in order; of floats the bits. */
  readonly globals: readonly { readonly type: GlobalType; readonly value: bigint }[];
  /** Bytes of living objects, for those who want to know how well they lie together. */
  readonly live: number;
}

const PAGE = 65_536;
const USED_PAGE = 4096;
/** AssemblyScript's std/assembly/rt/common.ts: a block's size is before it; an object has four words more. */
const BLOCK_OVERHEAD = 4;
const OBJECT_OVERHEAD = 20;
/** Tag bits of an object's link. */
const TAGS = 3;
/** Shorter runs of zeros are stored. */
const GAP = 16;

/** Empties what only set-up knows, and lets the program's collector find out what is left. */
export function collect(exports: WebAssembly.Exports, facts: RuntimeFacts): void {
  const stays = new Set(facts.globals.map(({ name }) => name));
  for (const name of facts.roots) {
    const root = globalOf(exports, name);
    if (root !== undefined && !stays.has(name)) root.value = 0;
  }
  (exports["collect"] as () => void)();
}

/** What became of every allocation of this run: to be called after `collect`. */
export function fatesOf(exports: WebAssembly.Exports, heap: Heap): Fates {
  const bytes = new Uint8Array((exports["memory"] as WebAssembly.Memory).buffer);
  const managed = managedObjects(exports);
  return heap.fates((at, size) => {
    const from = at + (managed.has(at) ? OBJECT_OVERHEAD : BLOCK_OVERHEAD);
    for (let n = from; n < at + BLOCK_OVERHEAD + size; n++) if (bytes[n] !== 0) return false;
    return true;
  });
}

export interface Taken {
  readonly snapshot: Snapshot;
  /** Bytes of memory that are used, in pages of 4 KiB, and so many at least as code takes for granted. */
  readonly used: number;
  /** Bytes of living objects by the owner that the heap had when they were made; static objects are the first one's. */
  readonly byOwner: readonly number[];
}

/** To be called after `collect`, and last: what is not alive is wiped in the program's own memory. A copy of it would cost as much as all else. */
export function takeSnapshot(exports: WebAssembly.Exports, heap: Heap, facts: RuntimeFacts): Taken {
  const globals = facts.globals.map(({ name, type, mutable, value }) => ({
    type,
    value: mutable ? globalBits(type, globalValue(globalOf(exports, name), name)) : BigInt(value),
  }));
  const managed = managedObjects(exports);
  const image = new Image(exports["memory"] as WebAssembly.Memory, facts.statics, heap);
  const pointers = globals
    .filter(({ type }) => type === "i32")
    .map(({ value }) => Number(BigInt.asUintN(32, value)));
  const { end, byOwner } = image.clear([...facts.constants, ...pointers], managed);
  const table = globals[facts.globals.findIndex(({ name }) => name === TABLE)];
  const behind = table === undefined ? end : image.shrink(end, table);
  const pages = Math.max(1, Math.ceil(behind / PAGE));
  const live = byOwner.reduce((sum, bytes) => sum + bytes, 0);
  return {
    snapshot: { pages, segments: runs(image.bytes.subarray(0, pages * PAGE)), globals, live },
    used: Math.max(facts.memory, Math.ceil(behind / USED_PAGE) * USED_PAGE),
    byOwner,
  };
}

const globalOf = (exports: WebAssembly.Exports, name: string): WebAssembly.Global | undefined =>
  exports[`global:${name}`] as WebAssembly.Global | undefined;

function globalValue(global: WebAssembly.Global | undefined, name: string): number | bigint {
  if (global === undefined) throw new Error(`BUG: the program has no global ${name}`);
  return global.value as number | bigint;
}

/** Objects of the collector's lists: everything else that was allocated is memory that a module manages by itself. */
function managedObjects(exports: WebAssembly.Exports): ReadonlySet<number> {
  const view = new DataView((exports["memory"] as WebAssembly.Memory).buffer);
  const next = (at: number) => (view.getUint32(at + 4, true) & ~TAGS) >>> 0;
  const found = new Set<number>();
  for (const list of ["fromSpace", "pinSpace"]) {
    const head = Number(globalOf(exports, `~lib/rt/tcms/${list}`)?.value ?? 0);
    if (head === 0) continue;
    for (let at = next(head); at !== head && at !== 0; at = next(at)) found.add(at);
  }
  return found;
}

class Image {
  bytes: Uint8Array;
  readonly #memory: WebAssembly.Memory;
  readonly #view: DataView;
  readonly #segments: readonly DataSegment[];
  readonly #heap: Heap;

  constructor(memory: WebAssembly.Memory, segments: readonly DataSegment[], heap: Heap) {
    this.#memory = memory;
    this.bytes = new Uint8Array(memory.buffer);
    this.#view = new DataView(memory.buffer);
    this.#segments = segments;
    this.#heap = heap;
  }

  #word(at: number): number {
    return this.#view.getUint32(at, true);
  }

  /** Zeroes what is not alive; gives the end of the last living object, and the bytes of all of them by owner. */
  clear(pointers: readonly number[], managed: ReadonlySet<number>): { end: number; byOwner: number[] } {
    const living = this.#livingSegments(pointers, managed);
    let end = 0;
    const byOwner: number[] = [];
    const keep = (from: number, size: number, owner: number) => {
      end = Math.max(end, from + size);
      byOwner[owner] = (byOwner[owner] ?? 0) + size;
    };
    for (const segment of this.#segments) {
      const { offset, size } = segment;
      if (!living.has(segment)) this.bytes.fill(0, offset, offset + size);
      else {
        if (isObject(segment)) this.bytes.fill(0, offset, offset + 12);
        keep(offset, size, 0);
      }
    }
    this.#heap.each((at, size, used, owner) => {
      const payload = at + BLOCK_OVERHEAD;
      if (!used) this.bytes.fill(0, at, payload + size);
      else if (!managed.has(at)) {
        this.bytes.fill(0, at, payload);
        keep(payload, size, owner);
      } else {
        const content = this.#word(at + 16);
        this.bytes.fill(0, at, at + 12);
        this.bytes.fill(0, at + OBJECT_OVERHEAD + content, payload + size);
        keep(at, OBJECT_OVERHEAD + content, owner);
      }
    });
    return { end, byOwner: Array.from(byOwner, (bytes) => bytes ?? 0) };
  }

  /** Puts a table in the place of pools, behind `end`, and its address into `table`; gives the end of all. */
  shrink(end: number, table: { value: bigint }): number {
    const blocks: Blocks = { at: [], size: [] };
    this.#heap.each((at, size, used) => {
      if (!used || at >= end) return;
      blocks.at.push(at);
      blocks.size.push(size);
    });
    const words = takeProgressions(new Uint32Array(this.bytes.buffer), blocks, end);
    if (words.length === 0) return end;
    const at = Math.ceil(end / 4) * 4;
    const behind = at + words.byteLength;
    const missing = Math.ceil((behind - this.bytes.length) / PAGE);
    if (missing > 0) this.#memory.grow(missing);
    this.bytes = new Uint8Array(this.#memory.buffer);
    this.bytes.set(new Uint8Array(words.buffer), at);
    table.value = BigInt(at);
    return behind;
  }

  #livingSegments(pointers: readonly number[], managed: ReadonlySet<number>): ReadonlySet<DataSegment> {
    const living = new Set<DataSegment>();
    const open: DataSegment[] = [];
    const starts = new Map(this.#segments.map((segment) => [startOf(segment), segment]));
    const lowest = this.#segments[0]?.offset ?? 0;
    const last = this.#segments.at(-1);
    const highest = last === undefined ? 0 : last.offset + last.size;
    const found = (segment: DataSegment | undefined) => {
      if (segment === undefined || living.has(segment)) return;
      living.add(segment);
      open.push(segment);
    };
    const scan = (from: number, to: number) => {
      for (let at = (from + 3) & ~3; at + 4 <= to; at += 4) {
        const word = this.#view.getUint32(at, true);
        if (word >= lowest && word < highest) found(starts.get(word));
      }
    };
    for (const pointer of pointers) found(this.#segmentAt(pointer));
    this.#heap.each((at, size, used) => {
      if (!used) return;
      if (managed.has(at)) scan(at + OBJECT_OVERHEAD, at + OBJECT_OVERHEAD + this.#word(at + 16));
      else scan(at + BLOCK_OVERHEAD, at + BLOCK_OVERHEAD + size);
    });
    for (let segment = open.pop(); segment !== undefined; segment = open.pop())
      scan(startOf(segment), segment.offset + segment.size);
    return living;
  }

  /** The segment that an address lies in; its end counts too, for loops that stop there. */
  #segmentAt(address: number): DataSegment | undefined {
    let low = 0;
    let high = this.#segments.length - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const segment = this.#segments[middle]!;
      if (address < segment.offset) high = middle - 1;
      else if (address > segment.offset + segment.size) low = middle + 1;
      else return segment;
    }
    return undefined;
  }
}

/** Static objects of classes have the header of an object, and their size says so; others are plain memory. */
const isObject = ({ offset, size, first }: DataSegment): boolean =>
  offset % 16 === 12 && size >= OBJECT_OVERHEAD && first === size - BLOCK_OVERHEAD;

const startOf = (segment: DataSegment): number => segment.offset + (isObject(segment) ? OBJECT_OVERHEAD : 0);

function runs(bytes: Uint8Array): { offset: number; bytes: Uint8Array }[] {
  const found: { offset: number; bytes: Uint8Array }[] = [];
  let at = 0;
  for (;;) {
    while (at < bytes.length && bytes[at] === 0) at++;
    if (at === bytes.length) return found;
    let end = at + 1;
    for (let next = end; next < bytes.length && next - end < GAP; next++)
      if (bytes[next] !== 0) end = next + 1;
    found.push({ offset: at, bytes: bytes.slice(at, end) });
    at = end;
  }
}

/** As CBOR, for the store. */
export function encodeSnapshot({ pages, segments, globals, live }: Snapshot): Uint8Array {
  return encode([
    pages,
    segments.map(({ offset, bytes }) => [offset, bytes]),
    globals.map(({ type, value }) => [type, value]),
    live,
  ]);
}

export function decodeSnapshot(bytes: Uint8Array): Snapshot {
  const [pages, segments, globals, live] = decode(bytes) as [
    number,
    [number, Uint8Array][],
    [GlobalType, bigint | number][],
    number,
  ];
  return {
    pages,
    segments: segments.map(([offset, content]) => ({ offset, bytes: content })),
    globals: globals.map(([type, value]) => ({ type, value: BigInt(value) })),
    live,
  };
}
