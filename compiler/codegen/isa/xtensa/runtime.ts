/**
 * Routines that compiled code calls for whole blocks of memory and tables. They follow the calling convention, check bounds before they
 * touch anything, and are linked only where they are used. a5 to a11 are free.
 */
import type { Section } from "../../object/section.ts";
import { trapCodes } from "../../ssa/types.ts";
import type { Routines } from "../isa.ts";
import { symbols } from "../symbols.ts";
import { trappingSection } from "../trapping.ts";
import { memoryBase } from "./abi.ts";
import { Assembler, type Label } from "./assembler.ts";
import { a2, a3, a4, a5, a6, a7, a8, a9, a10, type Reg } from "./regs.ts";

function routine(
  symbol: string,
  write: (a: Assembler, fail: Label) => void,
  trap: number = trapCodes.memory.code,
): Section {
  return trappingSection(new Assembler(), { symbol, trap, align: 4 }, write);
}

function loadFrom(a: Assembler, to: Reg, symbol: string): void {
  a.la(to, symbol);
  a.load("l32i", to, to);
}

function memorySize(a: Assembler, to: Reg): void {
  loadFrom(a, to, symbols.memoryBytes);
}

/** Fails if start + length > limit, all unsigned. Uses a6. */
function checkEnd(a: Assembler, start: Reg, length: Reg, limit: Reg, fail: Label): void {
  a.branch("bltu", limit, start, fail);
  a.r("sub", a6, limit, start);
  a.branch("bltu", a6, length, fail);
}

/**
 * a2: to, a3: from, a4: bytes; forwards. What is read and written are whole words, but for what is left over at both ends; where only one of both places begins with a word, each is put
 * together of two. Destroys all three, and a5 to a10.
 */
export function copyForwards(a: Assembler): void {
  const [shifted, word, rest, done] = [a.label(), a.label(), a.label(), a.label()];
  a.r("add", a7, a2, a4);
  a.branchConstant("bltui", a4, 8, rest);
  // Up to the first multiple of four, which is not behind the end.
  const align = a.here();
  const aligned = a.label();
  a.extui(a5, a2, 0, 2);
  a.branchZero("beqz", a5, aligned);
  copyByte(a);
  a.jump(align);
  a.bind(aligned);
  a.extui(a5, a3, 0, 2);
  a.branchZero("bnez", a5, shifted);
  a.r("sub", a6, a7, a2);
  a.srli(a6, a6, 4);
  a.branchZero("beqz", a6, word);
  const four = a.here();
  const between = [a4, a5, a8, a9] as const;
  between.forEach((reg, n) => {
    a.load("l32i", reg, a3, 4 * n);
  });
  between.forEach((reg, n) => {
    a.store("s32i", reg, a2, 4 * n);
  });
  a.addi(a3, a3, 16);
  a.addi(a2, a2, 16);
  a.addi(a6, a6, -1);
  a.branchZero("bnez", a6, four);
  a.bind(word);
  a.r("sub", a6, a7, a2);
  a.branchConstant("bltui", a6, 4, rest);
  a.load("l32i", a5, a3);
  a.store("s32i", a5, a2);
  a.addi(a2, a2, 4);
  a.addi(a3, a3, 4);
  a.jump(word);
  a.bind(shifted);
  copyShifted(a);
  a.bind(rest);
  a.branch("beq", a2, a7, done);
  copyByte(a);
  a.jump(rest);
  a.bind(done);
}

/** a2: to, which begins with a word, a3: from, which begins a5 bytes behind one, a7: end of `to`. What is left is less than a word. Destroys a4, a6, a8 to a10. */
function copyShifted(a: Assembler): void {
  a.slli(a6, a5, 3);
  a.amount("ssr", a6);
  a.r("sub", a8, a3, a5);
  a.load("l32i", a9, a8);
  a.r("sub", a6, a7, a2);
  a.srli(a6, a6, 2);
  const next = a.here();
  a.load("l32i", a10, a8, 4);
  a.r("src", a4, a10, a9);
  a.store("s32i", a4, a2);
  a.mv(a9, a10);
  a.addi(a8, a8, 4);
  a.addi(a2, a2, 4);
  a.addi(a6, a6, -1);
  a.branchZero("bnez", a6, next);
  a.r("add", a3, a8, a5);
}

