/** The headers of ELF files of both classes (System V gABI 4.1, chapters 4 and 5), and the machines that we make files for. */
import { type Field, struct, u8, u16, u32, u64 } from "./struct.ts";

export interface ElfMachine {
  /** e_machine */
  readonly number: number;
  readonly bits: 32 | 64;
  /** e_flags, by the machine's own supplement. */
  readonly flags: number;
}

export const elfMachines = {
  "x86-64": { number: 62, bits: 64, flags: 0 },
  /** RISC-V ELF psABI, chapter 8: compressed instructions, floats in integer registers. */
  rv64: { number: 243, bits: 64, flags: 1 },
  rv32: { number: 243, bits: 32, flags: 1 },
  /** Xtensa: code and literals. */
  xtensa: { number: 94, bits: 32, flags: 0x300 },
} as const satisfies Record<string, ElfMachine>;

const fileHeader = (address: Field<number>) =>
  struct({
    magic: u32,
    class: u8,
    data: u8,
    identVersion: u8,
    osabi: u8,
    padding: u64,
    type: u16,
    machine: u16,
    version: u32,
    entry: address,
    phoff: address,
    shoff: address,
    flags: u32,
    ehsize: u16,
    phentsize: u16,
    phnum: u16,
    shentsize: u16,
    shnum: u16,
    shstrndx: u16,
  });

const sectionHeader = (word: Field<number>) =>
  struct({
    name: u32,
    type: u32,
    flags: word,
    addr: word,
    offset: word,
    size: word,
    link: u32,
    info: u32,
    addralign: word,
    entsize: word,
  });

function format64() {
  return {
    class: 2,
    file: fileHeader(u64),
    program: struct({
      type: u32,
      flags: u32,
      offset: u64,
      vaddr: u64,
      paddr: u64,
      filesz: u64,
      memsz: u64,
      align: u64,
    }),
    section: sectionHeader(u64),
    symbol: struct({ name: u32, info: u8, other: u8, shndx: u16, value: u64, size: u64 }),
  };
}

function format32() {
  return {
    class: 1,
    file: fileHeader(u32),
    program: struct({
      type: u32,
      offset: u32,
      vaddr: u32,
      paddr: u32,
      filesz: u32,
      memsz: u32,
      flags: u32,
      align: u32,
    }),
    section: sectionHeader(u32),
    symbol: struct({ name: u32, value: u32, size: u32, info: u8, other: u8, shndx: u16 }),
  };
}

export const formats = { 64: format64(), 32: format32() } as const;

export type ElfFormat = (typeof formats)[32 | 64];
export type SectionHeader = Parameters<ReturnType<typeof sectionHeader>["write"]>[2];
