/**
 * Routines that compiled code calls for whole blocks of memory and tables. They follow the calling convention, check bounds before
 * they touch anything, and are linked only where they are used.
 */
import type { Section } from "../../object/section.ts";
import { trapCodes } from "../../ssa/types.ts";
import { symbols } from "../symbols.ts";
import { trappingSection } from "../trapping.ts";
import { memoryBase } from "./abi.ts";
import { Assembler, type Label } from "./assembler.ts";
import { r8, r9, rax, rcx, rdi, rdx, rsi } from "./regs.ts";

/** arguments: to, from, bytes */
export function memoryCopy(): Section {
  return routine(symbols.memoryCopy, (a, fail) => {
    memorySize(a, rax);
    checkEnd(a, rdi, rdx, rax, fail);
    checkEnd(a, rsi, rdx, rax, fail);
    a.alu("add", 8, rdi, memoryBase);
    a.alu("add", 8, rsi, memoryBase);
    a.mov(8, rax, rdi);
    a.alu("sub", 8, rax, rsi);
    // `to` lies inside of what is read, behind its start: only backwards is right.
    const backwards = a.label();
    a.alu("cmp", 8, rax, rdx);
    a.jump(backwards, "b");
    copyForwards(a);
    a.plain("ret");
    a.bind(backwards);
    copyBackwards(a);
    a.plain("ret");
  });
}

/** rdi, rsi, rdx: eight bytes a step, then the rest one by one. */
function copyForwards(a: Assembler): void {
  const words = a.label();
  const rest = a.label();
  const bytes = a.label();
  const done = a.label();
  a.alu("sub", 8, rdx, { imm: 8 });
  a.jump(rest, "b");
  a.bind(words);
  a.mov(8, rax, { base: rsi });
  a.mov(8, { base: rdi }, rax);
  a.alu("add", 8, rsi, { imm: 8 });
  a.alu("add", 8, rdi, { imm: 8 });
  a.alu("sub", 8, rdx, { imm: 8 });
  a.jump(words, "ae");
  a.bind(rest);
  a.alu("add", 8, rdx, { imm: 8 });
  a.jump(done, "e");
  a.bind(bytes);
  a.extend(false, 4, 1, rax, { base: rsi });
  a.mov(1, { base: rdi }, rax);
  a.unary("inc", 8, rsi);
  a.unary("inc", 8, rdi);
  a.unary("dec", 8, rdx);
  a.jump(bytes, "ne");
  a.bind(done);
}

function copyBackwards(a: Assembler): void {
  const loop = a.label();
  const done = a.label();
  a.test(8, rdx, rdx);
  a.jump(done, "e");
  a.bind(loop);
  a.extend(false, 4, 1, rax, { base: rsi, index: rdx, disp: -1 });
  a.mov(1, { base: rdi, index: rdx, disp: -1 }, rax);
  a.unary("dec", 8, rdx);
  a.jump(loop, "ne");
  a.bind(done);
}

/** arguments: to, byte, bytes */
export function memoryFill(): Section {
  return routine(symbols.memoryFill, (a, fail) => {
    memorySize(a, rax);
    checkEnd(a, rdi, rdx, rax, fail);
    a.alu("add", 8, rdi, memoryBase);
    a.mov(8, rcx, rdx);
    a.mov(4, rax, rsi);
    a.plain("rep stosb");
    a.plain("ret");
  });
}

/** arguments: to, from in the segment, bytes */
export function memoryInit(segment: number): Section {
  return routine(symbols.memoryInit(segment), (a, fail) => {
    memorySize(a, rax);
    checkEnd(a, rdi, rdx, rax, fail);
    a.mov(4, rax, { symbol: symbols.dataSize(segment) });
    checkEnd(a, rsi, rdx, rax, fail);
    a.alu("add", 8, rdi, memoryBase);
    a.movAddress(rax, symbols.data(segment));
    a.alu("add", 8, rsi, rax);
    copyForwards(a);
    a.plain("ret");
  });
}

function memorySize(a: Assembler, to: number): void {
  a.mov(4, to, { symbol: symbols.memoryPages });
  a.shift("shl", 8, to, 16);
}

/** Fails if start + length > limit. Uses r9. */
function checkEnd(a: Assembler, start: number, length: number, limit: number, fail: Label): void {
  a.rm("lea", 8, r9, { base: start, index: length });
  a.alu("cmp", 8, r9, limit);
  a.jump(fail, "a");
}

