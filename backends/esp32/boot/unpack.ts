/** What `pack` has written becomes memory. */
import { type Section, type XtensaAssembler, xtensaRegs } from "#codegen";
import { MOST_LENGTH, MOST_LITERALS, SHORTEST } from "../../native/pack.ts";
import { routine } from "./idioms.ts";

const { a2, a3, a4, a5, a6, a7, a12, a13, a14 } = xtensaRegs;
type Reg = xtensaRegs.Reg;

/** a12: a stream that ends at a13, a14: where to. Uses a2 to a7. */
export function unpack(): Section {
  return routine("boot.unpack", (a) => {
    const [near, pass] = [a.label(), a.label()];
    const next = a.here();
    readByte(a, a2);
    a.srli(a3, a2, 5);
    more(a, MOST_LITERALS);
    a.mv(a5, a12);
    a.r("add", a12, a12, a3);
    copy(a, a5);
    readByte(a, a5);
    a.branchBit(false, a2, 4, near);
    readByte(a, a6);
    a.slli(a6, a6, 8);
    a.r("or", a5, a5, a6);
    a.bind(near);
    a.branchZero("beqz", a5, pass);
    a.extui(a3, a2, 0, 4);
    more(a, MOST_LENGTH);
    a.addi(a3, a3, SHORTEST);
    a.r("sub", a5, a14, a5);
    copy(a, a5);
    a.jump(next);
    a.bind(pass);
    for (const bits of [0, 8, 16]) {
      readByte(a, a3);
      if (bits > 0) a.slli(a3, a3, bits);
      a.r("add", a14, a14, a3);
    }
    a.branch("bltu", a12, a13, next);
    a.ret();
  });
}

function readByte(a: XtensaAssembler, to: Reg): void {
  a.load("l8ui", to, a12);
  a.addi(a12, a12, 1);
}

/** a3, if it is all that a token has room for, is continued. */
function more(a: XtensaAssembler, most: number): void {
  const all = a.label();
  a.li(a4, BigInt(most));
  a.branch("bne", a3, a4, all);
  a.li(a4, 255n);
  const next = a.here();
  readByte(a, a6);
  a.r("add", a3, a3, a6);
  a.branch("beq", a6, a4, next);
  a.bind(all);
}

/** a3 bytes to a14, one after the other: a match may go on in itself. */
function copy(a: XtensaAssembler, from: Reg): void {
  const [next, end] = [a.label(), a.label()];
  a.bind(next);
  a.branchZero("beqz", a3, end);
  a.load("l8ui", a7, from);
  a.store("s8i", a7, a14);
  a.addi(from, from, 1);
  a.addi(a14, a14, 1);
  a.addi(a3, a3, -1);
  a.jump(next);
  a.bind(end);
}
