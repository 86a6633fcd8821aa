/** What `pack` has written becomes memory. */
import { type RiscvAssembler, riscvRegs, type Section } from "#codegen";
import { MOST_LENGTH, MOST_LITERALS, SHORTEST } from "../../native/pack.ts";
import { routine, type Width } from "./idioms.ts";

const { ra, t0, t1, t2, t3, a0, a1, s0, s1, s2, s3, s4, s11, zero } = riscvRegs;
type Reg = riscvRegs.Reg;

/** s0: a stream that ends at s2, s1: where to. Where there are pages, those of linear memory are made ready to be written. Uses t0 to t3, a0, a1, s3, s4. */
export function unpack(xlen: Width): Section {
  return routine(xlen, "boot.unpack", (a) => {
    const [near, pass, done] = [a.label(), a.label(), a.label()];
    a.mv(s4, ra);
    const next = a.here();
    readByte(a, s3);
    a.shift("srli", t0, s3, 5);
    more(a, MOST_LITERALS);
    a.mv(t1, s0);
    a.r("add", s0, s0, t0);
    copy(a, t1);
    readByte(a, t1);
    a.i("andi", t2, s3, 16);
    a.branch("eq", t2, zero, near);
    readByte(a, t2);
    a.shift("slli", t2, t2, 8);
    a.r("or", t1, t1, t2);
    a.bind(near);
    a.branch("eq", t1, zero, pass);
    a.i("andi", t0, s3, 15);
    more(a, MOST_LENGTH);
    a.i("addi", t0, t0, SHORTEST);
    a.r("sub", t1, s1, t1);
    copy(a, t1);
    a.jump(next);
    a.bind(pass);
    for (const bits of [0, 8, 16]) {
      readByte(a, t0);
      a.shift("slli", t0, t0, bits);
      a.r("add", s1, s1, t0);
    }
    a.branch("eq", s0, s2, done);
    if (xlen === 64) {
      a.r("sub", a0, s1, s11);
      a.li(a1, 1n);
      a.call("boot.page");
    }
    a.jump(next);
    a.bind(done);
    a.mv(ra, s4);
    a.ret();
  });
}

function readByte(a: RiscvAssembler, to: Reg): void {
  a.load("lbu", to, s0);
  a.i("addi", s0, s0, 1);
}

/** t0, if it is all that a token has room for, is continued. */
function more(a: RiscvAssembler, most: number): void {
  const all = a.label();
  a.i("addi", t2, t0, -most);
  a.branch("ne", t2, zero, all);
  const next = a.here();
  readByte(a, t2);
  a.r("add", t0, t0, t2);
  a.i("addi", t2, t2, -255);
  a.branch("eq", t2, zero, next);
  a.bind(all);
}

/** t0 bytes to s1, one after the other: a match may go on in itself. */
function copy(a: RiscvAssembler, from: Reg): void {
  const [next, end] = [a.label(), a.label()];
  a.bind(next);
  a.branch("eq", t0, zero, end);
  a.load("lbu", t3, from);
  a.store("sb", t3, s1);
  a.i("addi", from, from, 1);
  a.i("addi", s1, s1, 1);
  a.i("addi", t0, t0, -1);
  a.jump(next);
  a.bind(end);
}
