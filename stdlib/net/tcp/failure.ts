/**
 * ICMP errors about segments of ours: RFC 1191 and 8201 for those that were too long, RFC 5461 for others. Anybody can send one, so it is believed
 * only if it quotes a sequence number that is on its way (RFC 5927 4.1); and nothing ends a connection that is there (RFC 9293 3.9.2.2, RFC 5927 5.2).
 */
import { Failure } from "../datagrams";
import { learn } from "../paths";
import { Ended } from "../tcp";
import { Control, State } from "./block";
import { count, Tcp } from "./counters";
import { markDirty } from "./dirty";
import { end } from "./ending";
import { lose } from "./flight";
import { Sent } from "./pools";
import { find } from "./table";
import { headers, leastMtu } from "./wire";

export function failed(failure: Failure): void {
  const ports = failure.bytes.be32(failure.payload);
  const c = find(failure.destinationHigh, failure.destination, ports, failure.sourceHigh, failure.source);
  const sequence = failure.bytes.be32(failure.payload + 4);
  if (c == null || sequence - c.unacknowledged >= c.nextToSend - c.unacknowledged)
    return count(Tcp.unbelieved);
  if (failure.mtu != 0) return shorten(c, failure.mtu, failure.now);
  if (failure.isHard && c.state == State.synSent) end(c, Ended.reset);
}

/** The way takes no more than this. What was longer goes again at once: no congestion has taken it. */
function shorten(c: Control, told: u32, now: u64): void {
  const mtu = max(told, leastMtu(c.high));
  const options: u32 = c.hasTimes ? 12 : 0;
  const size = mtu - headers(c.high) - options;
  if (size >= c.segmentSize) return count(Tcp.unbelieved);
  count(Tcp.shortened);
  learn(c.high, c.low, mtu, now);
  c.segmentSize = size;
  c.congestion.resize(size);
  let each: Sent | null = c.firstSent;
  while (each != null) {
    if (each.to - each.from > size) lose(c, each);
    each = each.next;
  }
  c.mustResend = true;
  markDirty(c);
}
