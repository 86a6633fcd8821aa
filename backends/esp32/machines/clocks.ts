/**
 * Clocks of an ESP32: the processor's from the PLL or from the crystal, and the UART's divider (ESP32 Technical Reference Manual, 3.2; ESP-IDF, rtc_clk.c, rtc_clk_init.c, clk_tree_ll.h).
 */
import { type XtensaAssembler, xtensaRegs } from "#codegen";

const { a3, a4, a5, a6 } = xtensaRegs;

export const uart0 = { base: 0x3ff4_0000, divider: 0x14, status: 0x1c, sent: 16, room: 126 } as const;
const RTC = { options: 0x3ff4_8000, clocks: 0x3ff4_8070, regulator: 0x3ff4_807c } as const;
/** Bits 28 and 27 of `RTC.clocks`: 0 is the crystal, 1 the PLL. */
const SOURCE = { shift: 27, bits: 2, mask: 3 << 27, pll: 1 << 27 } as const;
const FREQUENCY = 0x3ff0_003c;
const SYSCON_PLL_TICK = 0x3ff6_6008;
/** The bus to the analog parts (`rom_chip_i2c_writeReg`): host 4, block 0x66 is the PLL. */
const ANALOG = { bus: 0x6000_e010, block: 0x66, write: 1 << 24, busy: 25 } as const;
/** What the processor can run at, and how: which clock of the PLL, and what that makes (ESP-IDF, rtc_clk.c). */
export const speeds = {
  80000000: { period: 0, pll: 320 },
  160000000: { period: 1, pll: 320 },
  240000000: { period: 2, pll: 480 },
} as const;
export type Hertz = keyof typeof speeds;
export const USUAL: Hertz = 240_000_000;
/** The bus of peripherals, with the PLL on. */
const APB = 80_000_000;
const BAUD = 115_200;
/** Cycles of the crystal in a microsecond. The processor has them after power-on. */
const CRYSTAL = 40;

/** The PLL from a crystal of 40 MHz (ESP-IDF, clk_ll_bbpll_set_config): registers and what is written there, for 320 MHz and for 480. */
const plls = {
  320: { divider: 0x43, sampling: 0x84, factor: 32 },
  480: { divider: 0xc3, sampling: 0x74, factor: 28 },
} as const;
const pllRegisters = (pll: keyof typeof plls): readonly (readonly [register: number, value: number])[] => [
  [0, 0x18],
  [1, 0x20],
  [4, 0x9a],
  [10, 0],
  [12, 0],
  [11, plls[pll].divider],
  [9, plls[pll].sampling],
  [2, 0],
  [3, plls[pll].factor],
  [5, 0xc6],
];
/** Bits 13 to 11 of the regulator: 1.1 V for all but 240 MHz. That wants 1.25 V, less what the chip's eFuses say of it (VOL_LEVEL_HP_INV). */
const VOLTAGE = { shift: 11, mask: 7 << 11, usual: 4, most: 7, efuse: 0x3ff5_a014, efuseShift: 22 } as const;

export function set(a: XtensaAssembler, address: number, value: number): void {
  a.li(a3, BigInt(address));
  a.li(a4, BigInt(value));
  a.plain("memw");
  a.store("s32i", a4, a3);
}

/** Clears bits, then sets others. */
export function change(a: XtensaAssembler, address: number, clear: number, bits: number): void {
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

/** In the regulator's register: as much as this speed wants. */
function voltage(a: XtensaAssembler, hertz: Hertz): void {
  if (speeds[hertz].pll === 320) change(a, RTC.regulator, VOLTAGE.mask, VOLTAGE.usual << VOLTAGE.shift);
  else {
    a.li(a3, BigInt(VOLTAGE.efuse));
    a.load("l32i", a6, a3);
    a.extui(a6, a6, VOLTAGE.efuseShift, 2);
    a.slli(a6, a6, VOLTAGE.shift);
    a.li(a3, BigInt(RTC.regulator));
    a.load("l32i", a4, a3);
    a.li(a5, BigInt(VOLTAGE.mask));
    a.r("or", a4, a4, a5);
    a.r("sub", a4, a4, a6);
    a.plain("memw");
    a.store("s32i", a4, a3);
  }
}

/** What was said goes out with the divider that it was said with. `faster`: how often the processor is as fast as the crystal, at most. */
function waitForUart(a: XtensaAssembler, faster: number): void {
  a.li(a3, BigInt(uart0.base));
  const sending = a.here();
  a.load("l32i", a4, a3, uart0.status);
  a.extui(a4, a4, uart0.sent, 8);
  a.branchZero("bnez", a4, sending);
  wait(a, 100 * faster);
}

/** Of the UART, for a bus of peripherals with this clock. */
function divideForUart(a: XtensaAssembler, apb: number): void {
  const sixteenths = Math.floor((apb * 16) / BAUD);
  set(a, uart0.base + uart0.divider, Math.floor(sixteenths / 16) | ((sixteenths % 16) << 20));
}

/** The processor has the PLL's clock, and the bus of peripherals 80 MHz. It begins with that of the crystal. */
export function fromPll(a: XtensaAssembler, hertz: Hertz): void {
  const { period, pll } = speeds[hertz];
  voltage(a, hertz);
  wait(a, 3);
  change(a, RTC.options, (1 << 6) | (1 << 8) | (1 << 10), 0);
  for (const [register, value] of pllRegisters(pll)) {
    set(a, ANALOG.bus, (ANALOG.block | (register << 8) | (value << 16) | ANALOG.write) >>> 0);
    const busy = a.here();
    a.load("l32i", a4, a3);
    a.branchBit(true, a4, ANALOG.busy, busy);
  }
  wait(a, 80);
  waitForUart(a, 1);
  set(a, FREQUENCY, period);
  set(a, SYSCON_PLL_TICK, 79);
  change(a, RTC.clocks, SOURCE.mask, SOURCE.pll);
  divideForUart(a, APB);
}

/**
 * The processor has the crystal's clock, as after power-on. A reset by a watchdog or by software leaves it with the PLL, which the low-power part keeps, at 120 MHz where that makes 480 MHz:
 * the register that chooses among its clocks has begun anew (ESP-IDF, rtc_clk_init).
 */
export function fromCrystal(a: XtensaAssembler): void {
  const done = a.label();
  a.li(a3, BigInt(RTC.clocks));
  a.load("l32i", a4, a3);
  a.extui(a4, a4, SOURCE.shift, SOURCE.bits);
  a.branchZero("beqz", a4, done);
  waitForUart(a, 3);
  change(a, RTC.clocks, SOURCE.mask, 0);
  divideForUart(a, CRYSTAL * 1_000_000);
  a.bind(done);
}
