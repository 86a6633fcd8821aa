/**
 * What the chip's ROM loads and starts: it switches off the watchdogs, finds the slot whose turn it is, checks what lies there, maps it into the address space
 * through the flash cache, and goes there. It runs in memory that can only be read in words, without a stack.
 *
 * An application is an image of two segments: constants, then code (`link-flash.ts`); one that is damaged leaves the other slot. Registers and their order: ESP-IDF,
 * cache_hal.c and cpu_start.c.
 */
import { link, type Section, type XtensaAssembler, xtensaHoles, xtensaRegs, zeroSection } from "#codegen";
import { print } from "../boot/console.ts";
import { routine, tail } from "../boot/idioms.ts";
import type { Machine } from "../boot/machine.ts";
import { fromCrystal } from "../machines/clocks.ts";
import {
  APPLICATION_SEGMENTS,
  CHIP_ID,
  DIGEST,
  type FlashSegment,
  HEADER,
  loaderTextSections,
  type loaderTexts,
  MAGIC,
  places,
  SEGMENT_HEADER,
  SLOT_REST,
  SUM_SEED,
  SUM_SHIFT,
  slotSize,
} from "./format.ts";

const { a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14, a15 } = xtensaRegs;
type Reg = xtensaRegs.Reg;

/** Where the ROM puts it: code, constants, and words of its own. What an application has there is made after it. */
const CODE = 0x4008_0000;
const CONSTANTS = 0x3fff_0000;
const STATE = 0x3fff_1000;

/** The flash cache of the first processor: one entry for each 64 KiB of each window. */
export const cache = {
  control: 0x3ff0_0040,
  windows: 0x3ff0_0044,
  state: 0x3ff0_03f0,
  table: 0x3ff1_0000,
  enable: 3,
  flush: 4,
  flushed: 5,
  /** Windows that are open have no bit here: instructions (IRAM, IROM) and data (DROM). */
  shut: (1 << 0) | (1 << 2) | (1 << 4),
  idle: 7,
} as const;
/**
 * Data window: entries from 0 on; the last one is not the application's, but shows it the first page of flash memory, where values for slots are. Instruction
 * windows: entry 64 is 0x4000_0000.
 */
export const windows = {
  data: 0x3f40_0000,
  dataEnd: 0x3f7f_0000,
  code: 0x400d_0000,
  codeEnd: 0x4040_0000,
} as const;
const ENTRIES = 64;
const IROM_BASE = 0x4000_0000;
const INVALID = 0x100;

const watchdogs = [
  { key: 0x3ff4_80a4, config: 0x3ff4_808c },
  { key: 0x3ff5_f064, config: 0x3ff5_f048 },
] as const;
const WATCHDOG_KEY = 0x50d8_3aa1;

/**
 * RTC_CNTL_BROWN_OUT: below 2.43 V, the lowest of eight levels, the chip is reset, after the flash chip and the radio have been switched off. Nothing is written with half
 * a voltage.
 */
export const brownOut = {
  register: 0x3ff4_80d4,
  value: (1 << 30) | (1 << 26) | (0x3ff << 16) | (1 << 15) | (1 << 14),
} as const;

export function loader(machine: Machine, flash: number): { segments: FlashSegment[]; entry: number } {
  const { segments, symbols } = link(
    [
      entry(flash),
      verify(flash),
      mapPages(),
      cacheOff(),
      cacheOn(),
      print(machine, "loader.print"),
      stop(),
      ...loaderTextSections(),
      zeroSection("loader.state", 4, 64),
    ],
    { base: CODE, pageSize: 4, bases: { r: CONSTANTS, rw: STATE }, holes: xtensaHoles },
  );
  return {
    segments: segments
      .filter(({ bytes }) => bytes.length > 0)
      .map(({ address, bytes }) => ({ address, bytes })),
    entry: symbols.get("loader.entry")!,
  };
}

function store(a: XtensaAssembler, address: number, value: number, by: readonly [Reg, Reg] = [a3, a4]): void {
  a.li(by[0], BigInt(address));
  a.li(by[1], BigInt(value));
  a.plain("memw");
  a.store("s32i", by[1], by[0]);
}

