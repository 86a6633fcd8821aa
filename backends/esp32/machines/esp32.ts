/**
 * Espressif's ESP32: what boot code does with the chip itself. Registers as in the ESP32 Technical Reference Manual, chapters of the same names, and ESP-IDF's
 * soc/esp32/register. An application begins after the loader (`../image/loader.ts`), which has switched off the watchdogs and mapped the flash memory.
 */
import { xtensaRegs } from "#codegen";
import type { PhyFacts } from "#compiler";
import { type Machine, NO_PHY } from "../boot/machine.ts";
import { places } from "../image/format.ts";
import { windows } from "../image/loader.ts";
import { change, fromPll, type Hertz, set, speeds, USUAL, uart0 } from "./clocks.ts";

const { a2, a3, a4, a6 } = xtensaRegs;
type Reg = xtensaRegs.Reg;

/** Source of the Ethernet MAC in the interrupt matrix, and the processor's interrupt (level 1) that it is led to. */
const ETHERNET = { source: 38, interrupt: 1 } as const;
const INTERRUPTS = 0x3ff0_0104;
/** A reset of all but the low-power part. */
const RESET = { register: 0x3ff4_8000, bit: 31 } as const;

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

export interface Esp32Options {
  readonly phy?: PhyFacts | undefined;
  /** One of those that the chip can run at; the usual one for 0. */
  readonly hertz?: number;
}

/** The chip on a board. */
export function esp32With({ phy, hertz = 0 }: Esp32Options): Machine {
  const speed = hertz in speeds ? (hertz as Hertz) : USUAL;
  return {
    name: "esp32",
    base: 0x3ffb_0000,
    // Below is nothing but reserved addresses. The ROM's own data lies here, which is not called any more.
    stack: { start: 0x3ffa_e000, size: 0x2000 },
    parameters: undefined,
    uart: { base: uart0.base, kind: "esp32" },
    network: { base: 0x3ff6_9000, interrupt: ETHERNET.interrupt },
    phy: phy === undefined ? NO_PHY : wiring(phy),
    random: 0x3ff7_5144,
    hardwareAddress: 0x3ff5_a004,
    resetCause: 0x3ff4_8034,
    values: windows.dataEnd + places.values,
    begin(a) {
      fromPll(a, speed);
      // Before a device can have a line up.
      set(a, INTERRUPTS + 4 * ETHERNET.source, ETHERNET.interrupt);
    },
    hertz: (a, to: Reg) => a.li(to, BigInt(speed)),
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
      change(a, RESET.register, 0, 1 << RESET.bit);
    },
  };
}
