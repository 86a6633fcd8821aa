/**
 * Espressif's ESP32: what boot code does with the chip itself. Registers as in the ESP32 Technical Reference Manual, chapters of the same names, and ESP-IDF's
 * soc/esp32/register. An application begins after the loader (`../image/loader.ts`), which has switched off the watchdogs and mapped the flash memory.
 */
import { type XtensaAssembler, xtensaRegs } from "#codegen";
import type { PhyFacts } from "#compiler";
import { type Machine, NO_PHY } from "../boot/machine.ts";
import { places } from "../image/format.ts";
import { windows } from "../image/loader.ts";

const { a2, a3, a4, a5, a6 } = xtensaRegs;
type Reg = xtensaRegs.Reg;

export const uart0 = { base: 0x3ff4_0000, divider: 0x14, status: 0x1c, sent: 16, room: 126 } as const;
const RTC = { options: 0x3ff4_8000, clocks: 0x3ff4_8070, regulator: 0x3ff4_807c, reset: 31 } as const;
const DPORT = { frequency: 0x3ff0_003c, interrupts: 0x3ff0_0104 } as const;
/** Source of the Ethernet MAC in the interrupt matrix, and the processor's interrupt (level 1) that it is led to. */
const ETHERNET = { source: 38, interrupt: 1 } as const;
const SYSCON_PLL_TICK = 0x3ff6_6008;
/** The bus to the analog parts (`rom_chip_i2c_writeReg`): host 4, block 0x66 is the PLL. */
const ANALOG = { bus: 0x6000_e010, block: 0x66, write: 1 << 24, busy: 25 } as const;
const HERTZ = 240_000_000;
/** The bus of peripherals, with the PLL on. */
const APB = 80_000_000;
const BAUD = 115_200;
/** Cycles of the 40 MHz crystal, with which the processor begins, in a microsecond. */
const CRYSTAL = 40;

/** 480 MHz for 240, from a crystal of 40 MHz (ESP-IDF, rtc_clk.c): registers of the PLL and what is written there. */
const pll: readonly (readonly [register: number, value: number])[] = [
  [0, 0x18],
  [1, 0x20],
  [4, 0x9a],
  [10, 0],
  [12, 0],
  [11, 0xc3],
  [9, 0x74],
  [2, 0],
  [3, 28],
  [5, 0xc6],
];

function set(a: XtensaAssembler, address: number, value: number): void {
  a.li(a3, BigInt(address));
  a.li(a4, BigInt(value));
  a.plain("memw");
  a.store("s32i", a4, a3);
}

/** Clears bits, then sets others. */
function change(a: XtensaAssembler, address: number, clear: number, bits: number): void {
  a.li(a3, BigInt(address));
  a.load("l32i", a4, a3);
  a.li(a5, BigInt(~clear));
  a.r("and", a4, a4, a5);
  a.li(a5, BigInt(bits));
  a.r("or", a4, a4, a5);
  a.plain("memw");
  a.store("s32i", a4, a3);
}

function wait(a: XtensaAssembler, microseconds: number): void {
  a.special("rsr", a3, "ccount");
  a.li(a5, BigInt(microseconds * CRYSTAL));
  const again = a.here();
  a.special("rsr", a4, "ccount");
  a.r("sub", a4, a4, a3);
  a.branch("bltu", a4, a5, again);
}

/** 240 MHz from the PLL, and a divider of the UART for the bus of peripherals, which then has 80 MHz. */
function clocks(a: XtensaAssembler): void {
  change(a, RTC.regulator, 7 << 11, 7 << 11);
  wait(a, 3);
  change(a, RTC.options, (1 << 6) | (1 << 8) | (1 << 10), 0);
  for (const [register, value] of pll) {
    set(a, ANALOG.bus, (ANALOG.block | (register << 8) | (value << 16) | ANALOG.write) >>> 0);
    const busy = a.here();
    a.load("l32i", a4, a3);
    a.branchBit(true, a4, ANALOG.busy, busy);
  }
  wait(a, 80);
  // What the ROM has said goes out with the divider that it was said with.
  a.li(a3, BigInt(uart0.base));
  const sending = a.here();
  a.load("l32i", a4, a3, uart0.status);
  a.extui(a4, a4, uart0.sent, 8);
  a.branchZero("bnez", a4, sending);
  wait(a, 100);
  set(a, DPORT.frequency, 2);
  set(a, SYSCON_PLL_TICK, 79);
  change(a, RTC.clocks, 3 << 27, 1 << 27);
  const sixteenths = Math.floor((APB * 16) / BAUD);
  set(a, uart0.base + uart0.divider, Math.floor(sixteenths / 16) | ((sixteenths % 16) << 20));
}

/** A pin's number; 255 where the board has none. */
const pinOf = (name: string): number =>
  name === "" ? 255 : Number(/^gpio(\d{1,2})$/.exec(name)?.[1] ?? 255);

const bytes = (...values: readonly number[]): number =>
  values.reduce((sum, value, n) => sum + value * 2 ** (8 * n), 0);

/** As the board says that it is connected. */
function wiring({ address, isClockedByProcessor, pins }: PhyFacts): Machine["phy"] {
  const { mdc, mdio, clock, power, reset } = pins;
  return {
    phy: bytes(address, pinOf(mdc), pinOf(mdio), pinOf(clock)),
    phyPins: bytes(pinOf(power), pinOf(reset), isClockedByProcessor ? 1 : 0),
  };
}

/** The chip on a board with this PHY. */
export const esp32With = (phy: PhyFacts | undefined): Machine =>
  phy === undefined ? esp32 : { ...esp32, phy: wiring(phy) };

export const esp32: Machine = {
  name: "esp32",
  base: 0x3ffb_0000,
  // Below is nothing but reserved addresses. The ROM's own data lies here, which is not called any more.
  stack: { start: 0x3ffa_e000, size: 0x2000 },
  parameters: undefined,
  uart: { base: uart0.base, kind: "esp32" },
  network: { base: 0x3ff6_9000, interrupt: ETHERNET.interrupt },
  phy: NO_PHY,
  random: 0x3ff7_5144,
  hardwareAddress: 0x3ff5_a004,
  resetCause: 0x3ff4_8034,
  values: windows.dataEnd + places.values,
  begin(a) {
    clocks(a);
    // Before a device can have a line up.
    set(a, DPORT.interrupts + 4 * ETHERNET.source, ETHERNET.interrupt);
  },
  hertz: (a, to: Reg) => a.li(to, BigInt(HERTZ)),
  putByte(a) {
    a.li(a3, BigInt(uart0.base));
    a.li(a6, BigInt(uart0.room));
    const full = a.here();
    a.load("l32i", a4, a3, uart0.status);
    a.extui(a4, a4, uart0.sent, 8);
    a.branch("bgeu", a4, a6, full);
    a.plain("memw");
    a.store("s32i", a2, a3);
  },
  stop(a) {
    change(a, RTC.options, 0, 1 << RTC.reset);
  },
};
