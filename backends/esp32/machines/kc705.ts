/**
 * Xilinx's KC705 with a core of Tensilica's without MMU, as QEMU's `kc705-nommu` has it (hw/xtensa/xtfpga.c): the machine of Debian's QEMU that is nearest to an
 * ESP32. Its processor `de212` has the same vectors, and what our code uses of the instruction set.
 */
import { xtensaRegs } from "#codegen";
import { type Machine, NO_PHY } from "../boot/machine.ts";

const { a3, a4, a2 } = xtensaRegs;

/** Registers of the board itself: the processor's clock in Hz, and a reset for who writes the right word. */
const FPGA = { frequency: 0x9d02_0004, reset: 0x9d02_0010, resets: 0xdead } as const;
/** A 16550, a word for each register. */
const UART = { base: 0x9d05_0020, status: 0x14, empty: 5 } as const;

export const kc705: Machine = {
  name: "kc705",
  base: 0x6000_8000,
  stack: { start: 0x6000_0000, size: 0x8000 },
  parameters: { start: 0x5000_0000, end: 0x5800_0000 },
  uart: { base: UART.base, kind: "16550" },
  network: { base: 0x9d03_0000, interrupt: 1 },
  phy: NO_PHY,
  random: 0,
  hardwareAddress: 0,
  resetCause: 0,
  values: 0,
  begin: () => {},
  hertz(a, to) {
    a.li(to, BigInt(FPGA.frequency));
    a.load("l32i", to, to);
  },
  putByte(a) {
    a.li(a3, BigInt(UART.base));
    const full = a.here();
    a.load("l32i", a4, a3, UART.status);
    a.branchBit(false, a4, UART.empty, full);
    a.store("s32i", a2, a3);
  },
  stop(a) {
    a.li(a3, BigInt(FPGA.reset));
    a.li(a4, BigInt(FPGA.resets));
    a.store("s32i", a4, a3);
  },
};
