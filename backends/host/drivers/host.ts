/** What the process around the program does for it. */

/** Nanoseconds, monotonic. */
export declare function now(): u64;
/** Nanoseconds since 1970. */
export declare function wall(): u64;
/** One byte to standard output. */
export declare function write(byte: u32): void;
export declare function random(): u64;

/** Opens a socket for this address (halves as in `Peer` of net.Udp; 0 and 0: any) and port; `socket` is its number from then on. */
export declare function listen(socket: i32, high: u64, low: u64, port: u32): void;
/** Copies the next datagram to `to`, at most `most` bytes; gives its length, or -1 when there is none. */
export declare function receive(to: usize, most: u32): i32;
/** Of the datagram that was received last: its socket and sender. */
export declare function socketOf(): i32;
export declare function peerFamily(): u32;
export declare function peerHigh(): u64;
export declare function peerLow(): u64;
export declare function peerPort(): u32;
/** Sends an answer to that sender from that socket. */
export declare function reply(from: usize, length: u32): void;
