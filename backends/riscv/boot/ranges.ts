/** What the device tree says of memory: where it is, and what of it is taken. Pairs of begin and end, in whole pages. */
import { type RiscvAssembler, riscvRegs, type Section } from "#codegen";
import {
  loadField,
  loadWordFrom,
  routine,
  storeField,
  storeWord,
  storeWordTo,
  type Width,
} from "./idioms.ts";
import { PAGE } from "./layout.ts";

const { t0, t1, t2, t3, t4, a0, a1, zero } = riscvRegs;
type Reg = riscvRegs.Reg;

export const MAX_RANGES = 8;
export const MAX_TAKEN = 64;

const FOUR_GIGABYTES = 1n << 32n;

/** a0: begin, a1: size. Memory above 4 GiB is not used: devices may not reach it. */
export function addRange(xlen: Width): Section {
  return routine(xlen, "boot.add_range", (a) => {
    const [skip, low] = [a.label(), a.label()];
    if (xlen === 64) {
      a.li(t3, FOUR_GIGABYTES);
      a.branch("geu", a0, t3, skip);
      a.r("sub", t4, t3, a0);
    } else a.i("xori", t4, a0, -1);
    a.branch("ltu", a1, t4, low);
    a.mv(a1, t4);
    a.bind(low);
    a.r("add", a1, a1, a0);
    a.li(t0, BigInt(PAGE - 1));
    a.r("add", a0, a0, t0);
    wholePages(a, a0);
    wholePages(a, a1);
    a.branch("geu", a0, a1, skip);
    loadWordFrom(a, t0, "boot.ranges_used");
    a.li(t1, BigInt(MAX_RANGES));
    a.branch("geu", t0, t1, skip);
    append(a, "boot.ranges", "boot.ranges_used");
    loadField(a, t0, "memory");
    a.r("add", t0, t0, a1);
    a.r("sub", t0, t0, a0);
    storeField(a, t0, "memory", t1);
    a.bind(skip);
    a.ret();
  });
}

/** a0: begin, a1: size: not to be given out. */
export function addTaken(): Section {
  return routine(64, "boot.add_taken", (a) => {
    const [skip, low, room] = [a.label(), a.label(), a.label()];
    a.li(t3, FOUR_GIGABYTES);
    a.branch("geu", a0, t3, skip);
    a.branch("eq", a1, zero, skip);
    a.r("sub", t4, t3, a0);
    a.branch("ltu", a1, t4, low);
    a.mv(a1, t4);
    a.bind(low);
    a.r("add", a1, a1, a0);
    a.li(t0, BigInt(PAGE - 1));
    a.r("add", a1, a1, t0);
    wholePages(a, a0);
    wholePages(a, a1);
    loadWordFrom(a, t0, "boot.taken_used");
    a.li(t1, BigInt(MAX_TAKEN));
    a.branch("ltu", t0, t1, room);
    a.tail("boot.bad_tree");
    a.bind(room);
    append(a, "boot.taken", "boot.taken_used");
    a.bind(skip);
    a.ret();
  });
}

function wholePages(a: RiscvAssembler, reg: Reg): void {
  a.shift("srli", reg, reg, 12);
  a.shift("slli", reg, reg, 12);
}

/** a0 and a1 become the entry after the t0 that are there. */
function append(a: RiscvAssembler, table: string, used: string): void {
  a.shift("slli", t1, t0, 4);
  a.la(t2, table);
  a.r("add", t1, t1, t2);
  storeWord(a, a0, t1);
  storeWord(a, a1, t1, 8);
  a.i("addi", t0, t0, 1);
  storeWordTo(a, t0, used, t1);
}
