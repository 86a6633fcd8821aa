/** What the processor and its timer do for drivers: functions `hw.NAME` that compiled code calls. None of them uses the stack. */
import { copyRiscv, type RiscvAssembler, riscvRegs, type Section, symbols, trapCodes } from "#codegen";
import { FIELD_COUNT } from "../../esp32/boot/layout.ts";
import { routine } from "../../riscv/boot/idioms.ts";
import { interrupts, restart, timer, uart } from "./chip.ts";
import { status } from "./entry.ts";
import { word } from "./idioms.ts";

const { a0, a1, a2, ra, t0, t1, t2, t3, s11: memoryBase, zero } = riscvRegs;
type Reg = riscvRegs.Reg;

/** `hw.boot(field) → value`, 0 for a field that is none. */
function record(): Section {
  return routine(32, "hw.boot", (a) => {
    const some = a.label();
    a.i("sltiu", t0, a0, FIELD_COUNT);
    a.branch("ne", t0, zero, some);
    a.mv(a0, zero);
    a.mv(a1, zero);
    a.ret();
    a.bind(some);
    a.shift("slli", a0, a0, 3);
    a.la(t0, "boot.record");
    a.r("add", t0, t0, a0);
    a.load("lw", a0, t0);
    a.load("lw", a1, t0, 4);
    a.ret();
  });
}

/** Both halves belong together: the timer keeps them for whoever asks. t0 becomes its address, t1 is destroyed. */
function readTimer(a: RiscvAssembler, low: Reg, high: Reg): void {
  a.li(t0, word(timer.base));
  a.li(t1, word(1 << timer.ask));
  a.store("sw", t1, t0, timer.read);
  const asked = a.here();
  a.load("lw", t1, t0, timer.read);
  a.shift("slli", t1, t1, 31 - timer.valid);
  a.branch("ge", t1, zero, asked);
  a.load("lw", high, t0, timer.high);
  a.load("lw", low, t0, timer.low);
}

/** `hw.ticks() → count`. */
function ticks(): Section {
  return routine(32, "hw.ticks", (a) => {
    readTimer(a, a0, a1);
    a.ret();
  });
}

/** `hw.alarm(count)`: an interrupt when the lower half of the counter is this; one that was there is gone. */
function alarm(): Section {
  return routine(32, "hw.alarm", (a) => {
    const same = a.label();
    readTimer(a, t2, t3);
    a.branch("geu", a0, t2, same);
    a.i("addi", t3, t3, 1);
    a.bind(same);
    a.li(t1, 1n);
    a.store("sw", t1, t0, timer.clear);
    a.store("sw", zero, t0, timer.targetMode);
    a.store("sw", t3, t0, timer.targetHigh);
    a.store("sw", a0, t0, timer.targetLow);
    a.store("sw", t1, t0, timer.take);
    a.ret();
  });
}

/** `hw.listen(mask)`: these interrupts end sleep. */
function listen(): Section {
  return routine(32, "hw.listen", (a) => {
    a.la(t0, "boot.listened");
    a.store("sw", a0, t0);
    a.ret();
  });
}

/**
 * `hw.sleep()`. Interrupts come through here only, and the first one ends it wherever it comes: the processor then goes on at `boot.awake` (`entry.ts`). So none is lost between a
 * look at a device and sleep.
 */
function sleep(): Section {
  return routine(32, "hw.sleep", (a) => {
    a.loadFrom("lw", t1, "boot.listened");
    a.li(t2, word(interrupts.base + interrupts.enable));
    a.csrImm("csrrs", zero, "mstatus", status.enabled);
    a.store("sw", t1, t2);
    a.plain("wfi");
    a.symbol("boot.awake");
    a.csrImm("csrrc", zero, "mstatus", status.enabled);
    a.li(t2, word(interrupts.base + interrupts.enable));
    a.store("sw", zero, t2);
    a.ret();
  });
}

/**
 * `constants.read(to, from, bytes)`: copies what is `from` bytes behind the beginning of the constants that compiled code cannot address into linear memory. A trap of the caller if
 * either place is not all inside.
 */
export function constants(): Section {
  return routine(32, "constants.read", (a) => {
    const fail = a.label();
    const inside = (from: Reg, size: Reg) => {
      a.branch("ltu", size, a2, fail);
      a.r("sub", t0, size, a2);
      a.branch("ltu", t0, from, fail);
    };
    a.la(t1, "image.left");
    a.la(t2, "image.left_end");
    a.r("sub", t2, t2, t1);
    inside(a1, t2);
    a.loadFrom("lw", t2, symbols.memoryBytes);
    inside(a0, t2);
    a.r("add", a1, a1, t1);
    a.r("add", a0, a0, memoryBase);
    copyRiscv(a);
    a.ret();
    a.bind(fail);
    a.la(t0, "image.compiled");
    a.r("sub", t0, ra, t0);
    a.li(t3, BigInt(trapCodes.memory.code));
    a.tail("boot.trapped");
  });
}

/** A routine with this name; a0: a text that ends with 0. Uses t0 to t2. */
export function print(name: string): Section {
  return routine(32, name, (a) => {
    const [next, done] = [a.label(), a.label()];
    a.li(t0, word(uart.base));
    a.bind(next);
    a.load("lbu", t1, a0);
    a.branch("eq", t1, zero, done);
    const full = a.here();
    a.load("lw", t2, t0, uart.status);
    a.shift("srli", t2, t2, uart.sent);
    a.i("andi", t2, t2, 0xff);
    a.i("sltiu", t2, t2, uart.room);
    a.branch("eq", t2, zero, full);
    a.store("sw", t1, t0);
    a.i("addi", a0, a0, 1);
    a.jump(next);
    a.bind(done);
    a.ret();
  });
}

/** `hw.stop()`: the chip starts anew. */
function stop(): Section {
  return routine(32, "hw.stop", (a) => {
    // What was said goes out first.
    a.li(t0, word(uart.base));
    const sending = a.here();
    a.load("lw", t1, t0, uart.status);
    a.shift("srli", t1, t1, uart.sent);
    a.i("andi", t1, t1, 0xff);
    a.branch("ne", t1, zero, sending);
    a.li(t0, word(restart.address));
    a.load("lw", t1, t0);
    a.li(t2, word(1 << restart.bit));
    a.r("or", t1, t1, t2);
    a.store("sw", t1, t0);
    const ever = a.here();
    a.plain("wfi");
    a.jump(ever);
  });
}

export const hardware = (): Section[] => [
  record(),
  ticks(),
  alarm(),
  listen(),
  sleep(),
  constants(),
  print("boot.print"),
  stop(),
];