function entry(flash: number): Section {
  return routine("loader.entry", (a) => {
    a.li(a3, 0x2fn);
    a.special("wsr", a3, "ps");
    a.plain("rsync");
    a.li(a3, 0n);
    for (const name of ["windowbase", "intenable", "lcount"] as const) a.special("wsr", a3, name);
    a.li(a3, 1n);
    a.special("wsr", a3, "windowstart");
    a.plain("rsync");
    for (const { key, config } of watchdogs) {
      store(a, key, WATCHDOG_KEY);
      store(a, config, 0);
      store(a, key, 0);
    }
    store(a, brownOut.register, brownOut.value);
    fromCrystal(a);
    // All of the flash memory is data for now, as far as there is a window.
    a.call("loader.cache_off");
    a.li(a2, BigInt(cache.table));
    a.li(a3, 0n);
    a.li(a4, BigInt(ENTRIES));
    const identity = a.here();
    a.store("s32i", a3, a2);
    a.addi(a2, a2, 4);
    a.addi(a3, a3, 1);
    a.branch("bltu", a3, a4, identity);
    a.call("loader.cache_on");
    choose(a);
    const [first, bad] = [a.label(), a.label()];
    // a15: the slot, a14: how many are left to try.
    a.li(a14, 2n);
    const again = a.here();
    a.li(a12, BigInt(places.slots));
    a.branchZero("beqz", a15, first);
    a.li(a12, BigInt(places.slots + slotSize(flash)));
    a.bind(first);
    a.call("loader.verify");
    a.branchZero("beqz", a2, bad);
    start(a);
    a.bind(bad);
    const say = (text: keyof typeof loaderTexts, reg?: Reg) => {
      a.la(a2, `loader.text.${text}`);
      if (reg !== undefined) a.r("addx2", a2, reg, a2);
      a.call("loader.print");
    };
    say("damaged");
    say("digits", a15);
    say("next");
    a.li(a3, 1n);
    a.r("xor", a15, a15, a3);
    a.addi(a14, a14, -1);
    a.branchZero("bnez", a14, again);
    say("none");
    tail(a, "loader.stop");
  });
}

/** a15: the slot that otadata means: that of the greater sequence of those whose check is right, else the first. */
function choose(a: XtensaAssembler): void {
  a.li(a15, 0n);
  a.li(a13, 0n);
  for (const sector of [0, 1]) {
    const skip = a.label();
    a.li(a2, BigInt(windows.data + places.otadata + 4096 * sector));
    a.load("l32i", a3, a2);
    a.load("l32i", a4, a2, 28);
    a.branch("bgeu", a13, a3, skip);
    crc(a);
    a.branch("bne", a4, a5, skip);
    a.mv(a13, a3);
    a.addi(a15, a3, -1);
    a.extui(a15, a15, 0, 1);
    a.bind(skip);
  }
}

/** a5: the CRC-32 of a3, as otadata has it. Uses a6 to a9. */
function crc(a: XtensaAssembler): void {
  a.mv(a5, a3);
  a.li(a6, 32n);
  a.li(a7, 0xedb8_8320n);
  const bit = a.here();
  const even = a.label();
  a.extui(a8, a5, 0, 1);
  a.srli(a5, a5, 1);
  a.branchZero("beqz", a8, even);
  a.r("xor", a5, a5, a7);
  a.bind(even);
  a.addi(a6, a6, -1);
  a.branchZero("bnez", a6, bit);
  a.li(a8, -1n);
  a.r("xor", a5, a5, a8);
}

/**
 * a12: where the slot begins in flash memory. a2 becomes 0 if what is there is no image for this chip, of constants and code in their windows, whose sum is right. Its
 * segments go to `loader.state`: address, size, place in flash memory of each, then where it begins.
 */
function verify(flash: number): Section {
  return routine("loader.verify", (a) => {
    const bad = a.label();
    a.li(a2, BigInt(windows.data));
    a.r("add", a11, a2, a12);
    a.la(a10, "loader.state");
    a.load("l32i", a3, a11);
    a.extui(a4, a3, 0, 8);
    a.li(a5, BigInt(MAGIC));
    a.branch("bne", a4, a5, bad);
    a.extui(a4, a3, 8, 8);
    a.branchConstant("bnei", a4, APPLICATION_SEGMENTS, bad);
    a.load("l16ui", a4, a11, 12);
    a.li(a5, BigInt(CHIP_ID));
    a.branch("bne", a4, a5, bad);
    a.load("l32i", a3, a11, 4);
    a.store("s32i", a3, a10, 24);
    // a9: offset in the slot.
    a.li(a9, BigInt(HEADER));
    for (const n of [0, 1]) {
      const [window, end] = n === 0 ? [windows.data, windows.dataEnd] : [windows.code, windows.codeEnd];
      a.r("add", a2, a11, a9);
      a.load("l32i", a3, a2);
      a.load("l32i", a4, a2, 4);
      a.addi(a9, a9, SEGMENT_HEADER);
      // As long as a slot at most, in its window, and at the same place in a page as in flash memory.
      a.li(a5, BigInt(slotSize(flash) - 4096));
      a.branch("bltu", a5, a4, bad);
      a.li(a6, BigInt(window));
      a.branch("bltu", a3, a6, bad);
      a.li(a6, BigInt(end));
      a.r("sub", a6, a6, a4);
      a.branch("bltu", a6, a3, bad);
      a.extui(a6, a4, 0, 2);
      a.branchZero("bnez", a6, bad);
      a.r("add", a7, a9, a12);
      a.r("xor", a6, a7, a3);
      a.extui(a6, a6, 0, 16);
      a.branchZero("bnez", a6, bad);
      a.store("s32i", a3, a10, 12 * n);
      a.store("s32i", a4, a10, 12 * n + 4);
      a.store("s32i", a7, a10, 12 * n + 8);
      a.r("add", a9, a9, a4);
      a.li(a5, BigInt(slotSize(flash) - SLOT_REST));
      a.branch("bltu", a5, a9, bad);
    }
    sum(a);
    a.load("l32i", a3, a2);
    a.branch("bne", a3, a13, bad);
    a.li(a2, 1n);
    a.ret();
    a.bind(bad);
    a.li(a2, 0n);
    a.ret();
  });
}

