/**
 * ICMP, RFC 792 and 1122 3.2.2: answers echo requests; says when a port or protocol is not there, a header is wrong, or fragments are
 * missing. Never about broadcasts, later fragments or ICMP errors, and never faster than the limits below.
 */
import { folded } from "../../core/checksum";
import { Counter, count } from "../counters";
import { Datagram, DatagramHandler, ErrorReporter, IP, IP_HEADER, PROTOCOL } from "../datagrams";
import { Limit } from "../limit";
import { now as clock } from "./needs/clock";
import * as ipv4 from "./needs/ipv4";

const ICMP: u32 = 1;
const HEADER: u32 = 8;
const ECHO: u32 = 8;
const ECHO_REPLY: u32 = 0;
const UNREACHABLE: u32 = 3;
const PROTOCOL_UNREACHABLE: u32 = 2;
const PORT_UNREACHABLE: u32 = 3;
const TIME_EXCEEDED: u32 = 11;
const REASSEMBLY: u32 = 1;
const PARAMETER_PROBLEM: u32 = 12;
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
class Reporter extends ErrorReporter {
  protocolUnreachable(datagram: Datagram): void {
    tell(datagram, UNREACHABLE, PROTOCOL_UNREACHABLE, 0);
  }
  parameterProblem(datagram: Datagram, _code: u32, pointer: u32): void {
    tell(datagram, PARAMETER_PROBLEM, 0, pointer << 24);
  }
  reassemblyTimeExceeded(datagram: Datagram): void {
    tell(datagram, TIME_EXCEEDED, REASSEMBLY, 0);
  }
}

/** Called by the stack's `prepare`. */
export function attach(): void {
  ipv4.register(ICMP, new Receiver());
  ipv4.reportTo(new Reporter());
}

/** Nobody listens on the port of this UDP datagram. */
export function portUnreachable(datagram: Datagram): void {
  tell(datagram, UNREACHABLE, PORT_UNREACHABLE, 0);
}

function input(datagram: Datagram): void {
  const bytes = datagram.packet.bytes;
  const from = datagram.payload;
  const length = datagram.length;
  if (length < HEADER) return count(Counter.tooShort);
  // Errors and everything else are not for us: nothing here waits for them.
  if (bytes.be16(from) != ECHO << 8 || datagram.toAll) return count(Counter.icmpIgnored);
  if (folded(bytes.sum(from, length, 0)) != 0xffff) return count(Counter.icmpBadChecksum);
  if (!echoes.take(clock())) return count(Counter.icmpLimited);
  // The request becomes the answer. Its checksum is made anew: an update (RFC 1624) cannot tell the two zeros apart.
  bytes.setBe32(from, ECHO_REPLY << 24);
  bytes.setBe16(from + 2, folded(bytes.sum(from, length, 0)) ^ 0xffff);
  ipv4.answerLong(datagram, bytes, from, ICMP, length);
}

/** RFC 792: the header and eight bytes of what could not be used go back to its sender. `rest` is the second word of the error. */
function tell(datagram: Datagram, type: u32, code: u32, rest: u32): void {
  const quotes = datagram.packet.bytes;
  if (datagram.toAll || isError(datagram)) return count(Counter.icmpIgnored);
  if (!errors.take(clock())) return count(Counter.icmpLimited);
  const nic = datagram.nic;
  const reply = nic.link.allocate();
  if (reply == null) return count(Counter.noBuffer);
  const quoted = datagram.headerLength + min(datagram.length, QUOTED);
  const length = HEADER + quoted;
  const to = IP + IP_HEADER;
  reply.bytes.setBe32(to, (type << 24) | (code << 16));
  reply.bytes.setBe32(to + 4, rest);
  reply.bytes.copy(to + HEADER, quotes, IP, quoted);
  reply.bytes.setBe16(to + 2, folded(reply.bytes.sum(to, length, 0)) ^ 0xffff);
  reply.checksumStart = 0;
  ipv4.answer(datagram, reply, ICMP, length);
}

/** Anything of ICMP but an echo request might be an error: RFC 1122 3.2.2 forbids errors about errors. */
function isError(datagram: Datagram): bool {
  const bytes = datagram.packet.bytes;
  if (bytes.u8(IP + PROTOCOL) != ICMP) return false;
  return datagram.length == 0 || bytes.u8(datagram.payload) != ECHO;
}
