/**
 * Linear memory, page by page. A page is absent, or the image's own (read-only), or private. What is absent becomes the image's page or a
 * page of zeros when it is touched; a write makes the image's page private by copying it.
 */
import { type RiscvAssembler, riscvRegs, type Section, symbols } from "#codegen";
import {
  addressFromEntry,
  copyWords,
  entryFromAddress,
  keeping,
  routine,
  type Width,
  wipe,
} from "./idioms.ts";
import { entry, PAGE, WINDOW_ENTRY } from "./layout.ts";

const { t0, t1, t2, t3, a0, a1, s0, s1, s2, s3, s4, zero } = riscvRegs;
type Reg = riscvRegs.Reg;
const WORDS = PAGE / 8;

/** a0: address of an entry → a0: the table that it leads to, made now if there was none. */
export function descend(): Section {
  return routine(64, "boot.descend", (a) => {
    const there = a.label();
    a.load("ld", t0, a0);
    a.i("andi", t1, t0, entry.valid);
    a.branch("ne", t1, zero, there);
    keeping(a, [s0], () => {
      a.mv(s0, a0);
      a.call("boot.allocate");
      blank(a, a0);
      entryFromAddress(a, t0, a0);
      a.i("ori", t0, t0, entry.table);
      a.store("sd", t0, s0);
    });
    a.ret();
    a.bind(there);
    addressFromEntry(a, a0, t0);
    a.ret();
  });
}

/** Zeros for a page. Uses t0, t1. */
export function blank(a: RiscvAssembler, page: Reg): void {
  a.mv(t0, page);
  a.li(t1, BigInt(PAGE));
  a.r("add", t1, t1, t0);
  wipe(a, t0, t1);
}

/** a0: number of a page of linear memory → a0: its entry as the image has it, 0 if the image has none. Uses t0 to t3. */
export function origin(): Section {
  return routine(64, "boot.origin", (a) => {
    const [run, next, none] = [a.label(), a.label(), a.label()];
    a.la(t0, "image.runs");
    a.bind(run);
    a.load("lwu", t1, t0, 4);
    a.branch("eq", t1, zero, none);
    a.branch("geu", a0, t1, next);
    a.load("lwu", t1, t0);
    a.branch("ltu", a0, t1, next);
    a.r("sub", t1, a0, t1);
    a.load("lwu", t2, t0, 8);
    a.r("add", t1, t1, t2);
    a.shift("slli", t1, t1, 12);
    a.la(t2, "image.snapshot");
    a.r("add", t1, t1, t2);
    a.loadFrom("ld", t3, "boot.slide");
    a.r("add", t1, t1, t3);
    entryFromAddress(a, a0, t1);
    a.i("ori", a0, a0, entry.constant);
    a.ret();
    a.bind(next);
    a.i("addi", t0, t0, 12);
    a.jump(run);
    a.bind(none);
    a.mv(a0, zero);
    a.ret();
  });
}

/** a0: offset in linear memory; a1: not 0 to make the page private → a0: address of its entry. */
export function page(): Section {
  return routine(64, "boot.page", (a) => {
    const [known, absent, set, done] = [a.label(), a.label(), a.label(), a.label()];
    keeping(a, [s0, s1, s2], () => {
      a.shift("srli", s0, a0, 12);
      a.mv(s1, a1);
      a.shift("srli", t0, s0, 18);
      a.shift("slli", t0, t0, 3);
      a.la(a0, "boot.root", 8 * WINDOW_ENTRY);
      a.r("add", a0, a0, t0);
      a.call("boot.descend");
      step(a, s0, 9);
      a.load("ld", t0, a0);
      a.mv(s2, t0);
      a.call("boot.descend");
      a.branch("ne", s2, zero, known);
      a.mv(a1, s0);
      a.call("boot.populate");
      a.bind(known);
      step(a, s0, 0);
      a.mv(s2, a0);
      a.load("ld", t0, s2);
      a.i("andi", t1, t0, entry.valid);
      a.branch("eq", t1, zero, absent);
      a.i("andi", t1, t0, entry.write);
      a.branch("ne", t1, zero, done);
      a.branch("eq", s1, zero, done);
      a.call("boot.allocate");
      a.load("ld", t0, s2);
      copyImagePage(a, a0, t0);
      a.jump(set);
      a.bind(absent);
      a.call("boot.allocate");
      blank(a, a0);
      a.bind(set);
      entryFromAddress(a, t0, a0);
      a.i("ori", t0, t0, entry.data);
      a.store("sd", t0, s2);
      a.plain("sfence.vma");
      a.bind(done);
      a.mv(a0, s2);
    });
    a.ret();
  });
}

