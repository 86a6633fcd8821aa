/** What the process around the program does for it. */

/** Nanoseconds, monotonic. */
export declare function now(): u64;
/** Nanoseconds since 1970. */
export declare function wall(): u64;
/** One byte to standard output. */
export declare function write(byte: u32): void;
export declare function random(): u64;

/** Texts with values of slots: how many; of each its form, its size, and a copy of it. */
export declare function givenTexts(): i32;
export declare function givenForm(n: i32): i32;
export declare function givenSize(n: i32): u32;
export declare function givenRead(n: i32, to: usize): void;
/** Ends the program: what it was given cannot be used. Does not return. */
export declare function refuse(): void;

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
/** Sends a datagram to an address, from whatever port there is. */
export declare function sendTo(high: u64, low: u64, port: u32, from: usize, length: u32): void;

/** Takes connections to this address (0 and 0: any) and port; `listener` is its number from then on. At most `most` connections of all listeners are there at once. */
export declare function tcpListen(listener: i32, high: u64, low: u64, port: u32, most: u32): void;
/** Begins a connection; its number, or -1 when there are as many as there may be. */
export declare function tcpConnect(high: u64, low: u64, port: u32, most: u32): i32;
/** What has happened next to a connection, of `Event` in tcp.ts; 0 when nothing has. Then `tcpNumber` is the connection's. */
export declare function tcpEvent(): i32;
export declare function tcpNumber(): i32;
/** Of a connection that was taken: its listener, who is at the other end, and this side's port. */
export declare function tcpListener(): i32;
export declare function tcpPeerHigh(): u64;
export declare function tcpPeerLow(): u64;
export declare function tcpPeerPort(): u32;
export declare function tcpLocalPort(): u32;
/** Copies what has come and was not taken to `to`, at most `most` bytes; gives how many. */
export declare function tcpLook(connection: i32, to: usize, most: u32): u32;
/** Of what has come, so many bytes are taken. */
export declare function tcpTake(connection: i32, length: u32): void;
/** Offers what was left by another event. */
export declare function tcpResume(connection: i32): void;
/** Sends a copy; false when the socket has enough. */
export declare function tcpSend(connection: i32, from: usize, length: u32): bool;
/** Bytes that are not sent yet. */
export declare function tcpQueued(connection: i32): u32;
export declare function tcpClose(connection: i32): void;
export declare function tcpAbort(connection: i32): void;
export declare function tcpWatch(connection: i32, milliseconds: u32): void;