/** arguments: to, from, count */
export function tableCopy(to: number, from: number): Section {
  return routine(
    symbols.tableCopy(to, from),
    (a, fail) => {
      a.mov(4, rax, { symbol: symbols.tableSize(to) });
      checkEnd(a, rdi, rdx, rax, fail);
      a.mov(4, rax, { symbol: symbols.tableSize(from) });
      checkEnd(a, rsi, rdx, rax, fail);
      const backwards = a.label();
      const forwards = a.label();
      const next = a.label();
      const done = a.label();
      a.test(4, rdx, rdx);
      a.jump(done, "e");
      a.alu("cmp", 4, rdi, rsi);
      a.jump(backwards, "a");
      a.movImm(rcx, 0n);
      a.bind(forwards);
      a.rm("lea", 8, r8, { base: rsi, index: rcx });
      a.mov(8, rax, { index: r8, scale: 8, symbol: symbols.table(from) });
      a.rm("lea", 8, r8, { base: rdi, index: rcx });
      a.mov(8, { index: r8, scale: 8, symbol: symbols.table(to) }, rax);
      a.unary("inc", 4, rcx);
      a.alu("cmp", 4, rcx, rdx);
      a.jump(forwards, "ne");
      a.plain("ret");
      a.bind(backwards);
      a.mov(4, rcx, rdx);
      a.bind(next);
      a.unary("dec", 4, rcx);
      a.rm("lea", 8, r8, { base: rsi, index: rcx });
      a.mov(8, rax, { index: r8, scale: 8, symbol: symbols.table(from) });
      a.rm("lea", 8, r8, { base: rdi, index: rcx });
      a.mov(8, { index: r8, scale: 8, symbol: symbols.table(to) }, rax);
      a.test(4, rcx, rcx);
      a.jump(next, "ne");
      a.bind(done);
      a.plain("ret");
    },
    trapCodes.table.code,
  );
}

/** arguments: to, from in the segment, count */
export function tableInit(table: number, segment: number): Section {
  return routine(
    symbols.tableInit(table, segment),
    (a, fail) => {
      a.mov(4, rax, { symbol: symbols.tableSize(table) });
      checkEnd(a, rdi, rdx, rax, fail);
      a.mov(4, rax, { symbol: symbols.elementSize(segment) });
      checkEnd(a, rsi, rdx, rax, fail);
      const loop = a.label();
      const done = a.label();
      a.bind(loop);
      a.alu("sub", 4, rdx, { imm: 1 });
      a.jump(done, "b");
      a.mov(8, rax, { index: rsi, scale: 8, symbol: symbols.element(segment) });
      a.mov(8, { index: rdi, scale: 8, symbol: symbols.table(table) }, rax);
      a.unary("inc", 4, rsi);
      a.unary("inc", 4, rdi);
      a.jump(loop);
      a.bind(done);
      a.plain("ret");
    },
    trapCodes.table.code,
  );
}

/** arguments: from index, value, count */
export function tableFill(table: number): Section {
  return routine(
    symbols.tableFill(table),
    (a, fail) => {
      a.mov(4, rax, { symbol: symbols.tableSize(table) });
      checkEnd(a, rdi, rdx, rax, fail);
      fillTable(a, table);
      a.plain("ret");
    },
    trapCodes.table.code,
  );
}

/** rdi: index, rsi: value, rdx: count */
function fillTable(a: Assembler, table: number): void {
  const loop = a.label();
  const done = a.label();
  a.bind(loop);
  a.alu("sub", 4, rdx, { imm: 1 });
  a.jump(done, "b");
  a.mov(8, { index: rdi, scale: 8, symbol: symbols.table(table) }, rsi);
  a.unary("inc", 4, rdi);
  a.jump(loop);
  a.bind(done);
}

/** arguments: initial value, count; gives the old size, or -1 beyond `most` entries. */
export function tableGrow(table: number, most: number): Section {
  return routine(symbols.tableGrow(table), (a) => {
    const refuse = a.label();
    a.mov(4, r8, { symbol: symbols.tableSize(table) });
    a.mov(4, rdx, rsi);
    a.rm("lea", 8, rcx, { base: r8, index: rdx });
    a.alu("cmp", 8, rcx, { imm: most });
    a.jump(refuse, "a");
    a.mov(4, { symbol: symbols.tableSize(table) }, rcx);
    a.mov(8, rsi, rdi);
    a.mov(4, rdi, r8);
    fillTable(a, table);
    a.mov(4, rax, r8);
    a.plain("ret");
    a.bind(refuse);
    a.movImm(rax, 0xffffffffn);
    a.plain("ret");
  });
}

function routine(
  symbol: string,
  write: (a: Assembler, fail: Label) => void,
  trap: number = trapCodes.memory.code,
): Section {
  return trappingSection(new Assembler(), { symbol, trap, align: 16 }, write);
}
