/** The words that boot code, image writer and drivers share. */
import { commonFields } from "../../native/boot-record.ts";

export { RESTART_LIMIT, TRAP_MACHINE as TRAP_CAUSE, TRAP_REQUEST } from "../../native/boot-record.ts";

/** Each kind of memory begins on a multiple of this in an image: the caches of the chip want no more, and nothing here maps pages. */
export const ALIGN = 16;
/** The processor's vectors lie together, on a multiple of this (Xtensa ISA, 4.4.1: what ESP32 and de212 can hold in VECBASE). */
export const VECTORS_ALIGN = 1024;

/** Where each vector is, from VECBASE on; the same on LX6 as ESP32 has it and on de212. */
export const vectors = {
  level2: 0x180,
  level3: 0x1c0,
  level4: 0x200,
  level5: 0x240,
  debug: 0x280,
  nmi: 0x2c0,
  kernel: 0x300,
  user: 0x340,
  double: 0x3c0,
} as const;

/** What the lowest words of the stack are watched for: whoever writes there has used it up. Two watchpoints, each of as much as one can have. */
export const WATCHED = 64;
export const STACK_GUARD = 2 * WATCHED;
/** Below the stack is nothing: an access there fails, and was one of the stack. */
export const BELOW_STACK = 4096;

/**
 * Processor state of the program: user vectors, no register windows, and no interrupt comes through but debug exceptions. `waiti 0` lets all in; the first one
 * makes it this again.
 */
export const INTERRUPT_LEVEL = 5;
export const PROGRAM_STATE = 0x20 | INTERRUPT_LEVEL;

/** Fields of the boot record, 8 bytes each: what `hw.boot(field)` gives. */
export const fields = {
  ...commonFields,
  /** Address and length of the command line. */
  commandLine: 6,
  commandLineLength: 7,
  /** Ticks of the processor's counter a second. */
  hertz: 8,
  /** That counter when `start` was last called. It is 0 at the entry. */
  started: 9,
  /** Bytes of RAM; 0 if nobody said. */
  memory: 10,
  /** Addresses of the file that the loader put beside the image, and of its end. */
  initrd: 11,
  initrdEnd: 12,
  /** Addresses of the UART and of the network device, and the interrupt that the latter has. */
  uart: 13,
  network: 14,
  networkInterrupt: 15,
  /** Accesses that were not aligned and were carried out byte by byte. */
  unaligned: 16,
  /** Which kind of UART it is. */
  uartKind: 17,
  /** Addresses of the register with random numbers, and of that with the chip's address for networks; 0 for none. */
  random: 18,
  hardwareAddress: 19,
  /** How the PHY is connected: its address and the pins MDC, MDIO and clock; the pins of power and reset, and 1 if the chip makes the clock. A byte each, the lowest first; 255 is no pin. */
  phy: 20,
  phyPins: 21,
  /** Address of the register with the cause of the last reset; 0 for none. */
  resetCause: 22,
  /** Address of the partition with values for slots (`../image/values.ts`); 0 for none. */
  values: 23,
} as const;
export const FIELD_COUNT = 24;

/** One like the 16550 with a word for each register; the chip's own. */
export const uartKinds = { "16550": 0, esp32: 1 } as const;

/** EXCCAUSE (Xtensa ISA, table 4-64). */
export const causes = { interrupt: 4, unaligned: 9 } as const;

/** What is kept of the program while an exception is looked at, from `boot.frame` on. */
export const frame = { pc: 0, sar: 4, registers: 8, size: 8 + 4 * 16 } as const;
