/** Packets for scripts and tests, written byte by byte from the RFCs and without a line of `stdlib/net`. Later layers go inside of earlier ones. */
import { bytes6, isIpv6 } from "./addresses.ts";
import { checksum } from "./checksum.ts";

/** Hexadecimal digits; spaces and colons are for the reader. */
export function hex(text: string): Uint8Array {
  const digits = text.replaceAll(/[\s:]/g, "");
  const bytes = new Uint8Array(digits.length >> 1);
  for (let n = 0; n < bytes.length; n++) bytes[n] = Number.parseInt(digits.slice(2 * n, 2 * n + 2), 16);
  return bytes;
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

const u16 = (value: number) => Uint8Array.of(value >> 8, value & 255);
const u32 = (value: number) => concat(u16(value >>> 16), u16(value & 0xffff));
/** `10.0.2.15` as a number. */
export const addressNumber = (address: string): number =>
  address.split(".").reduce((value, part) => value * 256 + Number(part), 0);

/** And back. */
export const dotted = (address: number): string =>
  [24, 16, 8, 0].map((shift) => (address >>> shift) & 255).join(".");

const ip = (address: string) => Uint8Array.from(address.split("."), Number);

/** What checksums of transports cover besides: RFC 9293 3.1, RFC 8200 8.1. */
export function pseudoHeader(from: string, to: string, protocol: number, length: number): Uint8Array {
  if (isIpv6(from)) return concat(bytes6(from), bytes6(to), u32(length), u32(protocol));
  return concat(ip(from), ip(to), Uint8Array.of(0, protocol), u16(length));
}

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
  readonly dontFragment?: boolean;
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
    u16(
      (fields.dontFragment ? 0x4000 : 0) | (fields.moreFragments ? 0x2000 : 0) | ((fields.offset ?? 0) / 8),
    ),
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
  const pseudo = pseudoHeader(...fields.addresses, 17, length);
  const sum = checksum(pseudo, datagram);
  datagram.set(u16(fields.checksum ?? (sum === 0 ? 0xffff : sum)), 6);
  return datagram;
}

export interface Tcp {
  readonly from: number;
  readonly to: number;
  /** Of IP, for the checksum. */
  readonly addresses: readonly [from: string, to: string];
  readonly sequence: number;
  readonly acknowledgement?: number;
  /** As in `tcpFlag`. */
  readonly flags: number;
  readonly window?: number;
  readonly urgent?: number;
  /** A multiple of 4 bytes. */
  readonly options?: Uint8Array;
  /** Given wrong on purpose. */
  readonly checksum?: number;
  readonly headerWords?: number;
}

/** RFC 9293 3.1. */
export function tcp(fields: Tcp, payload: Uint8Array): Uint8Array {
  const options = fields.options ?? new Uint8Array();
  const segment = concat(
    u16(fields.from),
    u16(fields.to),
    u32(fields.sequence),
    u32(fields.acknowledgement ?? 0),
    Uint8Array.of((fields.headerWords ?? 5 + options.length / 4) << 4, fields.flags),
    u16(fields.window ?? 65535),
    u16(0),
    u16(fields.urgent ?? 0),
    options,
    payload,
  );
  const pseudo = pseudoHeader(...fields.addresses, 6, segment.length);
  segment.set(u16(fields.checksum ?? checksum(pseudo, segment)), 16);
  return segment;
}

/** RFC 792: type, code, the second word, the rest. */
export function icmp(type: number, code: number, word: number, rest: Uint8Array): Uint8Array {
  const message = concat(Uint8Array.of(type, code, 0, 0), u32(word), rest);
  message.set(u16(checksum(message)), 2);
  return message;
}

export interface Ipv6 {
  readonly from: string;
  readonly to: string;
  /** What the payload begins with: a protocol, or an extension header. */
  readonly next: number;
  readonly hops?: number;
  /** Fields given wrong on purpose. */
  readonly version?: number;
  readonly payloadLength?: number;
}

/** RFC 8200 3. */
export function ipv6(fields: Ipv6, payload: Uint8Array): Uint8Array {
  return concat(
    u32(((fields.version ?? 6) << 28) >>> 0),
    u16(fields.payloadLength ?? payload.length),
    Uint8Array.of(fields.next, fields.hops ?? 64),
    bytes6(fields.from),
    bytes6(fields.to),
    payload,
  );
}

/** The header of a fragment, RFC 8200 4.5, before its part. `offset` in bytes. */
export function fragment6(
  next: number,
  identification: number,
  offset: number,
  more: boolean,
  part: Uint8Array,
): Uint8Array {
  return concat(Uint8Array.of(next, 0), u16(offset | (more ? 1 : 0)), u32(identification), part);
}

/** RFC 4443 2.1: type, code, the second word, the rest. `addresses` are those of IP. */
export function icmp6(
  addresses: readonly [from: string, to: string],
  type: number,
  code: number,
  word: number,
  rest: Uint8Array,
): Uint8Array {
  const message = concat(Uint8Array.of(type, code, 0, 0), u32(word), rest);
  message.set(u16(checksum(pseudoHeader(...addresses, 58, message.length), message)), 2);
  return message;
}
