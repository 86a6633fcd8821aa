/** Where things are in the machine's address space, and the words that boot code, image writer and drivers share. */
import { commonFields } from "../../native/boot-record.ts";

export { RESTART_LIMIT, TRAP_MACHINE as TRAP_CAUSE, TRAP_REQUEST } from "../../native/boot-record.ts";

/** Where the image is linked: a virtual address, 2 MiB aligned. Where it lies in memory is found out at the entry. */
export const IMAGE_BASE = 0x30_0000_0000;
/** What the header asks for: so far behind the beginning of memory, because firmware lies before. */
export const TEXT_OFFSET = 0x20_0000;
/** Linear memory: virtual address of its first byte. */
export const WINDOW = 0x20_0000_0000n;
/** No address that compiled code can form reaches further than this behind `WINDOW`: 2^32 - 1 twice, and one access. */
export const WINDOW_SIZE = (8n << 30n) + 65536n;

export const PAGE = 4096;
/** What one page table of the lowest level maps, and what one of the middle level does. */
export const REGION = 0x20_0000;
export const GIGABYTE_BITS = 30;
/** The machine's own addresses up to `WINDOW`, as they are. */
export const IDENTITY_ENTRIES = Number(WINDOW >> 30n);
export const WINDOW_ENTRY = IDENTITY_ENTRIES;
export const WINDOW_ENTRIES = 9;
export const IMAGE_ENTRY = IMAGE_BASE / 2 ** GIGABYTE_BITS;
export const STACK_SIZE = 32 * 1024;
/** Faults run on a stack of their own: the ordinary one may be what failed. */
export const FAULT_STACK_SIZE = 4096;

/** Bits of page table entries (RISC-V Privileged Architecture 20211203, 4.3 and 4.4). */
const bits = { valid: 1, read: 2, write: 4, execute: 8, global: 0x20, accessed: 0x40, dirty: 0x80 } as const;
const leaf = bits.valid | bits.read | bits.global | bits.accessed | bits.dirty;
export const entry = {
  valid: bits.valid,
  write: bits.write,
  /** Ours: the page was given to a device, so it keeps its physical address over a warm restart. */
  pinned: 0x100,
  table: bits.valid,
  constant: leaf,
  data: leaf | bits.write,
  code: leaf | bits.execute,
} as const;
/** Sv39, in `satp`. */
export const SV39 = 8n << 60n;

/** Fields of the boot record, 8 bytes each: what `hw.boot(field)` gives. */
export const fields = {
  ...commonFields,
  /** Physical address and length of the command line. */
  commandLine: 6,
  commandLineLength: 7,
  /** Physical address of the device tree, and its size. */
  tree: 8,
  treeSize: 9,
  /** Number of the hardware thread that runs this. */
  hart: 10,
  /** Bytes of RAM below 4 GiB. */
  memory: 11,
  /** Pages given out so far: page tables, written and zero-filled pages of linear memory. */
  pages: 12,
  /** Ticks of the `time` counter a second. */
  timebase: 13,
  /** That counter at the entry, and when `start` was last called. */
  entered: 14,
  started: 15,
  /** Physical addresses of the file that the loader put beside the image, and of its end. */
  initrd: 16,
  initrdEnd: 17,
} as const;
export const FIELD_COUNT = 18;

/** The rate that the `time` counter is taken to have if the device tree does not say. */
export const USUAL_TIMEBASE = 10_000_000;

/** Exceptions (`scause`). */
export const causes = { illegal: 2, loadPage: 13, storePage: 15 } as const;
/** Bits of `sie`: interrupts of the timer and of devices end sleep. They are never taken. */
export const WAKING = (1 << 5) | (1 << 9);

/** SBI extensions (RISC-V Supervisor Binary Interface 2.0). */
export const sbi = {
  putchar: 1n,
  shutdown: 8n,
  base: 0x10n,
  time: 0x5449_4d45n,
  reset: 0x5352_5354n,
  console: 0x4442_434en,
} as const;
