/** Section headers and the symbol table of an ELF file: for debuggers and disassemblers, no loader reads them (gABI 4.1, chapter 4). */
import type { ElfSegment } from "./elf.ts";
import type { ElfFormat, formats, SectionHeader } from "./elf-headers.ts";
import { encode } from "./struct.ts";

export interface ElfSymbol {
  readonly name: string;
  readonly address: number;
  /** Bytes; 0 when unknown. */
  readonly size: number;
  readonly kind: "function" | "object" | "none";
}

export interface SectionTable {
  readonly pieces: readonly { readonly offset: number; readonly bytes: Uint8Array }[];
  /** The last one is that of the section names. */
  readonly headers: readonly Uint8Array[];
  readonly entrySize: number;
}

const sht = { progbits: 1, symtab: 2, strtab: 3, nobits: 8 } as const;
const SHF = { write: 1, alloc: 2, exec: 4 } as const;
const SHN_ABS = 0xfff1;
const GLOBAL = 0x10;
const kinds = { none: 0, object: 1, function: 2 } as const;
const sections = {
  rx: { name: ".text", flags: SHF.alloc | SHF.exec },
  r: { name: ".rodata", flags: SHF.alloc },
  rw: { name: ".data", flags: SHF.alloc | SHF.write },
  rwx: { name: ".text", flags: SHF.alloc | SHF.write | SHF.exec },
} as const;

/** One section a segment (two if its end is zero), then the symbol table, its names, the names of sections; from file offset `from` on. */
export function sectionTable(
  format: ElfFormat,
  segments: readonly ElfSegment[],
  offsets: readonly number[],
  symbols: readonly ElfSymbol[],
  from: number,
): SectionTable {
  const symbolEntry = format.symbol as (typeof formats)[64]["symbol"];
  const table = new Table(format);
  const places: { index: number; from: number; to: number }[] = [];
  segments.forEach(({ access, address, bytes, size }, n) => {
    const { name, flags } = sections[access];
    const offset = offsets[n]!;
    const stored = address + bytes.length;
    if (bytes.length > 0) {
      const index = table.add(name, { type: sht.progbits, flags, addr: address, offset, size: bytes.length });
      places.push({ index, from: address, to: stored });
    }
    if (size > bytes.length) {
      const rest = { addr: stored, offset: offset + bytes.length, size: size - bytes.length };
      const index = table.add(".bss", { type: sht.nobits, flags, ...rest });
      places.push({ index, from: stored, to: address + size });
    }
  });
  const names = new Strings();
  const entries = [
    new Uint8Array(symbolEntry.size),
    ...symbols.map(({ name, address, size, kind }) => {
      const shndx = places.find(({ from: low, to }) => address >= low && address < to)?.index ?? SHN_ABS;
      const info = GLOBAL | kinds[kind];
      return encode(symbolEntry, { name: names.add(name), info, other: 0, shndx, value: address, size });
    }),
  ];
  const symtab = concat(entries);
  table.add(".symtab", {
    type: sht.symtab,
    offset: from,
    size: symtab.length,
    link: table.headers.length + 1, // .strtab, the next one
    info: 1, // the first global
    entsize: symbolEntry.size,
    addralign: 8,
  });
  const strtabAt = from + symtab.length;
  table.add(".strtab", { type: sht.strtab, offset: strtabAt, size: names.length });
  const namesAt = strtabAt + names.length;
  table.names.add(".shstrtab");
  table.add(".shstrtab", { type: sht.strtab, offset: namesAt, size: table.names.length });
  const pieces = [
    { offset: from, bytes: symtab },
    { offset: strtabAt, bytes: names.bytes() },
    { offset: namesAt, bytes: table.names.bytes() },
  ];
  return { pieces, headers: table.headers, entrySize: format.section.size };
}

class Table {
  readonly format: ElfFormat;
  readonly headers: Uint8Array[];
  readonly names = new Strings();

  constructor(format: ElfFormat) {
    this.format = format;
    this.headers = [new Uint8Array(format.section.size)];
  }

  /** Index of the new section. */
  add(name: string, fields: Partial<SectionHeader>): number {
    const empty = {
      type: 0,
      flags: 0,
      addr: 0,
      offset: 0,
      size: 0,
      link: 0,
      info: 0,
      addralign: 1,
      entsize: 0,
    };
    this.headers.push(encode(this.format.section, { ...empty, ...fields, name: this.names.add(name) }));
    return this.headers.length - 1;
  }
}

/** A string table: texts end with a zero byte, offset 0 is the empty text, equal texts are stored once. */
class Strings {
  readonly #parts: Uint8Array[] = [new Uint8Array(1)];
  readonly #known = new Map<string, number>();
  length = 1;

  add(text: string): number {
    const known = this.#known.get(text);
    if (known !== undefined) return known;
    const at = this.length;
    const bytes = new TextEncoder().encode(`${text}\0`);
    this.#known.set(text, at);
    this.#parts.push(bytes);
    this.length += bytes.length;
    return at;
  }

  bytes(): Uint8Array {
    return concat(this.#parts);
  }
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
