/**
 * Routines that compiled code calls for whole blocks of memory and tables. They follow the calling convention, check bounds before they
 * touch anything, and are linked only where they are used. Arguments are 32 bits, sign-extended on RV64; t0 to t4 are free.
 */
import type { Section } from "../../object/section.ts";
import { trapCodes } from "../../ssa/types.ts";
import type { Routines } from "../isa.ts";
import { symbols } from "../symbols.ts";
import { trappingSection } from "../trapping.ts";
import { memoryBase } from "./abi.ts";
import { Assembler, type Label } from "./assembler.ts";
import { wordLoad, wordStore } from "./context.ts";
import { a0, a1, a2, type Reg, t0, t1, t2, t3, t4, t5, t6, zero } from "./regs.ts";

/**
 * a0: to, a1: from, a2: bytes; forwards. What is read and written are whole words, but for what is left over at both ends; where only one of both places begins with a word, each is put
 * together of two. Destroys all three, and t0 to t6.
 */
export function copyForwards(a: Assembler): void {
  const word = a.xlen / 8;
  const [shifted, single, rest, done] = [a.label(), a.label(), a.label(), a.label()];
  a.r("add", t2, a0, a2);
  a.i("sltiu", t0, a2, 2 * word);
  a.branch("ne", t0, zero, rest);
  // Up to the first word boundary, which is not behind the end.
  const align = a.here();
  const aligned = a.label();
  a.i("andi", t0, a0, word - 1);
  a.branch("eq", t0, zero, aligned);
  copyByte(a);
  a.jump(align);
  a.bind(aligned);
  a.i("andi", t0, a1, word - 1);
  a.branch("ne", t0, zero, shifted);
  const several = a.label();
  const between = [t0, t3, t4, t5] as const;
  a.i("addi", t1, t2, -(between.length * word - 1));
  a.bind(several);
  a.branch("geu", a0, t1, single);
  between.forEach((reg, n) => {
    a.load(wordLoad(a), reg, a1, word * n);
  });
  between.forEach((reg, n) => {
    a.store(wordStore(a), reg, a0, word * n);
  });
  a.i("addi", a0, a0, between.length * word);
  a.i("addi", a1, a1, between.length * word);
  a.jump(several);
  a.bind(single);
  a.i("addi", t1, t2, -(word - 1));
  const loop = a.here();
  a.branch("geu", a0, t1, rest);
  a.load(wordLoad(a), t0, a1);
  a.store(wordStore(a), t0, a0);
  a.i("addi", a0, a0, word);
  a.i("addi", a1, a1, word);
  a.jump(loop);
  a.bind(shifted);
  copyShifted(a);
  a.bind(rest);
  a.branch("eq", a0, t2, done);
  copyByte(a);
  a.jump(rest);
  a.bind(done);
}

/** a0: to, which begins with a word, a1: from, which begins t0 bytes behind one, t2: end of `to`. What is left is less than a word. Destroys a2, t1, t3 to t6. */
function copyShifted(a: Assembler): void {
  const word = a.xlen / 8;
  a.shift("slli", t3, t0, 3);
  a.r("sub", t4, zero, t3);
  a.r("sub", a1, a1, t0);
  a.load(wordLoad(a), t5, a1);
  a.i("addi", t1, t2, -(word - 1));
  const next = a.here();
  a.load(wordLoad(a), t6, a1, word);
  a.r("srl", t5, t5, t3);
  // Shifts look at as many bits of their count as a register has.
  a.r("sll", a2, t6, t4);
  a.r("or", t5, t5, a2);
  a.store(wordStore(a), t5, a0);
  a.mv(t5, t6);
  a.i("addi", a0, a0, word);
  a.i("addi", a1, a1, word);
  a.branch("ltu", a0, t1, next);
  a.r("add", a1, a1, t0);
}

function copyByte(a: Assembler): void {
  a.load("lbu", t0, a1);
  a.store("sb", t0, a0);
  a.i("addi", a0, a0, 1);
  a.i("addi", a1, a1, 1);
}

export class RiscvRoutines implements Routines {
  readonly xlen: 32 | 64;
  readonly word: number;

  constructor(xlen: 32 | 64) {
    this.xlen = xlen;
    this.word = xlen / 8;
  }

