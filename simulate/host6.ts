/**
 * IPv6 of a scripted host: it finds neighbours, is found, answers pings, and advertises as a router does if it is told to. Everything else goes to
 * whoever wants it.
 */
import type { Host } from "./host.ts";
import { MILLISECOND } from "./time.ts";
import { bytes6, groupMac, solicitedGroup, text6 } from "./wire/addresses.ts";
import { concat, ethernet, hex, type Ipv6, icmp6, ipv6, udp } from "./wire/packets.ts";
import { etherType, type Ipv6Packet, parseEthernet, parseIcmp6, parseIpv6, protocol } from "./wire/parse.ts";

export interface Host6Options {
  /** The first one is that of its link; others of its network. */
  readonly addresses: readonly [string, ...string[]];
}

export interface Prefix6 {
  /** `2001:db8:1::` of 64 bits. */
  readonly prefix: string;
  /** Seconds. */
  readonly valid?: number;
  readonly preferred?: number;
  readonly length?: number;
}

export interface Advertisement {
  /** Seconds; 0: it is no router any more. */
  readonly lifetime?: number;
  readonly hops?: number;
  readonly mtu?: number;
  readonly prefixes?: readonly Prefix6[];
  readonly nameServers?: readonly string[];
}

const [ECHO_REQUEST, ECHO_REPLY] = [128, 129];
const [SOLICITATION, ADVERTISEMENT, ROUTER_ADVERTISEMENT] = [135, 136, 134];
const ALL_NODES = "ff02::1";
const [SOLICITED, OVERRIDE] = [0x4000_0000, 0x2000_0000];

const u16 = (value: number) => Uint8Array.of(value >> 8, value & 255);
const u32 = (value: number) => concat(u16(value >>> 16), u16(value & 0xffff));

export class Host6 {
  readonly host: Host;
  readonly addresses: readonly string[];
  /** Every packet that came for one of its addresses or for a group, whole frames of it with a good header. */
  readonly heard: Ipv6Packet[] = [];
  /** Neighbours: address to hardware address. */
  readonly known = new Map<string, string>();
  readonly #waiting = new Map<string, (() => void)[]>();
  readonly #takers: ((packet: Ipv6Packet) => void)[] = [];

  constructor(host: Host, { addresses }: Host6Options) {
    this.host = host;
    this.addresses = addresses;
    host.onFrame((frame) => this.#arrived(frame));
  }

  /** Also gets every packet. */
  onPacket(take: (packet: Ipv6Packet) => void): void {
    this.#takers.push(take);
  }

  /** The one of its addresses that packets there come from. */
  from(to: string): string {
    const isOfLink = to.startsWith("fe80") || to.startsWith("ff02");
    return isOfLink ? this.addresses[0]! : (this.addresses[1] ?? this.addresses[0]!);
  }

  /** Sends a packet, when the neighbour is known. */
  send(to: string, next: number, payload: Uint8Array, fields: Partial<Ipv6> = {}): void {
    const packet = ipv6({ from: this.from(to), to, next, ...fields }, payload);
    const go = (mac: string) => this.host.sendFrame(ethernet(this.host.mac, mac, etherType.ipv6, packet));
    if (to.startsWith("ff")) return go(groupMac(to));
    const mac = this.known.get(to);
    if (mac !== undefined) return go(mac);
    this.#waiting.set(to, [...(this.#waiting.get(to) ?? []), () => go(this.known.get(to)!)]);
    this.#ask(to, 5);
  }

  sendUdp(to: string, toPort: number, fromPort: number, payload: Uint8Array): void {
    const addresses = [this.from(to), to] as const;
    this.send(to, protocol.udp, udp({ from: fromPort, to: toPort, addresses }, payload));
  }

  sendIcmp(
    to: string,
    type: number,
    code: number,
    word: number,
    rest: Uint8Array,
    fields: Partial<Ipv6> = {},
  ) {
    const from = fields.from ?? this.from(to);
    this.send(to, protocol.icmpv6, icmp6([from, to], type, code, word, rest), fields);
  }

  ping(to: string, payload: Uint8Array): void {
    this.sendIcmp(to, ECHO_REQUEST, 0, 0x0001_0001, payload);
  }

  /** As a router tells of itself: RFC 4861 4.2, RFC 8106 5.1. */
  advertise(said: Advertisement, fields: Partial<Ipv6> = {}): void {
    const { lifetime = 1800, hops = 64, mtu, prefixes = [], nameServers = [] } = said;
    const options = [concat(Uint8Array.of(1, 1), hex(this.host.mac))];
    if (mtu !== undefined) options.push(concat(Uint8Array.of(5, 1, 0, 0), u32(mtu)));
    for (const { prefix, valid = 86_400, preferred = 14_400, length = 64 } of prefixes)
      options.push(
        concat(Uint8Array.of(3, 4, length, 0xc0), u32(valid), u32(preferred), u32(0), bytes6(prefix)),
      );
    if (nameServers.length > 0)
      options.push(
        concat(Uint8Array.of(25, 1 + 2 * nameServers.length, 0, 0), u32(1200), ...nameServers.map(bytes6)),
      );
    const rest = concat(u32(0), u32(0), ...options);
    const word = ((hops << 24) | lifetime) >>> 0;
    this.sendIcmp(ALL_NODES, ROUTER_ADVERTISEMENT, 0, word, rest, { hops: 255, ...fields });
  }

  #ask(to: string, tries: number): void {
    if (this.known.has(to) || tries === 0) return;
    const rest = concat(bytes6(to), Uint8Array.of(1, 1), hex(this.host.mac));
    this.sendIcmp(solicitedGroup(to), SOLICITATION, 0, 0, rest, { hops: 255, from: this.from(to) });
    this.host.simulation.after(200 * MILLISECOND, () => this.#ask(to, tries - 1));
  }

  #arrived(frame: Uint8Array): boolean | undefined {
    const parsed = parseEthernet(frame);
    if (parsed?.type !== etherType.ipv6) return undefined;
    const packet = parseIpv6(parsed.payload);
    if (packet === undefined) {
      this.host.bad += 1;
      return true;
    }
    if (!packet.to.startsWith("ff") && !this.addresses.includes(packet.to)) return true;
    this.heard.push(packet);
    for (const take of this.#takers) take(packet);
    if (packet.next === protocol.icmpv6) this.#icmp(packet, parsed.from);
    return true;
  }

  #icmp(packet: Ipv6Packet, mac: string): void {
    const message = parseIcmp6(packet);
    if (message === undefined) {
      this.host.bad += 1;
      return;
    }
    const { type, word, rest } = message;
    if (type === ECHO_REQUEST && !packet.to.startsWith("ff"))
      this.sendIcmp(packet.from, ECHO_REPLY, 0, word, rest, { from: packet.to });
    if (type === SOLICITATION && packet.from !== "::" && this.addresses.includes(text6(rest))) {
      this.known.set(packet.from, mac);
      const told = concat(rest.subarray(0, 16), Uint8Array.of(2, 1), hex(this.host.mac));
      const from = text6(rest);
      this.sendIcmp(packet.from, ADVERTISEMENT, 0, SOLICITED | OVERRIDE, told, { hops: 255, from });
    }
    if (type !== ADVERTISEMENT) return;
    const target = text6(rest);
    this.known.set(target, mac);
    for (const go of this.#waiting.get(target) ?? []) go();
    this.#waiting.delete(target);
  }
}
