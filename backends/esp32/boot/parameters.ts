/**
 * What the loader has to say, if it is one that starts Linux (Linux, arch/xtensa/include/uapi/asm/bootparam.h): a list of tags, each with its number and the count of
 * bytes that follow, 16 bits each.
 */
import { type Label, type Section, type XtensaAssembler, xtensaRegs } from "#codegen";
import { routine, storeField, tail } from "./idioms.ts";

const { a2, a3, a4, a5, a6, a14 } = xtensaRegs;

const tags = { first: 0x7b0b, last: 0x7e0b, commandLine: 0x1001, initrd: 0x1002, memory: 0x1003 } as const;
/** So many are looked at. */
const MOST = 32;

/** a2: the list, or anything that is none and lies elsewhere. An image that has no room, or lies over the file beside it, stops. */
export function parse({ start, end }: { readonly start: number; readonly end: number }): Section {
  return routine("boot.parse", (a) => {
    const [next, done, full] = [a.label(), a.label(), a.label()];
    a.extui(a3, a2, 0, 2);
    a.branchZero("bnez", a3, done);
    a.li(a3, BigInt(start));
    a.r("sub", a3, a2, a3);
    a.li(a4, BigInt(end - start));
    a.branch("bgeu", a3, a4, done);
    a.load("l16ui", a3, a2);
    a.li(a4, BigInt(tags.first));
    a.branch("bne", a3, a4, done);
    a.li(a14, BigInt(MOST));
    // a2: a tag that has been looked at.
    a.bind(next);
    a.load("l16ui", a3, a2, 2);
    a.r("add", a2, a2, a3);
    a.addi(a2, a2, 4);
    a.addi(a14, a14, -1);
    a.branchZero("beqz", a14, done);
    a.load("l16ui", a3, a2);
    for (const [tag, write] of [
      [tags.memory, memory],
      [tags.initrd, initrd],
      [tags.commandLine, commandLine],
    ] as const) {
      const skip = a.label();
      a.li(a4, BigInt(tag));
      a.branch("bne", a3, a4, skip);
      write(a, full);
      a.jump(next);
      a.bind(skip);
    }
    a.li(a4, BigInt(tags.last));
    a.branch("bne", a3, a4, next);
    a.bind(done);
    a.ret();
    a.bind(full);
    a.la(a2, "boot.text.full");
    tail(a, "boot.stop");
  });
}

/** `full` if `at` is before the end of the image. */
function behindImage(a: XtensaAssembler, at: xtensaRegs.Reg, full: Label): void {
  a.la(a6, "image.end");
  a.branch("bltu", at, a6, full);
}

/** Kind, begin and end. */
function memory(a: XtensaAssembler, full: Label): void {
  a.load("l32i", a4, a2, 8);
  a.load("l32i", a5, a2, 12);
  a.r("sub", a6, a5, a4);
  storeField(a, a6, "memory");
  behindImage(a, a5, full);
}

/** The same of a file. */
function initrd(a: XtensaAssembler, full: Label): void {
  a.load("l32i", a4, a2, 8);
  a.load("l32i", a5, a2, 12);
  storeField(a, a4, "initrd");
  storeField(a, a5, "initrdEnd");
  behindImage(a, a4, full);
}

/** A text that ends with 0. */
function commandLine(a: XtensaAssembler): void {
  const counted = a.label();
  a.addi(a4, a2, 4);
  storeField(a, a4, "commandLine");
  a.mv(a5, a4);
  const count = a.here();
  a.load("l8ui", a6, a5);
  a.branchZero("beqz", a6, counted);
  a.addi(a5, a5, 1);
  a.jump(count);
  a.bind(counted);
  a.r("sub", a5, a5, a4);
  storeField(a, a5, "commandLineLength");
}
