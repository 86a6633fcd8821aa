/**
 * What modules ask of TCP (interface net.Tcp), and of what stands on it and looks the same, like TLS. Knows nothing of segments. The
 * implementation of net.Tcp exports `listen(high: u64, low: u64, port: u32, acceptor: Acceptor): bool`; 0 and 0 are any address.
 */
import { Bytes } from "../core/bytes";
import { Sums } from "../core/sums";

/** Why a connection is over. */
export namespace Ended {
  /** Both sides have closed it, and all that was sent has arrived. */
  export const closed: i32 = 0;
  /** The other side has reset it. */
  export const reset: i32 = 1;
  /** The other side was silent for too long. */
  export const timeout: i32 = 2;
  /** The address of this side is no more. */
  export const readdressed: i32 = 3;
}

/** Who takes new connections of a port. */
export abstract class Acceptor {
  /** A connection is there: what the application keeps for it. Null: it is reset. */
  abstract accept(stream: Stream): Session | null;
}

/** What an application is told about one connection. Nothing is told after `ended`. */
export abstract class Session {
  /**
   * Bytes in order, and how many of them it took. What it leaves waits until `Stream.resume`, and while it waits the other side may
   * send less and less. The view does not outlive the call.
   */
  abstract receive(bytes: Bytes): u32;
  /** The other side sends no more; it may still listen. */
  abstract finished(): void;
  /** A connection of our own is there; all that was to be sent has been acknowledged, or at least so much that `Stream.hasRoom` is true again. */
  abstract writable(): void;
  /** The connection is over, and its stream is no more. Not told to who has called `abort`. */
  abstract ended(reason: i32): void;
}

/** What an application can do with one connection. */
export abstract class Stream {
  /** Who is at the other end: 4 or 6, the address as in `Peer` of net.Udp, its port. */
  family: u8 = 4;
  high: u64 = 0;
  low: u64 = 0;
  port: u32 = 0;
  /** Of this side. */
  localPort: u32 = 0;

  /**
   * Sends bytes that never change, and are not copied: those of the image. `sums`: those of `bytes`, if they were summed up before. False: no
   * room, nothing is sent; `Session.writable` tells when there is.
   */
  abstract send(bytes: Bytes, offset: u32, length: u32, sums: Sums | null): bool;
  /** Sends a copy. */
  abstract write(bytes: Bytes, offset: u32, length: u32): bool;
  /** Would another `send` be taken? */
  abstract hasRoom(): bool;
  /** Bytes that are not yet acknowledged. */
  abstract queued(): u32;
  /** Nothing more is sent after what is queued. What comes is still received. */
  abstract close(): void;
  /** Ends it at once: the other side learns of it by a reset. */
  abstract abort(): void;
  /** When nothing has come for so long (nanoseconds), the other side is asked whether it is there; 0: it is not. RFC 9293 3.8.4. */
  abstract watch(silence: u64): void;
  /** What `receive` has left is offered again. */
  abstract resume(): void;
}
