/**
 * Page tables. The machine's own addresses are as they are, writable and never executable, except the regions in which the image lies: these are absent, so
 * that there is one way to the image: where it is linked, code executable and not writable, constants neither.
 */
import { type RiscvAssembler, riscvRegs, type Section } from "#codegen";
import { entryFromAddress, routine } from "./idioms.ts";
import { entry, GIGABYTE_BITS, IDENTITY_ENTRIES, IMAGE_BASE, IMAGE_ENTRY, PAGE, REGION } from "./layout.ts";

const { zero, t0, t1, t2, t3, t4, t5 } = riscvRegs;

/** How many entries of 2 MiB stand for the two gigabytes in which the image begins. */
const NEAR = 1024;

/** Runs before translation, so every address in a register is physical. `regions`: how many times 2 MiB the image has. */
export function tables(regions: number): Section {
  return routine(64, "boot.tables", (a) => {
    a.la(t0, "boot.root");
    a.li(t1, BigInt(entry.data));
    fill(a, IDENTITY_ENTRIES, 1n << 28n);
    // The two gigabytes in which the image lies, in pieces of 2 MiB, and none for the image.
    a.la(t2, "image.begin");
    a.shift("srli", t2, t2, GIGABYTE_BITS);
    a.la(t0, "boot.near");
    a.shift("slli", t1, t2, 28);
    a.i("addi", t1, t1, entry.data);
    fill(a, NEAR, BigInt(REGION >> 2));
    a.la(t0, "boot.root");
    a.shift("slli", t3, t2, 3);
    a.r("add", t0, t0, t3);
    table(a, "boot.near");
    fill(a, 2, BigInt(PAGE >> 2));
    a.la(t0, "boot.near");
    a.shift("slli", t3, t2, GIGABYTE_BITS);
    a.la(t1, "image.begin");
    a.r("sub", t1, t1, t3);
    a.la(t2, "image.end");
    a.i("addi", t2, t2, -1);
    a.r("sub", t2, t2, t3);
    for (const reg of [t1, t2]) {
      a.shift("srli", reg, reg, 21);
      a.shift("slli", reg, reg, 3);
      a.r("add", reg, reg, t0);
    }
    const clear = a.here();
    a.store("sd", zero, t1);
    a.i("addi", t1, t1, 8);
    a.branch("geu", t2, t1, clear);
    // The image where it is linked.
    a.la(t0, "boot.root");
    a.li(t1, BigInt(8 * IMAGE_ENTRY));
    a.r("add", t0, t0, t1);
    table(a, "boot.directory");
    a.store("sd", t1, t0);
    a.la(t0, "boot.directory");
    table(a, "boot.fine");
    fill(a, regions, BigInt(PAGE >> 2));
    a.la(t0, "boot.fine");
    a.la(t2, "image.begin");
    pages(a, "link.rx.end", entry.code);
    pages(a, "link.r.end", entry.constant);
    pages(a, "image.end", entry.data);
    a.la(t0, "boot.fine");
    a.la(t1, "boot.guard");
    a.la(t2, "image.begin");
    a.r("sub", t1, t1, t2);
    a.shift("srli", t1, t1, 9);
    a.r("add", t0, t0, t1);
    a.store("sd", zero, t0);
    a.ret();
  });
}

/** `count` entries from t0 on, the first is t1, each `step` more than the one before. Uses t4, t5. */
function fill(a: RiscvAssembler, count: number, step: bigint): void {
  a.li(t4, BigInt(count));
  a.li(t5, step);
  const next = a.here();
  a.store("sd", t1, t0);
  a.i("addi", t0, t0, 8);
  a.r("add", t1, t1, t5);
  a.i("addi", t4, t4, -1);
  a.branch("ne", t4, zero, next);
}

/** t1 leads to a table. */
function table(a: RiscvAssembler, symbol: string): void {
  a.la(t1, symbol);
  entryFromAddress(a, t1, t1);
  a.i("addi", t1, t1, entry.table);
}

/** Entries at t0 for the pages from t2 to `end`. */
function pages(a: RiscvAssembler, end: string, bits: number): void {
  const done = a.label();
  a.la(t4, end);
  const next = a.here();
  a.branch("geu", t2, t4, done);
  entryFromAddress(a, t1, t2);
  a.i("ori", t1, t1, bits);
  a.store("sd", t1, t0);
  a.i("addi", t0, t0, 8);
  a.li(t5, BigInt(PAGE));
  a.r("add", t2, t2, t5);
  a.jump(next);
  a.bind(done);
}

/** Pieces of 2 MiB, from `IMAGE_BASE` to the end of the image. */
export const regionsTo = (end: number): number => Math.ceil((end - IMAGE_BASE) / REGION);