  /** Arguments: to, from, bytes. */
  memoryCopy(): Section {
    return this.routine(symbols.memoryCopy, (a, fail) => {
      this.widen(a, a0, a1, a2);
      this.memorySize(a, t0);
      this.checkEnd(a, a0, a2, t0, fail);
      this.checkEnd(a, a1, a2, t0, fail);
      a.r("add", a0, a0, memoryBase);
      a.r("add", a1, a1, memoryBase);
      // `to` lies inside of what is read, behind its start: only backwards is right.
      const backwards = a.label();
      a.r("sub", t0, a0, a1);
      a.branch("ltu", t0, a2, backwards);
      copyForwards(a);
      a.ret();
      a.bind(backwards);
      this.copyBackwards(a);
      a.ret();
    });
  }
  /** Arguments: to, byte, bytes. */
  memoryFill(): Section {
    return this.routine(symbols.memoryFill, (a, fail) => {
      this.widen(a, a0, a2);
      this.memorySize(a, t0);
      this.checkEnd(a, a0, a2, t0, fail);
      a.r("add", a0, a0, memoryBase);
      a.r("add", a2, a2, a0);
      this.fill(a);
      a.ret();
    });
  }
  /** Arguments: to, from in the segment, bytes. */
  memoryInit(segment: number): Section {
    return this.routine(symbols.memoryInit(segment), (a, fail) => {
      this.widen(a, a0, a1, a2);
      this.memorySize(a, t0);
      this.checkEnd(a, a0, a2, t0, fail);
      a.loadFrom("lw", t0, symbols.dataSize(segment));
      this.checkEnd(a, a1, a2, t0, fail);
      a.r("add", a0, a0, memoryBase);
      a.la(t0, symbols.data(segment));
      a.r("add", a1, a1, t0);
      copyForwards(a);
      a.ret();
    });
  }
  /** Arguments: to, from, count. */
  tableCopy(to: number, from: number): Section {
    return this.routine(
      symbols.tableCopy(to, from),
      (a, fail) => {
        this.widen(a, a0, a1, a2);
        a.loadFrom("lw", t0, symbols.tableSize(to));
        this.checkEnd(a, a0, a2, t0, fail);
        a.loadFrom("lw", t0, symbols.tableSize(from));
        this.checkEnd(a, a1, a2, t0, fail);
        this.entry(a, a0, a0, symbols.table(to));
        this.entry(a, a1, a1, symbols.table(from));
        this.copyEntries(a);
        a.ret();
      },
      trapCodes.table.code,
    );
  }
  /** Arguments: to, from in the segment, count. */
  tableInit(table: number, segment: number): Section {
    return this.routine(
      symbols.tableInit(table, segment),
      (a, fail) => {
        this.widen(a, a0, a1, a2);
        a.loadFrom("lw", t0, symbols.tableSize(table));
        this.checkEnd(a, a0, a2, t0, fail);
        a.loadFrom("lw", t0, symbols.elementSize(segment));
        this.checkEnd(a, a1, a2, t0, fail);
        this.entry(a, a0, a0, symbols.table(table));
        this.entry(a, a1, a1, symbols.element(segment));
        this.copyEntries(a);
        a.ret();
      },
      trapCodes.table.code,
    );
  }
  /** Arguments: from index, value, count. */
  tableFill(table: number): Section {
    return this.routine(
      symbols.tableFill(table),
      (a, fail) => {
        this.widen(a, a0, a2);
        a.loadFrom("lw", t0, symbols.tableSize(table));
        this.checkEnd(a, a0, a2, t0, fail);
        this.fillEntries(a, table);
        a.ret();
      },
      trapCodes.table.code,
    );
  }
  /** Arguments: initial value, count. */
  tableGrow(table: number, most: number): Section {
    return this.routine(symbols.tableGrow(table), (a) => {
      const refuse = a.label();
      a.mv(a2, a1);
      this.widen(a, a2);
      a.loadFrom("lw", t3, symbols.tableSize(table));
      a.li(t0, BigInt(most));
      this.checkEnd(a, t3, a2, t0, refuse);
      a.r("add", t0, t3, a2);
      a.storeTo("sw", t0, symbols.tableSize(table), t1);
      a.mv(a1, a0);
      a.mv(a0, t3);
      this.fillEntries(a, table);
      a.mv(a0, t3);
      a.ret();
      a.bind(refuse);
      a.li(a0, -1n);
      a.ret();
    });
  }

  private routine(
    symbol: string,
    write: (a: Assembler, fail: Label) => void,
    trap: number = trapCodes.memory.code,
  ): Section {
    return trappingSection(new Assembler(this.xlen), { symbol, trap, align: 4 }, write);
  }

