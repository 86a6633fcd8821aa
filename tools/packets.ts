/** Packets for tests, written byte by byte from the RFCs and without a line of `stdlib/net`. Later layers go inside of earlier ones. */

/** One's complement sum of 16-bit words, complemented: RFC 1071. */
export function checksum(...parts: readonly Uint8Array[]): number {
  let sum = 0;
  for (const part of parts)
    for (let n = 0; n < part.length; n += 2) sum += part[n]! * 256 + (part[n + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + Math.floor(sum / 0x10000);
  return ~sum & 0xffff;
}

export function hex(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text.replaceAll(/[\s:]/g, ""), "hex"));
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts));
}

const u16 = (value: number) => Uint8Array.of(value >> 8, value & 255);
const ip = (address: string) => Uint8Array.from(address.split("."), Number);

export function ethernet(from: string, to: string, type: number, payload: Uint8Array): Uint8Array {
  return concat(hex(to), hex(from), u16(type), payload);
}

export interface Arp {
  readonly operation: number;
  readonly senderMac: string;
  readonly sender: string;
  readonly targetMac?: string;
  readonly target: string;
}

/** RFC 826 for IPv4 over Ethernet. */
export function arp({
  operation,
  senderMac,
  sender,
  targetMac = "00:00:00:00:00:00",
  target,
}: Arp): Uint8Array {
  return concat(
    hex("0001 0800 06 04"),
    u16(operation),
    hex(senderMac),
    ip(sender),
    hex(targetMac),
    ip(target),
  );
}

export interface Ipv4 {
  readonly from: string;
  readonly to: string;
  readonly protocol: number;
  readonly ttl?: number;
  readonly identification?: number;
  /** In bytes; a multiple of 8. */
  readonly offset?: number;
  readonly moreFragments?: boolean;
  readonly options?: Uint8Array;
  /** Fields given wrong on purpose. */
  readonly version?: number;
  readonly totalLength?: number;
  readonly headerChecksum?: number;
  readonly headerWords?: number;
}

/** RFC 791 3.1. */
export function ipv4(fields: Ipv4, payload: Uint8Array): Uint8Array {
  const options = fields.options ?? new Uint8Array();
  const size = 20 + options.length;
  const head = concat(
    Uint8Array.of(((fields.version ?? 4) << 4) | (fields.headerWords ?? size / 4), 0),
    u16(fields.totalLength ?? size + payload.length),
    u16(fields.identification ?? 0),
    u16((fields.moreFragments ? 0x2000 : 0) | ((fields.offset ?? 0) / 8)),
    Uint8Array.of(fields.ttl ?? 64, fields.protocol, 0, 0),
    ip(fields.from),
    ip(fields.to),
    options,
  );
  head.set(u16(fields.headerChecksum ?? checksum(head)), 10);
  return concat(head, payload);
}

export interface Udp {
  readonly from: number;
  readonly to: number;
  /** Of IP, for the checksum. */
  readonly addresses: readonly [from: string, to: string];
  /** Fields given wrong on purpose. */
  readonly length?: number;
  readonly checksum?: number;
}

/** RFC 768. */
export function udp(fields: Udp, payload: Uint8Array): Uint8Array {
  const length = 8 + payload.length;
  const datagram = concat(u16(fields.from), u16(fields.to), u16(fields.length ?? length), u16(0), payload);
  const pseudo = concat(...fields.addresses.map(ip), Uint8Array.of(0, 17), u16(length));
  const sum = checksum(pseudo, datagram);
  datagram.set(u16(fields.checksum ?? (sum === 0 ? 0xffff : sum)), 6);
  return datagram;
}

/** RFC 792: type, code, the second word, the rest. */
export function icmp(type: number, code: number, word: number, rest: Uint8Array): Uint8Array {
  const message = concat(Uint8Array.of(type, code, 0, 0), u16(word >>> 16), u16(word & 0xffff), rest);
  message.set(u16(checksum(message)), 2);
  return message;
}

/** A capture file that tcpdump and Wireshark read: frames of Ethernet, a millisecond apart. */
export function pcap(frames: readonly Uint8Array[]): Uint8Array {
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt16LE(2, 4);
  header.writeUInt16LE(4, 6);
  header.writeUInt32LE(65535, 16);
  header.writeUInt32LE(1, 20);
  const records = frames.map((frame, n) => {
    const record = Buffer.alloc(16);
    record.writeUInt32LE(Math.floor(n / 1000), 0);
    record.writeUInt32LE((n % 1000) * 1000, 4);
    record.writeUInt32LE(frame.length, 8);
    record.writeUInt32LE(frame.length, 12);
    return concat(record, frame);
  });
  return concat(header, ...records);
}
