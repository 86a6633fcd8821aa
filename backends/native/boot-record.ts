/** What the boot records of all backends have in common: the first of their fields, 8 bytes each, are about the warm restart before. */

export const commonFields = {
  /** Warm restarts since the machine was switched on. */
  restarts: 0,
  /** Why the last one happened: a wasm trap code, `TRAP_MACHINE` + what the processor or the kernel says, or `TRAP_REQUEST`. */
  trap: 1,
  /** Address of the instruction, from the beginning of compiled code. */
  trapAddress: 2,
  /** The address that was touched: an offset in linear memory where it was one. */
  trapTarget: 3,
  /** The function in whose code it was (number among the compiled ones) and how far in. */
  trapFunction: 4,
  trapOffset: 5,
} as const;

/** Behind it: the processor's vector or cause, or the signal's number. */
export const TRAP_MACHINE = 256;
/** The program asked for the restart. */
export const TRAP_REQUEST = 512;

/** Restarts in a row, each within about a second of the one before, until it ends. */
export const RESTART_LIMIT = 10;
