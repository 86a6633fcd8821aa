/**
 * What the chip's ROM loads and starts: it switches off the watchdogs, finds the slot whose turn it is, maps it whole into both windows of the flash cache, checks what is seen there,
 * and goes there. It runs in RAM, without a stack. One that is damaged leaves the other slot.
 */
import { link, type RiscvAssembler, riscvHoles, riscvRegs, type Section } from "#codegen";
import {
  APPLICATION_SEGMENTS,
  C3_ID,
  DIGEST,
  FLASH_PAGE,
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
} from "../../esp32/image/format.ts";
import { routine } from "../../riscv/boot/idioms.ts";
import { brownOut, cache, ram, watchdogs, windows } from "../boot/chip.ts";
import { status } from "../boot/entry.ts";
import { print } from "../boot/hardware.ts";
import { set, word } from "../boot/idioms.ts";

const { a0, a1, a2, a3, s0, s1, s2, t0, t1, t2, t3, t4, zero } = riscvRegs;
type Reg = riscvRegs.Reg;

/** Its constants, behind its code, as data. What an application has there is made after it. */
const CONSTANTS = ram.data + 0x1000;

export function loader(flash: number): { segments: FlashSegment[]; entry: number } {
  const { segments, symbols } = link(
    [
      entry(flash),
      verify(flash),
      mapSlot(flash),
      cacheOff(),
      cacheOn(),
      print("loader.print"),
      ...loaderTextSections(),
    ],
    { base: ram.code, pageSize: 4, bases: { r: CONSTANTS }, holes: riscvHoles },
  );
  return {
    segments: segments.map(({ address, bytes }) => ({ address, bytes })),
    entry: symbols.get("loader.entry")!,
  };
}

const slotPages = (flash: number): number => slotSize(flash) / FLASH_PAGE;

function entry(flash: number): Section {
  return routine(32, "loader.entry", (a) => {
    a.csrImm("csrrc", zero, "mstatus", status.enabled);
    for (const { lock, key, config, value } of watchdogs) {
      set(a, lock, key);
      set(a, config, value);
      set(a, lock, 0);
    }
    set(a, brownOut.register, brownOut.value);
    // Otadata lies in the first page.
    a.mv(a0, zero);
    a.call("loader.map");
    choose(a);
    const [first, bad] = [a.label(), a.label()];
    // s0: the slot, s1: how many are left to try.
    a.li(s1, 2n);
    const again = a.here();
    a.li(a0, BigInt(places.slots / FLASH_PAGE));
    a.branch("eq", s0, zero, first);
    a.i("addi", a0, a0, slotPages(flash));
    a.bind(first);
    a.call("loader.map");
    a.call("loader.verify");
    a.branch("eq", a0, zero, bad);
    a.li(t0, word(windows.data));
    a.load("lw", t0, t0, 4);
    a.jumpTo(t0);
    a.bind(bad);
    const say = (text: keyof typeof loaderTexts, reg?: Reg) => {
      a.la(a0, `loader.text.${text}`);
      for (const _ of reg === undefined ? [] : [0, 1]) a.r("add", a0, a0, reg!);
      a.call("loader.print");
    };
    say("damaged");
    say("digits", s0);
    say("next");
    a.i("xori", s0, s0, 1);
    a.i("addi", s1, s1, -1);
    a.branch("ne", s1, zero, again);
    say("none");
    // For ever: starting again would find the same.
    const ever = a.here();
    a.plain("wfi");
    a.jump(ever);
  });
}

/** s0: the slot that otadata means: that of the greater sequence of those whose check is right, else the first. */
function choose(a: RiscvAssembler): void {
  a.mv(s0, zero);
  a.mv(s1, zero);
  for (const sector of [0, 1]) {
    const skip = a.label();
    a.li(t0, word(windows.data + places.otadata + 4096 * sector));
    a.load("lw", a0, t0);
    a.load("lw", a1, t0, 28);
    a.branch("geu", s1, a0, skip);
    crc(a);
    a.branch("ne", a1, a2, skip);
    a.mv(s1, a0);
    a.i("addi", s0, a0, -1);
    a.i("andi", s0, s0, 1);
    a.bind(skip);
  }
}

/** a2: the CRC-32 of a0, as otadata has it. Uses t0 to t2. */
function crc(a: RiscvAssembler): void {
  a.mv(a2, a0);
  a.li(t0, 32n);
  a.li(t1, word(0xedb8_8320));
  const bit = a.here();
  const even = a.label();
  a.i("andi", t2, a2, 1);
  a.shift("srli", a2, a2, 1);
  a.branch("eq", t2, zero, even);
  a.r("xor", a2, a2, t1);
  a.bind(even);
  a.i("addi", t0, t0, -1);
  a.branch("ne", t0, zero, bit);
  a.i("xori", a2, a2, -1);
}

