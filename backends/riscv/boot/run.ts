/** From a machine that is ready to the program: at the first start and after every restart. */
import { type RiscvAssembler, riscvRegs, type Section, symbols } from "#codegen";
import { PAGE_64K } from "../../native/program.ts";
import { copyWords, loadWord, routine, storeWordTo, type Width } from "./idioms.ts";
import { FIELD_COUNT, fields, WINDOW } from "./layout.ts";

const { sp, t0, t1, t2, t3, a0, a1, s0, s1, s2, s11, zero } = riscvRegs;

/** A counter of time for traps: those within a second of a start are counted. */
export interface TrapClock {
  /** t0 becomes the counter's lower half. May destroy what calls may. */
  now(a: RiscvAssembler): void;
  /** Fields of the boot record: the counter when `start` was last called, and its ticks a second. */
  readonly started: number;
  readonly rate: number;
}

export const processorTime: TrapClock = {
  now: (a) => a.csr("csrrs", t0, "time", zero),
  started: fields.started,
  rate: fields.timebase,
};

export interface Program {
  readonly xlen: Width;
  readonly clock?: TrapClock;
  /** Bytes of linear memory as it was made; on machines of 32 bits it may end where it is not used any more. */
  readonly memoryBytes: number;
  /** Size of `image.frozen`, of which the compiled code's writable data (`image.data`) begins as a copy; `image.values` follow. A multiple of 8. */
  readonly frozenSize: number;
  /** Exports that are called, one after the other. The last should not return. */
  readonly calls: readonly string[];
}

/** `boot.run`: never returns. What the program left in memory must be gone already (`boot.restore`). */
export function run({ xlen, clock = processorTime, memoryBytes, frozenSize, calls }: Program): Section {
  return routine(xlen, "boot.run", (a) => {
    a.la(sp, "boot.stack.end");
    a.la(s1, "image.data");
    if (frozenSize > 0) {
      a.la(t1, "image.frozen");
      a.li(t2, BigInt(frozenSize));
      a.r("add", t2, t2, s1);
      copyWords(a, s1, t1, t2, t3);
    }
    unpackFrom(a, "image.values");
    a.li(t0, BigInt(Math.ceil(memoryBytes / PAGE_64K)));
    storeWordTo(a, t0, symbols.memoryPages, t1);
    if (xlen === 32) {
      a.li(t0, BigInt(memoryBytes));
      storeWordTo(a, t0, symbols.memoryBytes, t1);
    }
    clock.now(a);
    storeWordTo(a, t0, "boot.record", t1, 8 * clock.started);
    if (xlen === 64) a.li(s11, WINDOW);
    else {
      a.la(s11, "boot.linear");
      a.call("boot.fill");
    }
    a.mv(s1, s11);
    unpackFrom(a, "image.packed");
    for (const name of calls) a.call(symbols.export(name));
    a.la(a0, "boot.text.returned");
    a.tail("boot.stop");
  });
}

/** What is packed between the symbol and that of its end, to s1. */
function unpackFrom(a: RiscvAssembler, name: string): void {
  a.la(s0, name);
  a.la(s2, `${name}_end`);
  a.call("boot.unpack");
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
