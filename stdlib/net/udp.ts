/** What modules ask of UDP (interface net.Udp). Knows nothing of frames: on the `host` target sockets of the machine stand behind it. */
import { Bytes } from "../core/bytes";

/** Who sent a datagram. One object for all: what is to be kept must be copied. */
@final
export class Peer {
  /** 4 or 6. */
  family: u8 = 4;
  /** IPv6: the upper half; IPv4: 0. */
  high: u64 = 0;
  /** IPv6: the lower half; IPv4: the address. */
  low: u64 = 0;
  port: u16 = 0;
}

/**
 * Answers datagrams at once. The implementation of net.Udp exports `bind(high: u64, low: u64, port: u32, responder: Responder): bool`, with an
 * address as in `Peer`; 0 and 0 are any.
 */
export abstract class Responder {
  /** The most bytes that an answer has; `reply` has at least this length. */
  most: u32 = 1232;

  /** Writes the answer to `request` into `reply` and gives its length; 0 is silence. Neither view outlives the call. */
  abstract respond(request: Bytes, reply: Bytes, peer: Peer): u32;
}
