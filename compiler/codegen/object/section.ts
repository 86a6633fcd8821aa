/** Pieces of machine code and data with the holes that the linker fills. Knows no instruction set and no file format. */

export interface Relocation {
  /** Of the hole, from the section's start. */
  readonly offset: number;
  /** How it is filled: `holes` of link.ts, or of an instruction set. */
  readonly kind: string;
  readonly symbol: string;
  readonly addend: number;
}

export interface SectionSymbol {
  readonly name: string;
  readonly offset: number;
}

/** From here on code comes from the instruction at this offset of the wasm module. */
export interface Line {
  readonly offset: number;
  readonly at: number;
}

export type Access = "rx" | "r" | "rw";

export interface Section {
  readonly name: string;
  readonly access: Access;
  /** Power of two. */
  readonly align: number;
  readonly bytes: Uint8Array;
  /** At least `bytes.length`; the rest is zero and takes no room in a file. */
  readonly size: number;
  readonly symbols: readonly SectionSymbol[];
  readonly relocations: readonly Relocation[];
  /** In order of offsets; none where nobody asks. */
  readonly lines?: readonly Line[];
}

/** A section that is stored as a whole. Without `symbols` its name is one, at its start. */
export function dataSection(
  name: string,
  access: Access,
  align: number,
  bytes: Uint8Array,
  symbols: readonly SectionSymbol[] = [{ name, offset: 0 }],
  relocations: readonly Relocation[] = [],
): Section {
  return { name, access, align, bytes, size: bytes.length, symbols, relocations };
}

/** A section of `size` zero bytes. */
export function zeroSection(
  name: string,
  align: number,
  size: number,
  symbols: readonly SectionSymbol[] = [{ name, offset: 0 }],
): Section {
  return { name, access: "rw", align, bytes: new Uint8Array(0), size, symbols, relocations: [] };
}
