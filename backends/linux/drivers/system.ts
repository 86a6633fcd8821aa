/** The kernel, as boot code gives it (`../boot/system.ts`). Pointers are those of linear memory. */

/** Field of the boot record: `boot-record.ts`. */
export declare function boot(field: u32): u64;
/** Of the network device `index`: 0 hardware address, 1 MTU, 2 `LinkFlag`s. */
export declare function link(index: u32, field: u32): u64;
/** The next frame of a device; its length, or below 0 an error number of Linux. */
export declare function receive(index: u32, pointer: usize, bytes: u32): i32;
/** A frame to a device, which may wait for `flush`; below 0: it is not taken. */
export declare function transmit(index: u32, pointer: usize, bytes: u32): i32;
/** `transmit` of a frame that lies in two places. */
export declare function gather(index: u32, pointer: usize, bytes: u32, tail: usize, tailBytes: u32): i32;
export declare function flush(index: u32): void;
/** To standard output, if there is room. */
export declare function print(pointer: usize, bytes: u32): void;
/** Nanoseconds; `clock` 0: since 1970, 1: monotonic. */
export declare function time(clock: u32): u64;
/** At most 256 bytes. */
export declare function random(pointer: usize, bytes: u32): void;
/** Frames of all devices, modulo 2^32; those of sockets that keep only a few are not counted. */
export declare function received(): u32;
/** Of text `n` that values of slots are in: 0 its size, 1 its form; 2 how many texts there are. */
export declare function given(n: u32, field: u32): u32;
/** Copies such a text. */
export declare function giveText(n: u32, pointer: usize): void;
/** Ends the process: what it was given cannot be used. */
export declare function refuse(): void;
/** Sleeps for so many nanoseconds; below 0: however long it takes. With `listen` only until there are frames. */
export declare function wait(ns: i64, listen: bool): void;
/** Starts the program again from its frozen memory. */
export declare function restart(): void;
/** Ends the process: 0 all is well, else there was trouble. */
export declare function stop(trouble: u32): void;