/** a0 becomes 0 if what is seen in the windows is no image for this chip, of constants and code as they are seen there, whose sum is right. */
function verify(flash: number): Section {
  return routine(32, "loader.verify", (a) => {
    const bad = a.label();
    a.li(a0, word(windows.data));
    const wants = (value: number) => {
      a.li(t1, BigInt(value));
      a.branch("ne", t0, t1, bad);
    };
    a.load("lbu", t0, a0);
    wants(MAGIC);
    a.load("lbu", t0, a0, 1);
    wants(APPLICATION_SEGMENTS);
    a.load("lhu", t0, a0, 12);
    wants(C3_ID);
    // a1: offset in the slot.
    a.li(a1, BigInt(HEADER));
    a.li(t4, BigInt(slotSize(flash) - SLOT_REST));
    for (const window of [windows.data, windows.code]) {
      a.r("add", t0, a0, a1);
      a.load("lw", a2, t0);
      a.load("lw", a3, t0, 4);
      a.i("addi", a1, a1, SEGMENT_HEADER);
      a.li(t0, word(window));
      a.r("add", t0, t0, a1);
      a.branch("ne", a2, t0, bad);
      a.i("andi", t0, a3, 3);
      a.branch("ne", t0, zero, bad);
      a.branch("ltu", t4, a3, bad);
      a.r("add", a1, a1, a3);
      a.branch("ltu", t4, a1, bad);
    }
    sum(a);
    a.load("lw", t0, a0);
    a.branch("ne", t0, a2, bad);
    a.li(a0, 1n);
    a.ret();
    a.bind(bad);
    a.mv(a0, zero);
    a.ret();
  });
}

/** a2: the sum (`sumOf`) of what begins at a0 and ends with the digest behind the offset a1; a0: where it ends. */
function sum(a: RiscvAssembler): void {
  // The checksum is the last of sixteen bytes.
  a.i("ori", a1, a1, 15);
  a.i("addi", a1, a1, 1 + DIGEST);
  a.r("add", a1, a1, a0);
  a.li(a2, BigInt(SUM_SEED));
  const next = a.here();
  a.load("lw", t0, a0);
  a.shift("slli", t1, a2, SUM_SHIFT);
  a.r("add", a2, a2, t1);
  a.r("add", a2, a2, t0);
  a.i("addi", a0, a0, 4);
  a.branch("ltu", a0, a1, next);
}

/** a0: the page of flash memory that is seen first; as many follow as a slot has, and nothing behind them but, last, the first page of all, where values for slots are. */
function mapSlot(flash: number): Section {
  return routine(32, "loader.map", (a) => {
    a.mv(s2, riscvRegs.ra);
    a.call("loader.cache_off");
    a.li(t0, word(cache.table));
    a.li(t1, BigInt(slotPages(flash)));
    a.li(t2, BigInt(cache.entries));
    const next = a.here();
    const isThere = a.label();
    a.mv(t3, a0);
    a.branch("lt", zero, t1, isThere);
    a.li(t3, BigInt(cache.unmapped));
    a.bind(isThere);
    a.store("sw", t3, t0);
    a.i("addi", t0, t0, 4);
    a.i("addi", a0, a0, 1);
    a.i("addi", t1, t1, -1);
    a.i("addi", t2, t2, -1);
    a.branch("ne", t2, zero, next);
    a.store("sw", zero, t0, -4);
    a.call("loader.cache_on");
    a.mv(riscvRegs.ra, s2);
    a.ret();
  });
}

/** Sets or clears bits of a register. Uses t0 and t1. */
function change(a: RiscvAssembler, address: number, bits: number, isSet: boolean): void {
  a.li(t0, word(address));
  a.load("lw", t1, t0);
  a.i(isSet ? "ori" : "andi", t1, t1, isSet ? bits : ~bits);
  a.store("sw", t1, t0);
}

/** Until a bit of a register is one. Uses t0 and t1. */
function await1(a: RiscvAssembler, address: number, bit: number): void {
  a.li(t0, word(address));
  const busy = a.here();
  a.load("lw", t1, t0);
  a.i("andi", t1, t1, 1 << bit);
  a.branch("eq", t1, zero, busy);
}

/** Nothing may be read from flash memory now, and the cache does nothing by itself. */
function cacheOff(): Section {
  return routine(32, "loader.cache_off", (a) => {
    change(a, cache.buses, cache.shut, true);
    change(a, cache.control, cache.enabled, false);
    change(a, cache.autoload, cache.autoloads, false);
    await1(a, cache.autoload, cache.autoloaded);
    await1(a, cache.preload, cache.preloaded);
    a.ret();
  });
}

/** What the cache had is forgotten. */
function cacheOn(): Section {
  return routine(32, "loader.cache_on", (a) => {
    set(a, cache.syncAddress, 0);
    set(a, cache.syncSize, 0);
    change(a, cache.sync, cache.invalidate, true);
    await1(a, cache.sync, cache.synced);
    change(a, cache.control, cache.enabled, true);
    change(a, cache.buses, cache.shut, false);
    a.plain("fence.i");
    a.ret();
  });
}