function copyByte(a: Assembler): void {
  a.load("l8ui", a5, a3);
  a.store("s8i", a5, a2);
  a.addi(a2, a2, 1);
  a.addi(a3, a3, 1);
}

function copyBackwards(a: Assembler): void {
  const done = a.label();
  a.r("add", a3, a3, a4);
  a.r("add", a7, a2, a4);
  const loop = a.here();
  a.branch("beq", a7, a2, done);
  a.addi(a3, a3, -1);
  a.addi(a7, a7, -1);
  a.load("l8ui", a5, a3);
  a.store("s8i", a5, a7);
  a.jump(loop);
  a.bind(done);
}

/** a2: to, a3: byte, a4: end. A word a step between the first boundary of words and the last. Destroys a2, a3, a5, a6. */
function fill(a: Assembler): void {
  const [words, rest, done] = [a.label(), a.label(), a.label()];
  const align = a.here();
  a.extui(a5, a2, 0, 2);
  a.branchZero("beqz", a5, words);
  a.branch("beq", a2, a4, done);
  a.store("s8i", a3, a2);
  a.addi(a2, a2, 1);
  a.jump(align);
  a.bind(words);
  a.extui(a3, a3, 0, 8);
  for (const by of [8, 16]) {
    a.slli(a5, a3, by);
    a.r("or", a3, a3, a5);
  }
  a.addi(a6, a4, -3);
  a.branch("bgeu", a2, a6, rest);
  const loop = a.here();
  a.store("s32i", a3, a2);
  a.addi(a2, a2, 4);
  a.branch("bltu", a2, a6, loop);
  a.bind(rest);
  a.branch("beq", a2, a4, done);
  a.store("s8i", a3, a2);
  a.addi(a2, a2, 1);
  a.jump(rest);
  a.bind(done);
}

/** The address of entry `index` of what begins at a symbol. */
function entry(a: Assembler, to: Reg, index: Reg, symbol: string): void {
  a.la(a6, symbol);
  a.r("addx4", to, index, a6);
}

/** a2: entries to, a3: entries from, both as addresses; a4: how many. */
function copyEntries(a: Assembler): void {
  a.slli(a4, a4, 2);
  const backwards = a.label();
  const done = a.label();
  a.r("sub", a5, a2, a3);
  a.branch("bltu", a5, a4, backwards);
  const forwards = a.here();
  a.branchZero("beqz", a4, done);
  a.load("l32i", a5, a3);
  a.store("s32i", a5, a2);
  a.addi(a2, a2, 4);
  a.addi(a3, a3, 4);
  a.addi(a4, a4, -4);
  a.jump(forwards);
  a.bind(backwards);
  a.r("add", a2, a2, a4);
  a.r("add", a3, a3, a4);
  const back = a.here();
  a.branchZero("beqz", a4, done);
  a.addi(a2, a2, -4);
  a.addi(a3, a3, -4);
  a.load("l32i", a5, a3);
  a.store("s32i", a5, a2);
  a.addi(a4, a4, -4);
  a.jump(back);
  a.bind(done);
}

/** a2: first index, a3: value, a4: how many. */
function fillEntries(a: Assembler, table: number): void {
  const done = a.label();
  entry(a, a2, a2, symbols.table(table));
  const loop = a.here();
  a.branchZero("beqz", a4, done);
  a.store("s32i", a3, a2);
  a.addi(a2, a2, 4);
  a.addi(a4, a4, -1);
  a.jump(loop);
  a.bind(done);
}

