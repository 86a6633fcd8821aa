/**
 * ICMP, RFC 792 and 1122 3.2.2: answers echo requests; says when a port or protocol is not there. Never about broadcasts, fragments
 * or ICMP errors, and never faster than the limits below.
 */
import { folded } from "../../core/checksum";
import { Counter, count } from "../counters";
import { Datagram, DatagramHandler, IP, IP_HEADER } from "../datagrams";
import { Limit } from "../limit";
import { now as clock } from "./needs/clock";
import * as ipv4 from "./needs/ipv4";

const PROTOCOL: u32 = 1;
const HEADER: u32 = 8;
const ECHO_REPLY: u32 = 0;
const UNREACHABLE: u32 = 3;
const ECHO: u32 = 8;
const PROTOCOL_UNREACHABLE: u32 = 2;
const PORT_UNREACHABLE: u32 = 3;
/** What an error quotes of the datagram's payload: RFC 792. */
const QUOTED: u32 = 8;

const echoes = new Limit(1000, 200);
const errors = new Limit(100, 20);

@final
class Receiver extends DatagramHandler {
  receive(datagram: Datagram): void {
    input(datagram);
  }
}

@final
class UnknownProtocol extends DatagramHandler {
  receive(datagram: Datagram): void {
    tell(datagram, PROTOCOL_UNREACHABLE);
  }
}

/** Called by the stack's `prepare`. */
export function attach(): void {
  ipv4.register(PROTOCOL, new Receiver());
  ipv4.onUnknownProtocol(new UnknownProtocol());
}

function input(datagram: Datagram): void {
  const bytes = datagram.packet.bytes;
  const from = datagram.payload;
  const length = datagram.length;
  if (length < HEADER) return count(Counter.tooShort);
  // Errors and everything else are not for us: nothing here waits for them.
  if (bytes.be16(from) != ECHO << 8 || datagram.toAll) return count(Counter.icmpIgnored);
  if (folded(bytes.sum(from, length, 0)) != 0xffff) return count(Counter.icmpIgnored);
  const nic = datagram.nic;
  if (length > nic.mtu - IP_HEADER) return count(Counter.icmpIgnored);
  if (!echoes.take(clock())) return count(Counter.icmpLimited);
  const reply = nic.link.allocate();
  if (reply == null) return count(Counter.noBuffer);
  const to = IP + IP_HEADER;
  reply.bytes.copy(to, bytes, from, length);
  reply.bytes.setBe32(to, ECHO_REPLY << 24);
  reply.bytes.setBe16(to + 2, folded(reply.bytes.sum(to, length, 0)) ^ 0xffff);
  reply.checksumStart = 0;
  ipv4.answer(datagram, reply, PROTOCOL, length);
}

/** RFC 1122 3.2.2: the header and eight bytes of what could not be delivered go back to its sender. */
function tell(datagram: Datagram, code: u32): void {
  if (datagram.toAll || datagram.reassembled) return count(Counter.icmpIgnored);
  if (!errors.take(clock())) return count(Counter.icmpLimited);
  const nic = datagram.nic;
  const reply = nic.link.allocate();
  if (reply == null) return count(Counter.noBuffer);
  const quoted = datagram.headerLength + min(datagram.length, QUOTED);
  const to = IP + IP_HEADER;
  reply.bytes.setBe32(to, (UNREACHABLE << 24) | (code << 16));
  reply.bytes.setBe32(to + 4, 0);
  reply.bytes.copy(to + HEADER, datagram.packet.bytes, IP, quoted);
  reply.bytes.setBe16(to + 2, folded(reply.bytes.sum(to, HEADER + quoted, 0)) ^ 0xffff);
  reply.checksumStart = 0;
  ipv4.answer(datagram, reply, PROTOCOL, HEADER + quoted);
}

/** Nobody listens on the port of this UDP datagram. */
export function portUnreachable(datagram: Datagram): void {
  tell(datagram, PORT_UNREACHABLE);
}
