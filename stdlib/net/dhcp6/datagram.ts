/**
 * The datagrams of the client: UDP (RFC 768) of its two ports straight over IPv6, because it sends from the address of its link, to a group, by an interface
 * that it knows; and because an appliance that has no other use for UDP need not have it.
 */
import { Bytes } from "../../core/bytes";
import { folded } from "../../core/checksum";
import { Counter, count } from "../counters";
import { Datagram, DatagramHandler, IP, IP6_HEADER } from "../datagrams";
import { groupHardware, isLinkLocal, LINK_GROUPS, LINK_LOCAL } from "../header6";
import { Nic } from "../nic";
import { complete, pseudo6 } from "../transport";
import { CLIENT_PORT, SERVER_PORT, SERVERS } from "./message";
import * as ipv6 from "./needs/ipv6";
import * as ndp from "./needs/ndp";

const UDP: u32 = 17;
const HEADER: u32 = 8;
const CHECKSUM: u32 = 6;
const OUT: u32 = IP + IP6_HEADER;

const content = new Bytes(new StaticArray<u8>(0), 0, 0);

/** Sends the first `size` bytes of the message to all servers of the link: RFC 9915 14 knows no other way. False when there is no address to send from yet. */
export function send(nic: Nic, message: Bytes, size: u32): bool {
  // What is nearest to an address of the link is one.
  const own = ndp.from(nic, LINK_LOCAL, 0);
  if (own == null || !isLinkLocal(own.high)) return false;
  const packet = nic.link.allocate();
  if (packet == null) {
    count(Counter.noBuffer);
    return false;
  }
  const length = HEADER + size;
  const bytes = packet.bytes;
  bytes.setBe32(OUT, (CLIENT_PORT << 16) | SERVER_PORT);
  bytes.setBe32(OUT + 4, length << 16);
  bytes.copy(OUT + HEADER, message, 0, size);
  const sum = pseudo6(own.high, own.low, LINK_GROUPS, SERVERS, UDP, length);
  complete(nic, packet, OUT, CHECKSUM, length, sum);
  // A sum of zero would mean that there is none.
  if (packet.checksumStart == 0 && bytes.be16(OUT + CHECKSUM) == 0) bytes.setBe16(OUT + CHECKSUM, 0xffff);
  count(Counter.udpOut);
  ipv6.send(nic, packet, own.high, own.low, LINK_GROUPS, SERVERS, groupHardware(SERVERS), UDP, length);
  return true;
}

/** Takes the datagrams to a client's port, before UDP sees any. */
export abstract class Receiver extends DatagramHandler {
  /** `payload` does not outlive the call. */
  abstract take(nic: Nic, payload: Bytes, high: u64, low: u64): void;

  override receive(datagram: Datagram): void {
    const bytes = datagram.packet.bytes;
    const from = datagram.payload;
    const isOurs = datagram.length >= HEADER && bytes.be16(from + 2) == CLIENT_PORT;
    if (!isOurs) return ipv6.others(this, datagram);
    const length = bytes.be16(from + 4);
    if (length < HEADER || length > datagram.length) return count(Counter.udpBadLength);
    if (!isSound(datagram, length)) return count(Counter.udpBadChecksum);
    // Servers and relays of this link answer where they were asked from; what comes to another address was sent from afar.
    const isNear = isLinkLocal(datagram.destinationHigh) && bytes.be16(from) == SERVER_PORT;
    if (!isNear) return count(Counter.udpNoPort);
    count(Counter.udpIn);
    content.window(bytes, from + HEADER, length - HEADER);
    this.take(datagram.nic, content, datagram.sourceHigh, datagram.source);
  }

  /** In `start`, when all others are there: see `ipv6.register`. */
  attach(): void {
    ipv6.register(UDP, this);
  }
}

function isSound(datagram: Datagram, length: u32): bool {
  const bytes = datagram.packet.bytes;
  if (bytes.be16(datagram.payload + CHECKSUM) == 0) return false;
  if (datagram.packet.verified) return true;
  const sum = pseudo6(
    datagram.sourceHigh,
    datagram.source,
    datagram.destinationHigh,
    datagram.destination,
    UDP,
    length,
  );
  return folded(bytes.sum(datagram.payload, length, sum)) == 0xffff;
}
