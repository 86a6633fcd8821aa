/** The machine, as the code generator and boot code of every backend on bare machines give it: docs/architecture.md section 4. */

/** At physical addresses; in the order written here, each exactly once. */
export declare function load8(address: u64): u32;
export declare function load16(address: u64): u32;
export declare function load32(address: u64): u32;
export declare function load64(address: u64): u64;
export declare function store8(address: u64, value: u32): void;
export declare function store16(address: u64, value: u32): void;
export declare function store32(address: u64, value: u32): void;
export declare function store64(address: u64, value: u64): void;

/** No later load passes an earlier store. */
export declare function fence(): void;
/** Sleeps until an interrupt. */
export declare function wait(): void;

/** Physical address of a place in linear memory; its page stays where it is from then on. */
export declare function physical(pointer: usize): u64;
/** Physical address of a place in linear memory that nobody writes to: what is written there later a device may or may not see. */
export declare function readable(pointer: usize): u64;
/** Before a warm restart a zero of `bytes` (1 or 4) is written to this physical address: what resets a device. Counts for the next one only. */
export declare function atRestart(address: u64, bytes: u32): void;
/** Field of the boot record: `boot-record.ts`. */
export declare function boot(field: u32): u64;
/** Starts the program again from its frozen memory. */
export declare function restart(): void;
/** Switches the machine off, or resets one that has no switch. */
export declare function stop(): void;