/** From the table a0 to its entry for page number `page`, whose bits from `low` on count. Uses t0. */
function step(a: RiscvAssembler, page: Reg, low: number): void {
  a.shift("srli", t0, page, low);
  a.i("andi", t0, t0, WORDS - 1);
  a.shift("slli", t0, t0, 3);
  a.r("add", a0, a0, t0);
}

/** Fills the page `to` from the image's page that the entry t0 has; the image is seen only where it is linked. Uses t0 to t3. */
export function copyImagePage(a: RiscvAssembler, to: Reg, from: typeof t0): void {
  addressFromEntry(a, t0, from);
  a.loadFrom("ld", t1, "boot.slide");
  a.r("sub", t0, t0, t1);
  a.mv(t1, to);
  a.li(t2, BigInt(PAGE));
  a.r("add", t2, t2, t1);
  copyWords(a, t1, t0, t2, t3);
}

/** a0: a new table for the region in which page a1 lies. What the image has there is entered. Keeps a0. */
export function populate(): Section {
  return routine(64, "boot.populate", (a) => {
    keeping(a, [s0, s1, s2, s3, s4], () => {
      a.mv(s0, a0);
      a.mv(s1, a0);
      a.shift("srli", s2, a1, 9);
      a.shift("slli", s2, s2, 9);
      a.li(s3, BigInt(WORDS));
      const next = a.here();
      a.mv(a0, s2);
      a.call("boot.origin");
      a.store("sd", a0, s1);
      a.i("addi", s1, s1, 8);
      a.i("addi", s2, s2, 1);
      a.i("addi", s3, s3, -1);
      a.branch("ne", s3, zero, next);
      a.mv(a0, s0);
    });
    a.ret();
  });
}

/** `hw.physical(pointer) → address`: the page is private and stays where it is. */
export function physical(): Section {
  return routine(64, "hw.physical", (a) => {
    keeping(a, [s0], () => {
      a.shift("slli", a0, a0, 32);
      a.shift("srli", a0, a0, 32);
      a.mv(s0, a0);
      a.li(a1, 1n);
      a.call("boot.page");
      a.load("ld", t0, a0);
      a.i("ori", t0, t0, entry.pinned);
      a.store("sd", t0, a0);
      addressFromEntry(a, a0, t0);
      a.shift("slli", t0, s0, 52);
      a.shift("srli", t0, t0, 52);
      a.r("or", a0, a0, t0);
    });
    a.ret();
  });
}

/** `hw.readable(pointer) → address`: the page is where it is now. */
export function readable(): Section {
  return routine(64, "hw.readable", (a) => {
    keeping(a, [s0], () => {
      a.shift("slli", a0, a0, 32);
      a.shift("srli", a0, a0, 32);
      a.mv(s0, a0);
      a.mv(a1, zero);
      a.call("boot.page");
      a.load("ld", t0, a0);
      addressFromEntry(a, a0, t0);
      a.shift("slli", t0, s0, 52);
      a.shift("srli", t0, t0, 52);
      a.r("or", a0, a0, t0);
    });
    a.ret();
  });
}

/** `rt.memory_grow(delta) → old size or -1`: `limit` pages of 64 KiB at most. What is new appears when it is touched. */
export function memoryGrow(xlen: Width, limit: number): Section {
  return routine(xlen, symbols.memoryGrow, (a) => {
    const [fail, same] = [a.label(), a.label()];
    a.loadFrom("lw", t0, symbols.memoryPages);
    if (xlen === 64) {
      a.shift("slli", a0, a0, 32);
      a.shift("srli", a0, a0, 32);
    }
    a.r("add", a0, a0, t0);
    if (xlen === 32) a.branch("ltu", a0, t0, fail);
    a.li(t1, BigInt(limit));
    a.branch("ltu", t1, a0, fail);
    a.storeTo("sw", a0, symbols.memoryPages, t1);
    if (xlen === 32) {
      // What was not used of the last page is there only if memory has grown.
      a.branch("eq", a0, t0, same);
      a.shift("slli", a0, a0, 16);
      a.storeTo("sw", a0, symbols.memoryBytes, t1);
      a.bind(same);
    }
    a.mv(a0, t0);
    a.ret();
    a.bind(fail);
    a.li(a0, -1n);
    a.ret();
  });
}
