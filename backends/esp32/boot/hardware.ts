/** What the processor does for drivers: functions `hw.NAME` that compiled code calls. None of them uses the stack. */
import { copyXtensa, type Section, symbols, trapCodes, xtensaRegs } from "#codegen";
import { routine, tail } from "./idioms.ts";
import { FIELD_COUNT } from "./layout.ts";

const { a0, a2, a3, a4, a5, a6, a7, a15 } = xtensaRegs;
/** Where linear memory begins, in all compiled code. */
const memoryBase = a15;

/** `hw.boot(field) → value`, 0 for a field that is none. */
function record(): Section {
  return routine("hw.boot", (a) => {
    const some = a.label();
    a.li(a3, BigInt(FIELD_COUNT));
    a.branch("bltu", a2, a3, some);
    a.li(a2, 0n);
    a.li(a3, 0n);
    a.ret();
    a.bind(some);
    a.la(a4, "boot.record");
    a.r("addx8", a4, a2, a4);
    a.load("l32i", a2, a4);
    a.load("l32i", a3, a4, 4);
    a.ret();
  });
}

/** `hw.ticks() → count`: the processor's counter, which has 32 bits, with how often it was seen to begin anew. It has to be asked for once in so many ticks. */
function ticks(): Section {
  return routine("hw.ticks", (a) => {
    const same = a.label();
    a.la(a4, "boot.clock");
    a.load("l32i", a5, a4);
    a.load("l32i", a3, a4, 4);
    a.special("rsr", a2, "ccount");
    a.branch("bgeu", a2, a5, same);
    a.addi(a3, a3, 1);
    a.store("s32i", a3, a4, 4);
    a.bind(same);
    a.store("s32i", a2, a4);
    a.ret();
  });
}

/** `hw.alarm(count)`: an interrupt (6) when the lower half of the counter is this; one that was there is gone. */
function alarm(): Section {
  return routine("hw.alarm", (a) => {
    a.special("wsr", a2, "ccompare0");
    a.plain("esync");
    a.ret();
  });
}

/** `hw.listen(mask)`: these interrupts end sleep. */
function listen(): Section {
  return routine("hw.listen", (a) => {
    a.special("wsr", a2, "intenable");
    a.plain("rsync");
    a.ret();
  });
}

/** `hw.sleep()`: until one of them is there. */
function sleep(): Section {
  return routine("hw.sleep", (a) => {
    a.plain("waiti 0");
    a.ret();
  });
}

/** `hw.pending() → mask`: interrupts that are there and listened to. */
function pending(): Section {
  return routine("hw.pending", (a) => {
    a.special("rsr", a2, "interrupt");
    a.special("rsr", a3, "intenable");
    a.r("and", a2, a2, a3);
    a.ret();
  });
}

/** `hw.physical(pointer) → address`, of 64 bits; `hw.readable` is the same. */
function physical(): Section {
  return routine("hw.physical", (a) => {
    a.symbol("hw.readable");
    a.la(a3, "boot.linear");
    a.r("add", a2, a2, a3);
    a.li(a3, 0n);
    a.ret();
  });
}

/**
 * `constants.read(to, from, bytes)`: copies what is `from` bytes behind the beginning of the constants that compiled code cannot address into linear memory. A trap of the caller if
 * either place is not all inside.
 */
function constants(): Section {
  return routine("constants.read", (a) => {
    const fail = a.label();
    a.la(a5, "image.left");
    a.la(a6, "image.left_end");
    a.r("sub", a6, a6, a5);
    a.branch("bltu", a6, a4, fail);
    a.r("sub", a6, a6, a4);
    a.branch("bltu", a6, a3, fail);
    a.la(a6, symbols.memoryBytes);
    a.load("l32i", a6, a6);
    a.branch("bltu", a6, a4, fail);
    a.r("sub", a6, a6, a4);
    a.branch("bltu", a6, a2, fail);
    a.r("add", a3, a3, a5);
    a.r("add", a2, a2, memoryBase);
    copyXtensa(a);
    a.ret();
    a.bind(fail);
    a.mv(a6, a2);
    a.mv(a5, a0);
    a.la(a2, "image.compiled");
    a.r("sub", a2, a5, a2);
    a.li(a3, BigInt(trapCodes.memory.code));
    tail(a, "boot.trapped");
  });
}

/** `rt.memory_grow(delta) → old size or -1`: `limit` pages of 64 KiB at most. Memory that has grown ends with a page. */
function memoryGrow(limit: number): Section {
  return routine(symbols.memoryGrow, (a) => {
    const [fail, same] = [a.label(), a.label()];
    a.la(a3, symbols.memoryPages);
    a.load("l32i", a4, a3);
    a.branchZero("beqz", a2, same);
    a.li(a5, BigInt(limit));
    a.r("sub", a5, a5, a4);
    a.branch("bltu", a5, a2, fail);
    a.r("add", a5, a4, a2);
    a.store("s32i", a5, a3);
    a.slli(a5, a5, 16);
    a.la(a3, symbols.memoryBytes);
    a.store("s32i", a5, a3);
    a.bind(same);
    a.mv(a2, a4);
    a.ret();
    a.bind(fail);
    a.li(a2, -1n);
    a.ret();
  });
}

/** What can be named; more than this is not noted. */
export const MOST_DEVICES = 16;

/**
 * `hw.atRestart(address, bytes)`: the address has 64 bits everywhere. A zero of that size is written there before a warm restart, once: a device writes into memory
 * when it likes, and memory is given its first content again.
 */
function note(): Section {
  return routine("hw.atRestart", (a) => {
    const full = a.label();
    a.la(a5, "boot.devices_used");
    a.load("l32i", a6, a5);
    a.li(a7, BigInt(MOST_DEVICES));
    a.branch("bgeu", a6, a7, full);
    a.addi(a7, a6, 1);
    a.store("s32i", a7, a5);
    a.la(a5, "boot.devices");
    a.r("addx8", a5, a6, a5);
    a.store("s32i", a2, a5);
    a.store("s32i", a4, a5, 4);
    a.bind(full);
    a.ret();
  });
}

/** Resets what was named. */
function quiet(): Section {
  return routine("boot.quiet", (a) => {
    const [done, word] = [a.label(), a.label()];
    a.li(a7, 0n);
    const next = a.here();
    a.la(a2, "boot.devices_used");
    a.load("l32i", a3, a2);
    a.branchZero("beqz", a3, done);
    a.addi(a3, a3, -1);
    a.store("s32i", a3, a2);
    a.la(a4, "boot.devices");
    a.r("addx8", a4, a3, a4);
    a.load("l32i", a5, a4);
    a.load("l32i", a6, a4, 4);
    a.branchConstant("bnei", a6, 1, word);
    a.store("s8i", a7, a5);
    a.jump(next);
    a.bind(word);
    a.store("s32i", a7, a5);
    a.jump(next);
    a.bind(done);
    a.plain("memw");
    a.ret();
  });
}

export const hardware = (memoryLimit: number): Section[] => [
  record(),
  ticks(),
  alarm(),
  listen(),
  sleep(),
  pending(),
  physical(),
  memoryGrow(memoryLimit),
  constants(),
  note(),
  quiet(),
];
