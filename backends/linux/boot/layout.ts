/** Where things are in the process, and the words that boot code, image writer and drivers share. */
import { commonFields } from "../../native/boot-record.ts";

export { RESTART_LIMIT, TRAP_MACHINE as TRAP_SIGNAL, TRAP_REQUEST } from "../../native/boot-record.ts";

/** Where the image is loaded. */
export const IMAGE_BASE = 0x20_0000;
/** Linear memory: address of its first byte. */
export const WINDOW = 1n << 40n;
/** No address that compiled code can form reaches further than this behind `WINDOW`: 2^32 - 1 twice, and one access. */
export const WINDOW_SIZE = (8n << 30n) + 65536n;

/** The kernel grows no stack here: it is as large as it is, with a page below it that nobody may touch. */
export const STACK_SIZE = 64 * 1024;
/** Signals have a stack of their own: the ordinary one may be what failed. The kernel writes the processor's whole state there, up to 11 KiB. */
export const SIGNAL_STACK_SIZE = 64 * 1024;

/** Fields of the boot record, 8 bytes each: what `system.boot(field)` gives. */
export const fields = {
  ...commonFields,
  /** Not 0: `--quiet` was given. */
  quiet: 6,
} as const;
export const FIELD_COUNT = 7;

/** Ticks of the time stamp counter that count as "about a second": half to two seconds on processors of 1 to 4 GHz. */
export const SECOND_OF_LIFE = 1n << 31n;

/** Network devices that one process may have. */
export const MOST_LINKS = 4;
/** What is known of each, 8 bytes a field: `system.link(index, field)` gives the first three. */
export const linkFields = {
  /** Hardware address of the appliance on it, 48 bits. */
  mac: 0,
  /** The longest frame without its 14 bytes of header. */
  mtu: 1,
  /** `linkFlags`; 0: there is no such device. */
  flags: 2,
  file: 3,
  /** Address of the rings, those received before those to send (`rings.ts`); 0: there are none. */
  ring: 4,
  /** How many frames have been taken and given through them. */
  received: 5,
  sent: 6,
  /** Not 0: the kernel has not been told of what is to be sent. */
  waiting: 7,
  /** What takes frames that are too long for the ring. */
  large: 8,
} as const;
export const LINK_SIZE = 72;
export const linkFlags = {
  present: 1,
  /** Before every frame is a struct virtio_net_hdr of 10 bytes (Linux, include/uapi/linux/virtio_net.h). */
  header: 2,
} as const;

/** How the process ends. `refused`: what it was given for its slots. */
export const exitCodes = { done: 0, trouble: 1, usage: 2, refused: 3 } as const;
