/** What is in a frame. Nothing is believed: a packet that is cut off or contradicts itself is undefined. */
import { text6 } from "./addresses.ts";
import { checksum, sum } from "./checksum.ts";
import { pseudoHeader } from "./packets.ts";

export interface EthernetFrame {
  /** `52:54:00:12:34:56`. */
  readonly to: string;
  readonly from: string;
  readonly type: number;
  readonly payload: Uint8Array;
}

export const etherType = { ipv4: 0x0800, arp: 0x0806, ipv6: 0x86dd } as const;
export const protocol = { icmp: 1, tcp: 6, udp: 17, icmpv6: 58 } as const;

const u16 = (bytes: Uint8Array, at: number): number => bytes[at]! * 256 + bytes[at + 1]!;
const u32 = (bytes: Uint8Array, at: number): number => u16(bytes, at) * 65_536 + u16(bytes, at + 2);
const dotted = (bytes: Uint8Array, at: number): string =>
  `${bytes[at]}.${bytes[at + 1]}.${bytes[at + 2]}.${bytes[at + 3]}`;
const colons = (bytes: Uint8Array, at: number): string =>
  Array.from(bytes.subarray(at, at + 6), (byte) => byte.toString(16).padStart(2, "0")).join(":");

export function parseEthernet(frame: Uint8Array): EthernetFrame | undefined {
  if (frame.length < 14) return undefined;
  return {
    to: colons(frame, 0),
    from: colons(frame, 6),
    type: u16(frame, 12),
    payload: frame.subarray(14),
  };
}

export interface ArpPacket {
  readonly operation: number;
  readonly senderMac: string;
  readonly sender: string;
  readonly targetMac: string;
  readonly target: string;
}

/** For IPv4 over Ethernet only. */
export function parseArp(bytes: Uint8Array): ArpPacket | undefined {
  if (bytes.length < 28 || u32(bytes, 0) !== 0x0001_0800 || u16(bytes, 4) !== 0x0604) return undefined;
  return {
    operation: u16(bytes, 6),
    senderMac: colons(bytes, 8),
    sender: dotted(bytes, 14),
    targetMac: colons(bytes, 18),
    target: dotted(bytes, 24),
  };
}

export interface Ipv4Packet {
  readonly from: string;
  readonly to: string;
  readonly protocol: number;
  readonly ttl: number;
  readonly identification: number;
  /** In bytes. */
  readonly offset: number;
  readonly moreFragments: boolean;
  readonly dontFragment: boolean;
  readonly options: Uint8Array;
  readonly payload: Uint8Array;
}

/** With a good header checksum; what Ethernet has padded is taken away. */
export function parseIpv4(bytes: Uint8Array): Ipv4Packet | undefined {
  if (bytes.length < 20 || bytes[0]! >> 4 !== 4) return undefined;
  const header = (bytes[0]! & 15) * 4;
  const total = u16(bytes, 2);
  if (header < 20 || total < header || total > bytes.length) return undefined;
  if (sum(bytes, 0, header) !== 0xffff) return undefined;
  const flags = u16(bytes, 6);
  return {
    from: dotted(bytes, 12),
    to: dotted(bytes, 16),
    protocol: bytes[9]!,
    ttl: bytes[8]!,
    identification: u16(bytes, 4),
    offset: (flags & 0x1fff) * 8,
    moreFragments: (flags & 0x2000) !== 0,
    dontFragment: (flags & 0x4000) !== 0,
    options: bytes.subarray(20, header),
    payload: bytes.subarray(header, total),
  };
}

/** What transports see of a packet of either family. */
export type Carried = Pick<Ipv4Packet, "from" | "to" | "payload">;

export interface Ipv6Packet extends Carried {
  readonly next: number;
  readonly hops: number;
}

export function parseIpv6(bytes: Uint8Array): Ipv6Packet | undefined {
  if (bytes.length < 40 || bytes[0]! >> 4 !== 6) return undefined;
  const end = 40 + u16(bytes, 4);
  if (end > bytes.length) return undefined;
  return {
    from: text6(bytes, 8),
    to: text6(bytes, 24),
    next: bytes[6]!,
    hops: bytes[7]!,
    payload: bytes.subarray(40, end),
  };
}

/** With a good checksum: RFC 4443 2.3. */
export function parseIcmp6({ payload, from, to }: Carried): IcmpMessage | undefined {
  if (payload.length < 8 || transportChecksum(protocol.icmpv6, from, to, payload) !== 0) return undefined;
  return { type: payload[0]!, code: payload[1]!, word: u32(payload, 4), rest: payload.subarray(8) };
}

export interface UdpDatagram {
  readonly from: number;
  readonly to: number;
  readonly payload: Uint8Array;
}

/** With a good checksum, or none. */
export function parseUdp({ payload, from, to }: Carried): UdpDatagram | undefined {
  if (payload.length < 8) return undefined;
  const length = u16(payload, 4);
  if (length < 8 || length > payload.length) return undefined;
  const datagram = payload.subarray(0, length);
  if (u16(payload, 6) !== 0 && transportChecksum(protocol.udp, from, to, datagram) !== 0) return undefined;
  return { from: u16(payload, 0), to: u16(payload, 2), payload: datagram.subarray(8) };
}

export interface TcpSegment {
  readonly from: number;
  readonly to: number;
  readonly sequence: number;
  readonly acknowledgement: number;
  /** CWR, ECE, URG, ACK, PSH, RST, SYN, FIN from the highest bit to the lowest. */
  readonly flags: number;
  readonly window: number;
  readonly options: Uint8Array;
  readonly payload: Uint8Array;
}

export const tcpFlag = { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16, urg: 32, ece: 64, cwr: 128 } as const;

/** RFC 9293 3.1, with a good checksum. */
export function parseTcp({ payload, from, to }: Carried): TcpSegment | undefined {
  if (payload.length < 20) return undefined;
  const header = (payload[12]! >> 4) * 4;
  if (header < 20 || header > payload.length) return undefined;
  if (transportChecksum(protocol.tcp, from, to, payload) !== 0) return undefined;
  return {
    from: u16(payload, 0),
    to: u16(payload, 2),
    sequence: u32(payload, 4),
    acknowledgement: u32(payload, 8),
    flags: payload[13]!,
    window: u16(payload, 14),
    options: payload.subarray(20, header),
    payload: payload.subarray(header),
  };
}

/** Of a segment with its pseudo header: what belongs into a field that is 0, and 0 if the field is right. */
export function transportChecksum(number: number, from: string, to: string, segment: Uint8Array): number {
  return checksum(pseudoHeader(from, to, number, segment.length), segment);
}

export interface IcmpMessage {
  readonly type: number;
  readonly code: number;
  /** The second word: of an echo its identifier and number. */
  readonly word: number;
  readonly rest: Uint8Array;
}

/** With a good checksum. */
export function parseIcmp({ payload }: Pick<Ipv4Packet, "payload">): IcmpMessage | undefined {
  if (payload.length < 8 || checksum(payload) !== 0) return undefined;
  return { type: payload[0]!, code: payload[1]!, word: u32(payload, 4), rest: payload.subarray(8) };
}
