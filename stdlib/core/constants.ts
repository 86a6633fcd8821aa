/**
 * Bytes that never change, outside of linear memory: in flash memory, where the machine has such. An ordinary access to their addresses traps; here they are copied into memory, by
 * code of the machine that looks whether both places are what they should be.
 */

/** Addresses from here on are of such bytes, as `compiler/assemble/constants.ts` gives them. */
export const LEFT: usize = 0x80000000;

/** `from`: how far behind `LEFT`. Traps if either place is not all inside. */
export declare function read(to: usize, from: usize, count: usize): void;
