/**
 * ICMP, RFC 792 and 1122 3.2.2: answers echo requests; says when a port or protocol is not there, a header is wrong, or fragments are
 * missing; tells transports of errors about what they sent. Never about broadcasts, later fragments or ICMP errors, and never faster than the limits below.
 */

import { Bytes } from "../../core/bytes";
import { folded } from "../../core/checksum";
import { Measures } from "../../core/measures";
import { Counter, count, show, showDrops } from "../counters";
import {
  Datagram,
  DatagramHandler,
  DESTINATION_ADDRESS,
  ErrorReporter,
  Failure,
  FRAGMENT,
  FRAGMENT_OFFSET,
  IP,
  IP_HEADER,
  PROTOCOL,
  SOURCE_ADDRESS,
} from "../datagrams";
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
/** RFC 1191 4: it may not be fragmented, and would have to be. */
const TOO_LONG: u32 = 4;
const TIME_EXCEEDED: u32 = 11;
const REASSEMBLY: u32 = 1;
const PARAMETER_PROBLEM: u32 = 12;
/** What an error quotes of the datagram's payload: RFC 792. */
const QUOTED: u32 = 8;

const echoes = new Limit(1000, 200);
const errors = new Limit(100, 20);
let failure: Failure | null = null;

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
  failure = new Failure(new Bytes(new StaticArray<u8>(0), 0, 0));
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
  const kind = bytes.be16(from);
  const isEcho = kind == ECHO << 8;
  if (datagram.toAll || (!isEcho && kind >> 8 != UNREACHABLE)) return count(Counter.icmpIgnored);
  if (folded(bytes.sum(from, length, 0)) != 0xffff) return count(Counter.icmpBadChecksum);
  if (!isEcho) return receiveError(datagram, kind & 0xff);
  if (!echoes.take(clock())) return count(Counter.icmpLimited);
  // The request becomes the answer. Its checksum is made anew: an update (RFC 1624) cannot tell the two zeros apart.
  bytes.setBe32(from, ECHO_REPLY << 24);
  bytes.setBe16(from + 2, folded(bytes.sum(from, length, 0)) ^ 0xffff);
  ipv4.answerLong(datagram, bytes, from, ICMP, length);
}

/** A datagram that we are said to have sent did not arrive: RFC 1122 3.2.2.1, RFC 1191. Whose it is decides whether it may be true. */
function receiveError(datagram: Datagram, code: u32): void {
  const bytes = datagram.packet.bytes;
  const at = datagram.payload + HEADER;
  const told = failure!;
  if (datagram.length < HEADER + IP_HEADER + QUOTED || bytes.u8(at) >> 4 != 4)
    return count(Counter.icmpIgnored);
  const headerLength = (bytes.u8(at) & 15) * 4;
  const isOurs = datagram.nic.isOwn(bytes.be32(at + SOURCE_ADDRESS));
  // A later fragment says nothing of whose it is.
  const isFirst = (bytes.be16(at + FRAGMENT) & FRAGMENT_OFFSET) == 0;
  const isLong = headerLength >= IP_HEADER && datagram.length >= HEADER + headerLength + QUOTED;
  if (!isOurs || !isFirst || !isLong) return count(Counter.icmpIgnored);
  told.now = clock();
  told.mtu = 0;
  if (code == TOO_LONG) {
    count(Counter.tooBigIn);
    // RFC 1191 5 guesses what routers of before 1990 do not say; what finds out by itself (RFC 8899) is enough for those.
    told.mtu = bytes.be16(datagram.payload + 6);
    if (told.mtu == 0) return count(Counter.icmpIgnored);
  }
  told.isHard = code == PROTOCOL_UNREACHABLE || code == PORT_UNREACHABLE;
  told.source = <u64>bytes.be32(at + SOURCE_ADDRESS);
  told.destination = <u64>bytes.be32(at + DESTINATION_ADDRESS);
  told.bytes.window(bytes, 0, bytes.length);
  told.payload = at + headerLength;
  told.length = datagram.length - HEADER - headerLength;
  ipv4.failed(bytes.u8(at + PROTOCOL), told);
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

/** What is counted: see `core/measures.ts`. */
export function measure(to: Measures): void {
  showDrops(to);
  show(to, 'layer="icmp",reason="ignored"', Counter.icmpIgnored);
  show(to, 'layer="icmp",reason="limited"', Counter.icmpLimited);
  show(to, 'layer="icmp",reason="bad_checksum"', Counter.icmpBadChecksum);
  to.counter("net_too_big", "Routers that said that a packet was too big for the next link.");
  show(to, "", Counter.tooBigIn);
}
