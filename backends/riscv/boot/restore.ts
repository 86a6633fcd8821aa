/**
 * A warm restart makes linear memory as it was: private pages become the image's again, or absent. Pages that devices know keep their place and get their first
 * content back: a device may still write to them until its driver has reset it.
 */
import { type RiscvAssembler, riscvRegs, type Section } from "#codegen";
import { addressFromEntry, loadField, routine, storeField } from "./idioms.ts";
import { entry, PAGE, WINDOW_ENTRIES, WINDOW_ENTRY } from "./layout.ts";
import { blank, copyImagePage } from "./pages.ts";

const { t0, t1, t2, a0, s0, s1, s2, s3, s4, s5, s6, s7, zero } = riscvRegs;
const WORDS = PAGE / 8;
type Reg = riscvRegs.Reg;

/** Nothing has to be kept here: the program's registers are gone. */
export function restore(): Section {
  return routine(64, "boot.restore", (a) => {
    a.mv(s7, riscvRegs.ra);
    a.la(s0, "boot.root", 8 * WINDOW_ENTRY);
    a.mv(s6, zero);
    level(a, s0, s3, WINDOW_ENTRIES, 18, () => {
      a.mv(s1, t0);
      level(a, s1, s4, WORDS, 9, () => {
        a.mv(s2, t0);
        level(a, s2, s5, WORDS, 0, () => restorePage(a));
      });
    });
    a.plain("sfence.vma");
    a.jumpTo(s7);
  });
}

/** Walks `count` entries at `at`; t0 is what a present one leads to. s6 is the page number, 2^bits pages an entry. */
function level(a: RiscvAssembler, at: Reg, left: Reg, count: number, bits: number, body: () => void): void {
  const [skip, next] = [a.label(), a.label()];
  a.li(left, BigInt(count));
  const again = a.here();
  a.load("ld", t0, at);
  a.i("andi", t1, t0, bits === 0 ? entry.write : entry.valid);
  a.branch("eq", t1, zero, skip);
  addressFromEntry(a, t0, t0);
  body();
  if (bits !== 0) a.jump(next);
  a.bind(skip);
  a.li(t1, BigInt(2 ** bits));
  a.r("add", s6, s6, t1);
  a.bind(next);
  a.i("addi", at, at, 8);
  a.i("addi", left, left, -1);
  a.branch("ne", left, zero, again);
}

/** The private page s6, whose entry is at s2. */
function restorePage(a: RiscvAssembler): void {
  const [free, absent, done] = [a.label(), a.label(), a.label()];
  a.mv(a0, s6);
  a.call("boot.origin");
  a.load("ld", t1, s2);
  a.i("andi", t2, t1, entry.pinned);
  a.branch("eq", t2, zero, free);
  a.mv(t0, a0);
  addressFromEntry(a, a0, t1);
  a.branch("eq", t0, zero, absent);
  copyImagePage(a, a0, t0);
  a.jump(done);
  a.bind(absent);
  blank(a, a0);
  a.jump(done);
  a.bind(free);
  a.store("sd", a0, s2);
  addressFromEntry(a, t0, t1);
  a.loadFrom("ld", t1, "boot.free");
  a.store("sd", t1, t0);
  a.storeTo("sd", t0, "boot.free", t1);
  loadField(a, t0, "pages");
  a.i("addi", t0, t0, -1);
  storeField(a, t0, "pages", t1);
  a.bind(done);
}
