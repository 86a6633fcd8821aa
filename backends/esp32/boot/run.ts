/** From a machine that is ready to the program: at the first start and after every restart. */
import { type Section, symbols, type XtensaAssembler, xtensaRegs } from "#codegen";
import { PAGE_64K } from "../../native/program.ts";
import { copyWords, routine, storeTo, tail, wipe } from "./idioms.ts";
import { fields } from "./layout.ts";

const { sp, a2, a3, a4, a5, a12, a13, a14, a15 } = xtensaRegs;
/** Where linear memory begins, in all compiled code. */
const memoryBase = a15;

export interface Program {
  /** Bytes of linear memory, which ends where it is not used any more. */
  readonly memoryBytes: number;
  /** Size of `image.frozen`, of which the compiled code's writable data (`image.data`) begins as a copy; `image.values` follow. A multiple of 8. */
  readonly frozenSize: number;
  /** Exports that are called, one after the other. The last should not return. */
  readonly calls: readonly string[];
}

/** `boot.run`: never returns. Devices are quiet, so nobody else writes to memory. */
export function run({ memoryBytes, frozenSize, calls }: Program): Section {
  return routine("boot.run", (a) => {
    a.la(sp, "boot.stack.end");
    a.la(a14, "image.data");
    if (frozenSize > 0) {
      a.la(a3, "image.frozen");
      a.la(a4, "image.data", frozenSize);
      copyWords(a, a14, a3, a4, a5);
    }
    unpackFrom(a, "image.values");
    a.li(a2, BigInt(Math.ceil(memoryBytes / PAGE_64K)));
    storeTo(a, a2, symbols.memoryPages);
    a.li(a2, BigInt(memoryBytes));
    storeTo(a, a2, symbols.memoryBytes);
    a.la(memoryBase, "boot.linear");
    fill(a);
    a.mv(a14, memoryBase);
    unpackFrom(a, "image.packed");
    a.call("hw.ticks");
    a.la(a4, "boot.record", 8 * fields.started);
    a.store("s32i", a2, a4);
    a.store("s32i", a3, a4, 4);
    for (const name of calls) a.call(symbols.export(name));
    a.la(a2, "boot.text.returned");
    tail(a, "boot.stop");
  });
}

/** Linear memory as it was made, but for what the image has packed. `image.runs`: first page, its end, place in `image.snapshot`, in pages of 4 KiB. */
function fill(a: XtensaAssembler): void {
  const [next, done] = [a.label(), a.label()];
  a.la(a2, "boot.linear");
  a.la(a3, "boot.linear.end");
  wipe(a, a2, a3, a4);
  a.la(a12, "image.runs");
  a.bind(next);
  a.load("l32i", a4, a12, 4);
  a.branchZero("beqz", a4, done);
  a.load("l32i", a2, a12);
  a.load("l32i", a3, a12, 8);
  for (const reg of [a2, a3, a4]) a.slli(reg, reg, 12);
  a.la(a5, "boot.linear");
  a.r("add", a2, a2, a5);
  a.r("add", a4, a4, a5);
  a.la(a5, "image.snapshot");
  a.r("add", a3, a3, a5);
  copyWords(a, a2, a3, a4, a5);
  a.addi(a12, a12, 12);
  a.jump(next);
  a.bind(done);
}

/** What is packed between the symbol and that of its end, to a14. */
function unpackFrom(a: XtensaAssembler, name: string): void {
  a.la(a12, name);
  a.la(a13, `${name}_end`);
  a.call("boot.unpack");
}
