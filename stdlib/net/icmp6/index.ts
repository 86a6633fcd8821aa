/**
 * ICMPv6, RFC 4443: answers echo requests; says when a port or protocol is not there, a header is wrong, or fragments are missing; tells
 * transports of errors about what they sent. Never about groups or errors, and never faster than the limits below.
 */

import { Bytes } from "../../core/bytes";
import { folded } from "../../core/checksum";
import { Measures } from "../../core/measures";
import { Counter, count, show, showDrops } from "../counters";
import { Datagram, DatagramHandler, ErrorReporter, Failure, IP, IP6_HEADER } from "../datagrams";
import { DESTINATION6, ICMP6, isGroup, LEAST_MTU, NEXT_HEADER, SOURCE6 } from "../header6";
import { Limit } from "../limit";
import { pseudo6 } from "../transport";
import { now as clock } from "./needs/clock";
import * as ipv6 from "./needs/ipv6";
import * as ndp from "./needs/ndp";

const HEADER: u32 = 8;
const UNREACHABLE: u32 = 1;
const PORT_UNREACHABLE: u32 = 4;
const TOO_BIG: u32 = 2;
const TIME_EXCEEDED: u32 = 3;
const REASSEMBLY: u32 = 1;
const PARAMETER_PROBLEM: u32 = 4;
/** Below this all are errors. */
const FIRST_QUESTION: u32 = 128;
const ECHO: u32 = 128;
const ECHO_REPLY: u32 = 129;
const LISTENER_QUERY: u32 = 130;
const ROUTER_SOLICITATION: u32 = 133;
const REDIRECT: u32 = 137;
/** RFC 4443 2.4 (c): as much as fits into what every way takes. */
const QUOTED: u32 = LEAST_MTU - IP6_HEADER - HEADER;

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
    tell(datagram, PARAMETER_PROBLEM, 1, NEXT_HEADER);
  }
  parameterProblem(datagram: Datagram, code: u32, pointer: u32): void {
    tell(datagram, PARAMETER_PROBLEM, code, pointer);
  }
  reassemblyTimeExceeded(datagram: Datagram): void {
    if (!datagram.toAll) tell(datagram, TIME_EXCEEDED, REASSEMBLY, 0);
  }
}

/** Called by the stack's `prepare`. */
export function attach(): void {
  failure = new Failure(new Bytes(new StaticArray<u8>(0), 0, 0));
  ipv6.register(ICMP6, new Receiver());
  ipv6.reportTo(new Reporter());
}

/** Nobody listens on the port of this UDP datagram. */
export function portUnreachable(datagram: Datagram): void {
  if (datagram.toAll) return count(Counter.icmpIgnored);
  tell(datagram, UNREACHABLE, PORT_UNREACHABLE, 0);
}

function pseudo(datagram: Datagram, length: u32): u64 {
  return pseudo6(
    datagram.sourceHigh,
    datagram.source,
    datagram.destinationHigh,
    datagram.destination,
    ICMP6,
    length,
  );
}

function input(datagram: Datagram): void {
  const bytes = datagram.packet.bytes;
  const length = datagram.length;
  if (length < HEADER) return count(Counter.tooShort);
  const sum = bytes.sum(datagram.payload, length, pseudo(datagram, length));
  if (folded(sum) != 0xffff) return count(Counter.icmpBadChecksum);
  const type = bytes.u8(datagram.payload);
  const isNeighbours = type >= ROUTER_SOLICITATION && type <= REDIRECT;
  if (isNeighbours || type == LISTENER_QUERY) return ndp.input(datagram, type);
  const isOwn = ndp.isOwn(datagram.nic, datagram.sourceHigh, datagram.source);
  if (datagram.sourceHigh == 0 || isOwn || datagram.toAll) return count(Counter.icmpIgnored);
  if (type == ECHO && bytes.u8(datagram.payload + 1) == 0) return echo(datagram);
  if (type < FIRST_QUESTION) return receiveError(datagram, type);
  count(Counter.icmpIgnored);
}

/** RFC 4443 4.2. */
function echo(datagram: Datagram): void {
  if (!echoes.take(clock())) return count(Counter.icmpLimited);
  const bytes = datagram.packet.bytes;
  const at = datagram.payload;
  const length = datagram.length;
  bytes.setBe32(at, ECHO_REPLY << 24);
  bytes.setBe16(at + 2, folded(bytes.sum(at, length, pseudo(datagram, length))) ^ 0xffff);
  ipv6.answerLong(datagram, bytes, at, ICMP6, length);
}

