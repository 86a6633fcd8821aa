/** From a machine that is ready to the program: at the first start and after every restart. */
import { type RiscvAssembler, riscvRegs, type Section, symbols } from "#codegen";
import { copyWords, loadWord, routine, storeField, storeWordTo, type Width } from "./idioms.ts";
import { FIELD_COUNT, WINDOW } from "./layout.ts";

const { sp, t0, t1, t2, t3, a0, a1, s0, s1, s2, s11, zero } = riscvRegs;

export interface Program {
  readonly xlen: Width;
  /** Size of linear memory in the snapshot, in pages of 64 KiB. */
  readonly memoryPages: number;
  /** Size of the compiled code's writable data (`image.data`), which begins as a copy of `image.frozen`. A multiple of 8. */
  readonly dataSize: number;
  /** Exports that are called, one after the other. The last should not return. */
  readonly calls: readonly string[];
}

/** `boot.run`: never returns. What the program left in memory must be gone already (`boot.restore`). */
export function run({ xlen, memoryPages, dataSize, calls }: Program): Section {
  return routine(xlen, "boot.run", (a) => {
    a.la(sp, "boot.stack.end");
    a.la(t0, "image.data");
    a.la(t1, "image.frozen");
    a.li(t2, BigInt(dataSize));
    a.r("add", t2, t2, t0);
    copyWords(a, t0, t1, t2, t3);
    a.li(t0, BigInt(memoryPages));
    storeWordTo(a, t0, symbols.memoryPages, t1);
    a.csr("csrrs", t0, "time", zero);
    storeField(a, t0, "started", t1);
    if (xlen === 64) a.li(s11, WINDOW);
    else {
      a.la(s11, "boot.linear");
      a.call("boot.fill");
    }
    writeSparse(a);
    for (const name of calls) a.call(symbols.export(name));
    a.la(a0, "boot.text.returned");
    a.tail("boot.stop");
  });
}

/** The parts of linear memory that the image has as runs of bytes (`image.sparse`), none of them across pages. */
function writeSparse(a: RiscvAssembler): void {
  const [next, done, copy, copied] = [a.label(), a.label(), a.label(), a.label()];
  a.la(s0, "image.sparse");
  a.mv(s1, zero);
  a.bind(next);
  for (const [to, at] of [
    [t0, 0],
    [s2, 2],
  ] as const) {
    a.load("lbu", to, s0, at);
    a.load("lbu", t2, s0, at + 1);
    a.shift("slli", t2, t2, 8);
    a.r("or", to, to, t2);
  }
  a.i("addi", s0, s0, 4);
  a.r("add", s1, s1, t0);
  a.r("or", t0, t0, s2);
  a.branch("eq", t0, zero, done);
  a.branch("eq", s2, zero, next);
  if (a.xlen === 64) {
    a.mv(a0, s1);
    a.li(a1, 1n);
    a.call("boot.page");
  }
  a.r("add", t0, s11, s1);
  a.r("add", s1, s1, s2);
  a.r("add", t1, s11, s1);
  a.bind(copy);
  a.branch("eq", t0, t1, copied);
  a.load("lbu", t2, s0);
  a.store("sb", t2, t0);
  a.i("addi", s0, s0, 1);
  a.i("addi", t0, t0, 1);
  a.jump(copy);
  a.bind(copied);
  a.jump(next);
  a.bind(done);
}

/** `hw.boot(field) → value`, 0 for a field that is none. */
export function record(xlen: Width): Section {
  return routine(xlen, "hw.boot", (a) => {
    const some = a.label();
    a.i("sltiu", t0, a0, FIELD_COUNT);
    a.branch("ne", t0, zero, some);
    a.mv(a0, zero);
    if (xlen === 32) a.mv(a1, zero);
    a.ret();
    a.bind(some);
    a.shift("slli", a0, a0, 3);
    a.la(t0, "boot.record");
    a.r("add", t0, t0, a0);
    loadWord(a, a0, t0);
    if (xlen === 32) loadWord(a, a1, t0, 4);
    a.ret();
  });
}
