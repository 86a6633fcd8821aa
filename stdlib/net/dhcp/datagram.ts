/**
 * The datagrams of the client: UDP (RFC 768) of its two ports straight over IPv4, because it sends from no address, to everybody, and by an interface that
 * it knows; and because an appliance that has no other use for UDP need not have it.
 */
import { Bytes } from "../../core/bytes";
import { folded } from "../../core/checksum";
import { Counter, count } from "../counters";
import { Datagram, DatagramHandler, IP, IP_HEADER } from "../datagrams";
import { BROADCAST } from "../frames";
import { Nic } from "../nic";
import { complete, pseudo4 } from "../transport";
import { CLIENT_PORT, SERVER_PORT } from "./message";
import * as ipv4 from "./needs/ipv4";

const UDP: u32 = 17;
const HEADER: u32 = 8;
const CHECKSUM: u32 = 6;
const OUT: u32 = IP + IP_HEADER;
/** The longest message that is sent: all that there is to say, and the fields of names. */
const MOST: u32 = 512;
export const EVERYBODY: u32 = 0xffffffff;

const message = new Bytes(new StaticArray<u8>(0), 0, 0);
const content = new Bytes(new StaticArray<u8>(0), 0, 0);

/** A message to be written, all zeros, and sent with `send`. */
export function begin(): Bytes {
  message.window(draft, OUT + HEADER, MOST);
  message.fill(0, MOST, 0);
  return message;
}

/** Where the message is written: a packet is taken only when it is complete. */
const draft = new Bytes(new StaticArray<u8>(<i32>(OUT + HEADER + MOST)), 0, OUT + HEADER + MOST);

/** Sends the first `size` bytes of the message to a server, or to everybody. */
export function send(nic: Nic, source: u32, to: u32, size: u32): void {
  const packet = nic.link.allocate();
  if (packet == null) return count(Counter.noBuffer);
  const length = HEADER + size;
  const bytes = packet.bytes;
  bytes.setBe32(OUT, (CLIENT_PORT << 16) | SERVER_PORT);
  bytes.setBe32(OUT + 4, length << 16);
  bytes.copy(OUT + HEADER, message, 0, size);
  complete(nic, packet, OUT, CHECKSUM, length, pseudo4(<u64>source, <u64>to, UDP, length));
  // A sum of zero would mean that there is none.
  if (packet.checksumStart == 0 && bytes.be16(OUT + CHECKSUM) == 0) bytes.setBe16(OUT + CHECKSUM, 0xffff);
  count(Counter.udpOut);
  ipv4.send(nic, packet, <u64>source, <u64>to, to == EVERYBODY ? BROADCAST : 0, UDP, length);
}

/** Takes the datagrams to a client's port, before UDP sees any. */
export abstract class Receiver extends DatagramHandler {
  /** `payload` does not outlive the call. */
  abstract take(nic: Nic, payload: Bytes): void;

  override receive(datagram: Datagram): void {
    const bytes = datagram.packet.bytes;
    const from = datagram.payload;
    const isOurs = datagram.length >= HEADER && bytes.be16(from + 2) == CLIENT_PORT;
    if (!isOurs) return ipv4.others(this, datagram);
    const length = bytes.be16(from + 4);
    if (length < HEADER || length > datagram.length) return count(Counter.udpBadLength);
    if (!isSound(datagram, length)) return count(Counter.udpBadChecksum);
    if (bytes.be16(from) != SERVER_PORT) return count(Counter.udpNoPort);
    count(Counter.udpIn);
    content.window(bytes, from + HEADER, length - HEADER);
    this.take(datagram.nic, content);
  }

  /** In `start`, when all others are there: see `ipv4.register`. */
  attach(): void {
    ipv4.register(UDP, this);
  }
}

function isSound(datagram: Datagram, length: u32): bool {
  const bytes = datagram.packet.bytes;
  if (datagram.packet.verified || bytes.be16(datagram.payload + CHECKSUM) == 0) return true;
  const sum = pseudo4(datagram.source, datagram.destination, UDP, length);
  return folded(bytes.sum(datagram.payload, length, sum)) == 0xffff;
}