/** The datagram, as much of it as may be, goes back to its sender. `rest` is the second word of the error. */
function tell(datagram: Datagram, type: u32, code: u32, rest: u32): void {
  if (datagram.sourceHigh == 0 || isError(datagram)) return count(Counter.icmpIgnored);
  // An answer comes from the address that was asked; a group is no address. RFC 4443 2.2.
  if (isGroup(datagram.destinationHigh)) {
    const own = ndp.from(datagram.nic, datagram.sourceHigh, datagram.source);
    if (own == null) return count(Counter.icmpIgnored);
    datagram.destinationHigh = own.high;
    datagram.destination = own.low;
  }
  if (!errors.take(clock())) return count(Counter.icmpLimited);
  const reply = datagram.nic.link.allocate();
  if (reply == null) return count(Counter.noBuffer);
  const bytes = reply.bytes;
  const quoted = min(datagram.headerLength + datagram.length, QUOTED);
  const length = HEADER + quoted;
  const to = IP + IP6_HEADER;
  bytes.setBe32(to, (type << 24) | (code << 16));
  bytes.setBe32(to + 4, rest);
  bytes.copy(to + HEADER, datagram.packet.bytes, IP, quoted);
  bytes.setBe16(to + 2, folded(bytes.sum(to, length, pseudo(datagram, length))) ^ 0xffff);
  reply.checksumStart = 0;
  ipv6.answer(datagram, reply, ICMP6, length);
}

/** RFC 4443 2.4 (e): no errors about errors, nor about redirects. */
function isError(datagram: Datagram): bool {
  const bytes = datagram.packet.bytes;
  if (bytes.u8(IP + NEXT_HEADER) != ICMP6) return false;
  const type: u32 = datagram.length == 0 ? 0 : bytes.u8(datagram.payload);
  return type < FIRST_QUESTION || type == REDIRECT;
}

/** An error about something that we are said to have sent: RFC 4443 3, 5.2; RFC 5927. Whose it is decides whether it may be true. */
function receiveError(datagram: Datagram, type: u32): void {
  const bytes = datagram.packet.bytes;
  const at = datagram.payload + HEADER;
  const isLong = datagram.length >= HEADER + IP6_HEADER + 8;
  if (!isLong || type == 0 || type > PARAMETER_PROBLEM || bytes.u8(at) >> 4 != 6)
    return count(Counter.icmpIgnored);
  const told = failure!;
  told.sourceHigh = bytes.be64(at + SOURCE6);
  told.source = bytes.be64(at + SOURCE6 + 8);
  if (!ndp.isReady(datagram.nic, told.sourceHigh, told.source)) return count(Counter.icmpIgnored);
  told.destinationHigh = bytes.be64(at + DESTINATION6);
  told.destination = bytes.be64(at + DESTINATION6 + 8);
  // An upper half of 0 would be taken for IPv4.
  if (told.destinationHigh == 0) return count(Counter.icmpIgnored);
  const code = bytes.u8(datagram.payload + 1);
  told.now = clock();
  told.mtu = 0;
  if (type == TOO_BIG) {
    count(Counter.tooBigIn);
    // RFC 8201 4: less than every link has is nobody's.
    told.mtu = bytes.be32(datagram.payload + 4);
    if (told.mtu < LEAST_MTU) return count(Counter.icmpIgnored);
  }
  told.isHard = (type == UNREACHABLE && (code == PORT_UNREACHABLE || code == 1)) || type == PARAMETER_PROBLEM;
  told.bytes.window(bytes, 0, bytes.length);
  told.payload = at + IP6_HEADER;
  told.length = datagram.length - HEADER - IP6_HEADER;
  ipv6.failed(bytes.u8(at + NEXT_HEADER), told);
}

/** What is counted: see `core/measures.ts`. */
export function measure(to: Measures): void {
  showDrops(to);
  show(to, 'layer="icmpv6",reason="ignored"', Counter.icmpIgnored);
  show(to, 'layer="icmpv6",reason="limited"', Counter.icmpLimited);
  show(to, 'layer="icmpv6",reason="bad_checksum"', Counter.icmpBadChecksum);
  to.counter("net_too_big", "Routers that said that a packet was too big for the next link.");
  show(to, "", Counter.tooBigIn);
}
