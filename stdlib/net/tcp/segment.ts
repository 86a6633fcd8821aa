/** Segments: RFC 9293 3.1. */
import { Bytes } from "../../core/bytes";
import { folded } from "../../core/checksum";
import { Datagram } from "../datagrams";
import { count, Tcp } from "./counters";
import { Options } from "./options";
import { pseudo } from "./wire";

export const HEADER: u32 = 20;

export const FIN: u32 = 1;
export const SYN: u32 = 2;
export const RST: u32 = 4;
export const PSH: u32 = 8;
export const ACK: u32 = 16;

/** The segment that is being looked at. One object for all. */
@final
export class Segment {
  /** Ports: where it came from, where it goes. */
  from: u32 = 0;
  to: u32 = 0;
  sequence: u32 = 0;
  acknowledgement: u32 = 0;
  flags: u32 = 0;
  /** Not scaled. */
  window: u32 = 0;
  /** The payload in the packet's buffer. */
  at: u32 = 0;
  length: u32 = 0;
  options: Options = new Options();

  @inline
  has(flag: u32): bool {
    return (this.flags & flag) != 0;
  }

  /** Sequence numbers that it takes. */
  @inline
  get span(): u32 {
    return this.length + (this.has(SYN) ? 1 : 0) + (this.has(FIN) ? 1 : 0);
  }
}

/** Reads a datagram; false when it is no segment that anyone could have meant. */
export function read(datagram: Datagram, segment: Segment): bool {
  const bytes: Bytes = datagram.packet.bytes;
  const at = datagram.payload;
  if (datagram.length < HEADER) return wrong(Tcp.badHeader);
  const word = bytes.be32(at + 12);
  const header = (word >> 28) * 4;
  if (header < HEADER || header > datagram.length) return wrong(Tcp.badHeader);
  if (!datagram.packet.verified) {
    const sum = bytes.sum(at, datagram.length, pseudo(datagram));
    if (folded(sum) != 0xffff) return wrong(Tcp.badChecksum);
  }
  const ports = bytes.be32(at);
  segment.from = ports >> 16;
  segment.to = ports & 0xffff;
  // An answer to port 0 cannot arrive.
  if (segment.from == 0 || segment.to == 0) return wrong(Tcp.badHeader);
  segment.sequence = bytes.be32(at + 4);
  segment.acknowledgement = bytes.be32(at + 8);
  segment.flags = (word >> 16) & 0x3f;
  segment.window = word & 0xffff;
  segment.at = at + header;
  segment.length = datagram.length - header;
  segment.options.read(bytes, at + HEADER, header - HEADER);
  return true;
}

function wrong(reason: i32): bool {
  count(reason);
  return false;
}
