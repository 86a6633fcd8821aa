/** Where things are in the machine's address space, and the words that boot code, image writer and drivers share. */
import { commonFields } from "../../native/boot-record.ts";

export { RESTART_LIMIT, TRAP_MACHINE as TRAP_VECTOR, TRAP_REQUEST } from "../../native/boot-record.ts";

/** Where the image is loaded: physical and virtual. crosvm refuses less; multiboot2 and PVH loaders take it. */
export const IMAGE_BASE = 0x20_0000;
/** Linear memory: virtual address of its first byte. */
export const WINDOW = 1n << 40n;
/** No address that compiled code can form reaches further than this behind `WINDOW`: 2^32 - 1 twice, and one access. */
export const WINDOW_SIZE = (8n << 30n) + 65536n;

export const PAGE = 4096;
/** What one page table maps. */
export const REGION = 0x20_0000;
export const STACK_SIZE = 32 * 1024;
/** Faults run on a stack of their own: the ordinary one may be what failed. */
export const FAULT_STACK_SIZE = 4096;

/** Bits of page table entries (Intel SDM volume 3, 4.5). */
export const entry = {
  present: 1n,
  writable: 2n,
  /** Write-through and cache-disable together: uncached. */
  device: 0x18n,
  large: 0x80n,
  /** Ours: the page was given to a device, so it keeps its physical address over a warm restart. */
  pinned: 0x200n,
  noExecute: 1n << 63n,
} as const;

/** Which convention brought us here: `hw.boot(boot.protocol)`. */
export const protocols = { pvh: 1, linux: 2, multiboot2: 3 } as const;

/** Fields of the boot record, 8 bytes each: what `hw.boot(field)` gives. */
export const fields = {
  ...commonFields,
  /** Physical address and length of the command line. */
  commandLine: 6,
  commandLineLength: 7,
  /** Physical address of the ACPI root pointer, 0 if the loader named none. */
  rsdp: 8,
  /** Bytes of RAM below 4 GiB. */
  memory: 9,
  /** Pages given out so far: page tables, written and zero-filled pages of linear memory. */
  pages: 10,
  protocol: 11,
  /** The first module that the loader brought: physical address and size. */
  module: 12,
  moduleSize: 13,
  /** Time stamp counter at the entry, and when `start` was last called. */
  entered: 14,
  started: 15,
} as const;
export const FIELD_COUNT = 16;

/** Vectors for devices: `hw.interrupts()` gives bit n for vector `FIRST_VECTOR + n`. */
export const FIRST_VECTOR = 32;
export const DEVICE_VECTORS = 31;
/** Of the local APIC; never acknowledged. Its low four bits must be ones on old processors. */
export const SPURIOUS_VECTOR = 63;

/** Ticks of the time stamp counter that count as "about a second": half to two seconds on processors of 1 to 4 GHz. */
export const SECOND_OF_LIFE = 1n << 31n;

export const selectors = { code: 8, data: 16, task: 24 } as const;