/** a13: the sum (`sumOf`) of what begins at a11 and ends with the digest behind the offset a9; a2: where it ends. */
function sum(a: XtensaAssembler): void {
  // The checksum is the last of sixteen bytes.
  a.srli(a9, a9, 4);
  a.slli(a9, a9, 4);
  a.addi(a9, a9, 16 + DIGEST);
  a.mv(a2, a11);
  a.r("add", a4, a11, a9);
  a.li(a13, BigInt(SUM_SEED));
  const next = a.here();
  a.load("l32i", a3, a2);
  a.slli(a5, a13, SUM_SHIFT);
  a.r("add", a13, a13, a5);
  a.r("add", a13, a13, a3);
  a.addi(a2, a2, 4);
  a.branch("bltu", a2, a4, next);
}

/** Both segments get their pages, and the application the processor. */
function start(a: XtensaAssembler): void {
  a.call("loader.cache_off");
  a.li(a2, BigInt(cache.table));
  a.li(a3, BigInt(INVALID));
  a.li(a4, BigInt(cache.table + 4 * ENTRIES));
  const next = a.here();
  a.store("s32i", a3, a2);
  a.addi(a2, a2, 4);
  a.branch("bltu", a2, a4, next);
  for (const n of [0, 1]) {
    a.la(a2, "loader.state");
    a.load("l32i", a3, a2, 12 * n);
    a.load("l32i", a4, a2, 12 * n + 4);
    a.load("l32i", a5, a2, 12 * n + 8);
    // The entry of the first page.
    a.li(a6, BigInt(n === 0 ? windows.data : IROM_BASE));
    a.r("sub", a6, a3, a6);
    a.srli(a6, a6, 16);
    if (n === 1) a.addi(a6, a6, ENTRIES);
    a.call("loader.map");
  }
  a.li(a2, BigInt(cache.table + 4 * (ENTRIES - 1)));
  a.li(a3, 0n);
  a.store("s32i", a3, a2);
  a.call("loader.cache_on");
  a.la(a2, "loader.state");
  a.load("l32i", a3, a2, 24);
  a.jumpTo(a3);
}

/** a3: address, a4: bytes, a5: place in flash memory, a6: the first entry. */
function mapPages(): Section {
  return routine("loader.map", (a) => {
    a.extui(a7, a3, 0, 16);
    a.r("add", a7, a7, a4);
    a.srli(a5, a5, 16);
    a.li(a8, BigInt(cache.table));
    a.r("addx4", a8, a6, a8);
    a.li(a9, BigInt(0x10000));
    const next = a.here();
    const last = a.label();
    a.store("s32i", a5, a8);
    a.addi(a8, a8, 4);
    a.addi(a5, a5, 1);
    a.branch("bgeu", a9, a7, last);
    a.r("sub", a7, a7, a9);
    a.jump(next);
    a.bind(last);
    a.ret();
  });
}

/** Nothing may be read from flash memory now. Uses a2 to a4. */
function cacheOff(): Section {
  return routine("loader.cache_off", (a) => {
    a.li(a2, BigInt(cache.state));
    const busy = a.here();
    a.load("l32i", a3, a2);
    a.extui(a3, a3, cache.idle, 12);
    a.branchConstant("bnei", a3, 1, busy);
    a.li(a2, BigInt(cache.control));
    a.load("l32i", a3, a2);
    a.li(a4, BigInt(~(1 << cache.enable)));
    a.r("and", a3, a3, a4);
    a.plain("memw");
    a.store("s32i", a3, a2);
    a.ret();
  });
}

/** What the cache had is forgotten. Uses a2 to a5. */
function cacheOn(): Section {
  return routine("loader.cache_on", (a) => {
    a.li(a2, BigInt(cache.control));
    const write = (bits: number, isSet: boolean) => {
      a.load("l32i", a3, a2);
      a.li(a4, BigInt(isSet ? bits : ~bits));
      a.r(isSet ? "or" : "and", a3, a3, a4);
      a.plain("memw");
      a.store("s32i", a3, a2);
    };
    write(1 << cache.flush, false);
    write(1 << cache.flush, true);
    const flushing = a.here();
    a.load("l32i", a3, a2);
    a.branchBit(false, a3, cache.flushed, flushing);
    write(1 << cache.flush, false);
    a.li(a5, BigInt(cache.windows));
    a.load("l32i", a3, a5);
    a.li(a4, BigInt(~cache.shut));
    a.r("and", a3, a3, a4);
    a.store("s32i", a3, a5);
    write(1 << cache.enable, true);
    a.plain("isync");
    a.ret();
  });
}

/** For ever: starting again would find the same. */
function stop(): Section {
  return routine("loader.stop", (a) => {
    const ever = a.here();
    a.plain("waiti 0");
    a.jump(ever);
  });
}
