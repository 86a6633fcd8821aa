/** One line about a frame, for traces. */
import { text6 } from "./addresses.ts";
import {
  type ArpPacket,
  etherType,
  type Ipv4Packet,
  type Ipv6Packet,
  parseArp,
  parseEthernet,
  parseIcmp,
  parseIcmp6,
  parseIpv4,
  parseIpv6,
  parseTcp,
  parseUdp,
  protocol,
  type TcpSegment,
} from "./parse.ts";

export function describe(frame: Uint8Array): string {
  const ethernet = parseEthernet(frame);
  if (ethernet === undefined) return `${frame.length} bytes, too few for a frame`;
  const { type, payload, from, to } = ethernet;
  if (type === etherType.arp) {
    const arp = parseArp(payload);
    return arp === undefined ? `ARP, malformed, ${payload.length} bytes` : describeArp(arp);
  }
  if (type === etherType.ipv4) {
    const packet = parseIpv4(payload);
    return packet === undefined ? `IPv4, malformed, ${payload.length} bytes` : describeIpv4(packet);
  }
  if (type === etherType.ipv6) {
    const packet = parseIpv6(payload);
    return packet === undefined ? `IPv6, malformed, ${payload.length} bytes` : describeIpv6(packet);
  }
  return `${from} > ${to} type 0x${type.toString(16).padStart(4, "0")}, ${payload.length} bytes`;
}

function describeArp({ operation, sender, target, senderMac }: ArpPacket): string {
  if (operation === 2) return `ARP ${sender} is at ${senderMac}`;
  if (sender === "0.0.0.0") return `ARP probe for ${target}`;
  return sender === target ? `ARP announces ${sender}` : `ARP who has ${target}, tell ${sender}`;
}

function describeIpv4(packet: Ipv4Packet): string {
  const { from, to, offset, moreFragments, identification, payload } = packet;
  if (offset > 0 || moreFragments) {
    const end = offset + payload.length;
    return `${from} > ${to} fragment ${identification} bytes ${offset}-${end}${moreFragments ? "" : ", the last"}`;
  }
  if (packet.protocol === protocol.udp) {
    const udp = parseUdp(packet);
    if (udp === undefined) return `${from} > ${to} UDP, malformed`;
    return `${from}:${udp.from} > ${to}:${udp.to} UDP ${udp.payload.length} bytes`;
  }
  if (packet.protocol === protocol.icmp) {
    const icmp = parseIcmp(packet);
    if (icmp === undefined) return `${from} > ${to} ICMP, malformed`;
    const { type, code, word } = icmp;
    if (type === 8 || type === 0)
      return `${from} > ${to} echo ${type === 8 ? "request" : "reply"} ${word & 0xffff}, ${icmp.rest.length} bytes`;
    return `${from} > ${to} ICMP type ${type} code ${code}`;
  }
  if (packet.protocol === protocol.tcp) {
    const tcp = parseTcp(packet);
    return tcp === undefined ? `${from} > ${to} TCP, malformed` : describeTcp(packet, tcp);
  }
  return `${from} > ${to} protocol ${packet.protocol}, ${payload.length} bytes`;
}

const MESSAGES: Readonly<Record<number, string>> = {
  1: "unreachable",
  2: "too big",
  3: "time exceeded",
  4: "parameter problem",
  128: "echo request",
  129: "echo reply",
  133: "router solicitation",
  134: "router advertisement",
};

function describeIpv6(packet: Ipv6Packet): string {
  const { from, to, next, payload } = packet;
  if (next === protocol.udp) {
    const udp = parseUdp(packet);
    if (udp === undefined) return `${from} > ${to} UDP, malformed`;
    return `[${from}]:${udp.from} > [${to}]:${udp.to} UDP ${udp.payload.length} bytes`;
  }
  if (next === protocol.tcp) {
    const tcp = parseTcp(packet);
    if (tcp === undefined) return `${from} > ${to} TCP, malformed`;
    return describeTcp({ from: `[${from}]`, to: `[${to}]` }, tcp);
  }
  if (next !== protocol.icmpv6) return `${from} > ${to} next header ${next}, ${payload.length} bytes`;
  const icmp = parseIcmp6(packet);
  if (icmp === undefined) return `${from} > ${to} ICMPv6, malformed`;
  const { type, code, rest } = icmp;
  const isNeighbour = (type === 135 || type === 136) && rest.length >= 16;
  if (isNeighbour && type === 135) return `${from} > ${to} who has ${text6(rest)}`;
  if (isNeighbour) return `${from} > ${to} ${text6(rest)} is here`;
  return `${from} > ${to} ${MESSAGES[type] ?? `ICMPv6 type ${type} code ${code}`}`;
}

const FLAGS = ["F", "S", "R", "P", ".", "U", "E", "C"];

/** As tcpdump has it. */
function describeTcp({ from, to }: Pick<Ipv4Packet, "from" | "to">, segment: TcpSegment): string {
  const { flags, sequence, acknowledgement, window, payload } = segment;
  const letters = FLAGS.filter((_, bit) => (flags & (1 << bit)) !== 0).join("");
  const range = payload.length > 0 ? `${sequence}:${(sequence + payload.length) >>> 0}` : `${sequence}`;
  const ack = (flags & 16) !== 0 ? ` ack ${acknowledgement}` : "";
  return `${from}:${segment.from} > ${to}:${segment.to} TCP [${letters}] ${range}${ack} win ${window}, ${payload.length} bytes`;
}
