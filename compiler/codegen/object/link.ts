import type { Access, Relocation, Section } from "./section.ts";

/** A run of memory with one kind of access: what becomes one segment of a file. */
export interface Segment {
  readonly access: Access;
  readonly address: number;
  /** Bytes that are stored; shorter than `size` when the end is zero. */
  readonly bytes: Uint8Array;
  readonly size: number;
}

export interface Placed {
  readonly section: Section;
  readonly address: number;
}

export interface Linked {
  readonly segments: readonly Segment[];
  readonly sections: readonly Placed[];
  readonly symbols: ReadonlyMap<string, number>;
}

export interface LinkOptions {
  /** Address of the first byte, a multiple of `pageSize`. */
  readonly base: number;
  /** Each kind of access begins on a multiple of this. */
  readonly pageSize: number;
  /** Where kinds of access begin that do not lie behind the one before. */
  readonly bases?: Readonly<Partial<Record<Access, number>>>;
  /** Symbols that no section defines. */
  readonly absolute?: ReadonlyMap<string, number>;
  /** An instruction set's own kinds of holes. */
  readonly holes?: Holes;
}

/** Puts an address into a hole at the start of `view`: itself, or its distance from the hole. False when it does not fit. */
export type Hole = (view: DataView, address: number, distance: number) => boolean;
export type Holes = Readonly<Record<string, Hole>>;

const isSigned32 = (value: number): boolean => value >= -(2 ** 31) && value < 2 ** 31;

/** Absolute addresses of 4 and 8 bytes, and the distance from the end of 4 bytes. */
const commonHoles: Holes = {
  abs64(view, address) {
    view.setBigUint64(0, BigInt(address), true);
    return true;
  },
  abs32(view, address) {
    view.setUint32(0, address, true);
    return address >= 0 && address < 2 ** 32;
  },
  rel32(view, _, distance) {
    view.setInt32(0, distance - 4, true);
    return isSigned32(distance - 4);
  },
};

const order: readonly Access[] = ["rx", "r", "rw"];

/**
 * Places sections one after the other, executable ones first, then read-only, then writable (zero-filled ones last), and fills their holes.
 * `link.rx.start` and `link.rx.end`, likewise for `r` and `rw`, are the bounds, whole pages.
 * The result depends on the order of `sections` and on nothing else. An unknown or doubly defined symbol is our mistake.
 */
export function link(sections: readonly Section[], options: LinkOptions): Linked {
  const { base, pageSize, bases, absolute, holes } = options;
  const placed: Placed[] = [];
  const bounds: { access: Access; start: number; stored: number; end: number }[] = [];
  let address = base;
  for (const access of order) {
    const mine = sections.filter((section) => section.access === access);
    if (mine.length === 0) continue;
    address = bases?.[access] ?? alignUp(address, pageSize);
    const start = address;
    const stored = mine.filter(({ size, bytes }) => size === bytes.length);
    const zero = mine.filter(({ size, bytes }) => size !== bytes.length);
    let end = start;
    for (const section of [...stored, ...zero]) {
      address = alignUp(address, section.align);
      placed.push({ section, address });
      if (section.bytes.length > 0) end = address + section.bytes.length;
      address += section.size;
    }
    bounds.push({ access, start, stored: end, end: address });
  }
  const symbols = collectSymbols(placed, absolute);
  for (const { access, start, end } of bounds) {
    symbols.set(`link.${access}.start`, start);
    symbols.set(`link.${access}.end`, alignUp(end, pageSize));
  }
  const known = { ...commonHoles, ...holes };
  const segments = bounds.map(({ access, start, stored, end }) => {
    const bytes = new Uint8Array(stored - start);
    for (const { section, address: at } of placed) {
      if (section.access !== access || section.bytes.length === 0) continue;
      bytes.set(section.bytes, at - start);
      for (const relocation of section.relocations) fill(bytes, at - start, at, relocation, symbols, known);
    }
    return { access, address: start, bytes, size: end - start };
  });
  return { segments, sections: placed, symbols };
}

function collectSymbols(
  placed: readonly Placed[],
  absolute: ReadonlyMap<string, number> | undefined,
): Map<string, number> {
  const symbols = new Map(absolute ?? []);
  for (const { section, address } of placed)
    for (const { name, offset } of section.symbols) {
      if (symbols.has(name)) throw new Error(`BUG: symbol ${name} is defined twice`);
      symbols.set(name, address + offset);
    }
  return symbols;
}

function fill(
  bytes: Uint8Array,
  from: number,
  address: number,
  relocation: Relocation,
  symbols: ReadonlyMap<string, number>,
  holes: Holes,
): void {
  const { offset, kind, symbol, addend } = relocation;
  const target = symbols.get(symbol);
  if (target === undefined) throw new Error(`BUG: symbol ${symbol} is not defined`);
  const view = new DataView(bytes.buffer, from + offset);
  const value = target + addend;
  if (!holes[kind]!(view, value, value - (address + offset)))
    throw new Error(`BUG: ${symbol} is out of reach (${value})`);
}

export function alignUp(value: number, to: number): number {
  return Math.ceil(value / to) * to;
}