  /** As an unsigned number of a whole register. */
  private widen(a: Assembler, ...regs: readonly Reg[]): void {
    if (this.xlen === 32) return;
    for (const reg of regs) {
      a.shift("slli", reg, reg, 32);
      a.shift("srli", reg, reg, 32);
    }
  }

  /** Fails if start + length > limit, all unsigned. Uses t1. */
  private checkEnd(a: Assembler, start: Reg, length: Reg, limit: Reg, fail: Label): void {
    a.branch("ltu", limit, start, fail);
    a.r("sub", t1, limit, start);
    a.branch("ltu", t1, length, fail);
  }

  private memorySize(a: Assembler, to: Reg): void {
    if (this.xlen === 32) return a.loadFrom("lw", to, symbols.memoryBytes);
    a.loadFrom("lw", to, symbols.memoryPages);
    a.shift("slli", to, to, 16);
  }

  /** a0: to, a1: byte, a2: end. A word a step between the first boundary of words and the last. Destroys a0, a1, t0, t1. */
  private fill(a: Assembler): void {
    const [words, rest, done] = [a.label(), a.label(), a.label()];
    const align = a.here();
    a.i("andi", t0, a0, this.word - 1);
    a.branch("eq", t0, zero, words);
    a.branch("eq", a0, a2, done);
    a.store("sb", a1, a0);
    a.i("addi", a0, a0, 1);
    a.jump(align);
    a.bind(words);
    a.i("andi", a1, a1, 255);
    for (let by = 8; by < this.xlen; by *= 2) {
      a.shift("slli", t0, a1, by);
      a.r("or", a1, a1, t0);
    }
    a.i("addi", t1, a2, -(this.word - 1));
    a.branch("geu", a0, t1, rest);
    const loop = a.here();
    a.store(wordStore(a), a1, a0);
    a.i("addi", a0, a0, this.word);
    a.branch("ltu", a0, t1, loop);
    a.bind(rest);
    a.branch("eq", a0, a2, done);
    a.store("sb", a1, a0);
    a.i("addi", a0, a0, 1);
    a.jump(rest);
    a.bind(done);
  }

  private copyBackwards(a: Assembler): void {
    const done = a.label();
    a.r("add", a1, a1, a2);
    a.r("add", t2, a0, a2);
    const loop = a.here();
    a.branch("eq", t2, a0, done);
    a.i("addi", a1, a1, -1);
    a.i("addi", t2, t2, -1);
    a.load("lbu", t0, a1);
    a.store("sb", t0, t2);
    a.jump(loop);
    a.bind(done);
  }

  /** The address of entry `index` of what begins at a symbol. */
  private entry(a: Assembler, to: Reg, index: Reg, symbol: string): void {
    a.shift("slli", to, index, this.word === 8 ? 3 : 2);
    a.la(t1, symbol);
    a.r("add", to, to, t1);
  }

  /** a0: entries to, a1: entries from, both as addresses; a2: how many. */
  private copyEntries(a: Assembler): void {
    a.shift("slli", a2, a2, this.word === 8 ? 3 : 2);
    const backwards = a.label();
    const done = a.label();
    a.r("sub", t0, a0, a1);
    a.branch("ltu", t0, a2, backwards);
    const forwards = a.here();
    a.branch("eq", a2, zero, done);
    a.load(wordLoad(a), t0, a1);
    a.store(wordStore(a), t0, a0);
    a.i("addi", a0, a0, this.word);
    a.i("addi", a1, a1, this.word);
    a.i("addi", a2, a2, -this.word);
    a.jump(forwards);
    a.bind(backwards);
    a.r("add", a0, a0, a2);
    a.r("add", a1, a1, a2);
    const back = a.here();
    a.branch("eq", a2, zero, done);
    a.i("addi", a0, a0, -this.word);
    a.i("addi", a1, a1, -this.word);
    a.load(wordLoad(a), t0, a1);
    a.store(wordStore(a), t0, a0);
    a.i("addi", a2, a2, -this.word);
    a.jump(back);
    a.bind(done);
  }

  /** a0: first index, a1: value, a2: how many. */
  private fillEntries(a: Assembler, table: number): void {
    const done = a.label();
    this.entry(a, a0, a0, symbols.table(table));
    const loop = a.here();
    a.branch("eq", a2, zero, done);
    a.store(wordStore(a), a1, a0);
    a.i("addi", a0, a0, this.word);
    a.i("addi", a2, a2, -1);
    a.jump(loop);
    a.bind(done);
  }
}
