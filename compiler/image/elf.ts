/**
 * Executable files: ELF, little-endian, statically linked, at fixed addresses (System V gABI 4.1, chapters 4 and 5).
 * Knows nothing of code; what is where comes from the linker.
 */

import { type ElfMachine, elfMachines, formats } from "./elf-headers.ts";
import { type ElfNote, emitNotes, parseNotes } from "./elf-notes.ts";
import { type ElfSymbol, sectionTable } from "./elf-sections.ts";
import { encode } from "./struct.ts";

export { type ElfMachine, elfMachines } from "./elf-headers.ts";
export type { ElfNote } from "./elf-notes.ts";
export type { ElfSymbol } from "./elf-sections.ts";

/** A run of memory with one kind of access; as the linker gives it. */
export interface ElfSegment {
  readonly access: "rx" | "r" | "rw" | "rwx";
  /** Virtual address. */
  readonly address: number;
  /** Stored bytes; the rest up to `size` is zero and takes no room in the file. */
  readonly bytes: Uint8Array;
  readonly size: number;
  /** Where a loader without address translation puts it; the virtual address if absent. */
  readonly physical?: number;
}

export interface ElfFile {
  /** x86-64 if absent. */
  readonly machine?: ElfMachine;
  /** Virtual address of the first instruction. */
  readonly entry: number;
  readonly segments: readonly ElfSegment[];
  /** In the file only, not in memory. */
  readonly notes?: readonly ElfNote[];
  /** For debuggers and disassemblers only: with them the file has section headers. */
  readonly symbols?: readonly ElfSymbol[];
  /**
   * Address and file offset of a segment are equal modulo this power of two. Linux wants its page size, which is the default; a loader
   * that copies does not care, and less is a smaller file.
   */
  readonly align?: number;
}

const MAGIC = 0x464c457f;
const pt = { load: 1, note: 4, gnuStack: 0x6474e551 } as const;
const flagsOf = { r: 4, rx: 5, rw: 6, rwx: 7 } as const;

/** The file's bytes; they depend on nothing but the argument. */
export function writeElf({
  machine = elfMachines["x86-64"],
  entry,
  segments,
  notes = [],
  symbols,
  align = 4096,
}: ElfFile): Uint8Array {
  const format = formats[machine.bits];
  const { file: fileHeader } = format;
  const programHeader = format.program as (typeof formats)[64]["program"];
  const file = new Growing();
  const phnum = segments.length + (notes.length > 0 ? 1 : 0) + 1;
  file.put(fileHeader.size + phnum * programHeader.size - 1, new Uint8Array(1));
  const programs: Uint8Array[] = [];
  const noteBytes = emitNotes(notes);
  // Early in the file: loaders look there first.
  const noteAt = notes.length > 0 ? file.put(alignUp(file.end, 4), noteBytes) : 0;
  const offsets = segments.map(({ access, address, bytes, size, physical = address }) => {
    const gap = (((address - file.end) % align) + align) % align;
    const offset = bytes.length === 0 ? file.end : file.put(file.end + gap, bytes);
    const place = { offset, vaddr: address, paddr: physical, filesz: bytes.length, memsz: size };
    programs.push(encode(programHeader, { type: pt.load, flags: flagsOf[access], ...place, align }));
    return offset;
  });
  if (notes.length > 0) {
    const place = { offset: noteAt, vaddr: 0, paddr: 0, filesz: noteBytes.length, memsz: noteBytes.length };
    programs.push(encode(programHeader, { type: pt.note, flags: flagsOf.r, ...place, align: 4 }));
  }
  // Says to Linux that the stack need not be executable.
  const nowhere = { offset: 0, vaddr: 0, paddr: 0, filesz: 0, memsz: 0 };
  programs.push(encode(programHeader, { type: pt.gnuStack, flags: flagsOf.rw, ...nowhere, align: 16 }));
  const table = symbols && sectionTable(format, segments, offsets, symbols, alignUp(file.end, 8));
  for (const { bytes, offset } of table?.pieces ?? []) file.put(offset, bytes);
  let shoff = 0;
  for (const each of table?.headers ?? []) {
    const at = file.put(alignUp(file.end, 8), each);
    shoff ||= at;
  }
  const head = encode(fileHeader, {
    magic: MAGIC,
    class: format.class,
    data: 1, // little-endian
    identVersion: 1,
    osabi: 0,
    padding: 0,
    type: 2, // ET_EXEC
    machine: machine.number,
    version: 1,
    entry,
    phoff: fileHeader.size,
    shoff,
    flags: machine.flags,
    ehsize: fileHeader.size,
    phentsize: programHeader.size,
    phnum,
    shentsize: table === undefined ? 0 : table.entrySize,
    shnum: table?.headers.length ?? 0,
    shstrndx: table === undefined ? 0 : table.headers.length - 1,
  });
  return file.bytes([head, ...programs]);
}

/** The format of a file by its first bytes; undefined if it is not ELF. */
function formatOf(view: DataView): (typeof formats)[64] | undefined {
  const found = Object.values(formats).find(
    ({ file, class: bits }) => file.size <= view.byteLength && view.getUint8(4) === bits,
  );
  if (found === undefined || view.getUint32(0, true) !== MAGIC) return undefined;
  return found as (typeof formats)[64];
}

/** The notes of an ELF file; undefined when it is none, or broken. */
export function readNotes(file: Uint8Array): ElfNote[] | undefined {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const format = formatOf(view);
  if (format === undefined) return undefined;
  const { program: programHeader } = format;
  const { phoff, phnum } = format.file.read(view, 0);
  const found: ElfNote[] = [];
  for (let n = 0; n < phnum; n++) {
    const at = phoff + n * programHeader.size;
    if (at + programHeader.size > file.length) return undefined;
    const { type, offset, filesz } = programHeader.read(view, at);
    if (type !== pt.note) continue;
    const notes =
      offset + filesz <= file.length ? parseNotes(file.subarray(offset, offset + filesz)) : undefined;
    if (notes === undefined) return undefined;
    found.push(...notes);
  }
  return found;
}

/** Where in a file that `writeElf` made each segment's bytes are, in the order in which the segments were given. */
export function segmentPlaces(
  file: Uint8Array,
): { readonly address: number; readonly offset: number; readonly stored: number }[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const { file: fileHeader, program: programHeader } = formatOf(view)!;
  const { phoff, phnum } = fileHeader.read(view, 0);
  return Array.from({ length: phnum }, (_, n) => programHeader.read(view, phoff + n * programHeader.size))
    .filter(({ type }) => type === pt.load)
    .map(({ vaddr, offset, filesz }) => ({ address: vaddr, offset, stored: filesz }));
}

/** Pieces at ascending offsets; what is between them is zero. */
class Growing {
  readonly #pieces: { readonly offset: number; readonly bytes: Uint8Array }[] = [];
  end = 0;

  put(offset: number, bytes: Uint8Array): number {
    this.#pieces.push({ offset, bytes });
    this.end = offset + bytes.length;
    return offset;
  }

  /** Everything, with `head` written over the beginning. */
  bytes(head: readonly Uint8Array[]): Uint8Array {
    const out = new Uint8Array(this.end);
    for (const { offset, bytes } of this.#pieces) out.set(bytes, offset);
    let at = 0;
    for (const part of head) {
      out.set(part, at);
      at += part.length;
    }
    return out;
  }
}

function alignUp(value: number, to: number): number {
  return Math.ceil(value / to) * to;
}
