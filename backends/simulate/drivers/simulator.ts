/** What the simulator does for a program: `simulate/machine.ts` is the other side. */

/** Nanoseconds of virtual time since the machine was switched on. */
export declare function now(): u64;
/** Nanoseconds since 1970; 0 if the machine has no clock for that. */
export declare function wall(): u64;
/** One byte to the console. */
export declare function write(byte: u32): void;
export declare function random(): u64;

/** Texts with values of slots: how many; of each its form, its size, and a copy of it. */
export declare function givenTexts(): i32;
export declare function givenForm(n: i32): i32;
export declare function givenSize(n: i32): u32;
export declare function givenRead(n: i32, to: usize): void;
/** Ends the machine: what it was given cannot be used. Does not return. */
export declare function refuse(): void;

/** Network device `index`: its hardware address, or `u64.MAX_VALUE` if the machine has none of that number. */
export declare function mac(index: u32): u64;
export declare function mtu(index: u32): u32;
/** It has a carrier. */
export declare function up(index: u32): u32;
/** It completes transport checksums of what is sent and cuts TCP segments, and verifies the checksums of what arrives. */
export declare function offloads(index: u32): u32;
/** Copies the next frame to `to`, at most `most` bytes; gives its length, with `VERIFIED` added, or -1 when there is none. */
export declare function receive(index: u32, to: usize, most: u32): i32;
/**
 * Takes a frame, which lies in two places. `start` and `offset` say where the device is to complete a checksum, 0 that it need not; `size` into TCP
 * segments of how many bytes it is to cut it, 0 that it is not.
 */
export declare function transmit(
  index: u32,
  from: usize,
  length: u32,
  tail: usize,
  tailLength: u32,
  start: u32,
  offset: u32,
  size: u32,
): void;
/** At the end of a turn: how many packets the program keeps, received ones and such that are to be sent. */
export declare function held(index: u32, received: u32, sending: u32): void;

/** Pin `pin` of the board: an input with a pull (0 none, 1 up, 2 down). */
export declare function pinInput(pin: u32, pull: u32): void;
/** The resistor of a pin that stays what it is. */
export declare function pinPull(pin: u32, pull: u32): void;
/** It is driven; high or low, an open drain only low. */
export declare function pinDrive(pin: u32, level: u32, isOpenDrain: u32): void;
/** What is on the line. */
export declare function pinLevel(pin: u32): u32;
/** Changes of the pin wake the machine. */
export declare function pinWatch(pin: u32): void;
/** Nanoseconds pass on the lines of the board. */
export declare function pinPause(nanoseconds: u64): void;
/** The machine starts anew if this is not called again within so many nanoseconds. */
export declare function watchdog(nanoseconds: u64): void;