export const routines: Routines = {
  /** Arguments: to, from, bytes. */
  memoryCopy: () =>
    routine(symbols.memoryCopy, (a, fail) => {
      memorySize(a, a5);
      checkEnd(a, a2, a4, a5, fail);
      checkEnd(a, a3, a4, a5, fail);
      a.r("add", a2, a2, memoryBase);
      a.r("add", a3, a3, memoryBase);
      // `to` lies inside of what is read, behind its start: only backwards is right.
      const backwards = a.label();
      a.r("sub", a5, a2, a3);
      a.branch("bltu", a5, a4, backwards);
      copyForwards(a);
      a.ret();
      a.bind(backwards);
      copyBackwards(a);
      a.ret();
    }),
  /** Arguments: to, byte, bytes. */
  memoryFill: () =>
    routine(symbols.memoryFill, (a, fail) => {
      memorySize(a, a5);
      checkEnd(a, a2, a4, a5, fail);
      a.r("add", a2, a2, memoryBase);
      a.r("add", a4, a4, a2);
      fill(a);
      a.ret();
    }),
  /** Arguments: to, from in the segment, bytes. */
  memoryInit: (segment) =>
    routine(symbols.memoryInit(segment), (a, fail) => {
      memorySize(a, a5);
      checkEnd(a, a2, a4, a5, fail);
      loadFrom(a, a5, symbols.dataSize(segment));
      checkEnd(a, a3, a4, a5, fail);
      a.r("add", a2, a2, memoryBase);
      a.la(a5, symbols.data(segment));
      a.r("add", a3, a3, a5);
      copyForwards(a);
      a.ret();
    }),
  /** Arguments: to, from, count. */
  tableCopy: (to, from) =>
    routine(
      symbols.tableCopy(to, from),
      (a, fail) => {
        loadFrom(a, a5, symbols.tableSize(to));
        checkEnd(a, a2, a4, a5, fail);
        loadFrom(a, a5, symbols.tableSize(from));
        checkEnd(a, a3, a4, a5, fail);
        entry(a, a2, a2, symbols.table(to));
        entry(a, a3, a3, symbols.table(from));
        copyEntries(a);
        a.ret();
      },
      trapCodes.table.code,
    ),
  /** Arguments: to, from in the segment, count. */
  tableInit: (table, segment) =>
    routine(
      symbols.tableInit(table, segment),
      (a, fail) => {
        loadFrom(a, a5, symbols.tableSize(table));
        checkEnd(a, a2, a4, a5, fail);
        loadFrom(a, a5, symbols.elementSize(segment));
        checkEnd(a, a3, a4, a5, fail);
        entry(a, a2, a2, symbols.table(table));
        entry(a, a3, a3, symbols.element(segment));
        copyEntries(a);
        a.ret();
      },
      trapCodes.table.code,
    ),
  /** Arguments: from index, value, count. */
  tableFill: (table) =>
    routine(
      symbols.tableFill(table),
      (a, fail) => {
        loadFrom(a, a5, symbols.tableSize(table));
        checkEnd(a, a2, a4, a5, fail);
        fillEntries(a, table);
        a.ret();
      },
      trapCodes.table.code,
    ),
  /** Arguments: initial value, count. */
  tableGrow: (table, most) =>
    routine(symbols.tableGrow(table), (a) => {
      const refuse = a.label();
      a.mv(a4, a3);
      loadFrom(a, a7, symbols.tableSize(table));
      a.li(a5, BigInt(most));
      checkEnd(a, a7, a4, a5, refuse);
      a.r("add", a5, a7, a4);
      a.la(a8, symbols.tableSize(table));
      a.store("s32i", a5, a8);
      a.mv(a3, a2);
      a.mv(a2, a7);
      fillEntries(a, table);
      a.mv(a2, a7);
      a.ret();
      a.bind(refuse);
      a.li(a2, -1n);
      a.ret();
    }),
};
