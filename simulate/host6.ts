/**
 * IPv6 of a scripted host: it finds neighbours, is found, answers pings, and advertises as a router does if it is told to. Everything else goes to
 * whoever wants it.
 */
import type { Host, Second } from "./host.ts";
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
  /** Whether addresses may be made of it: true if it is not said. */
  readonly isAutonomous?: boolean;
}

export interface Advertisement {
  /** Seconds; 0: it is no router any more. */
  readonly lifetime?: number;
  readonly hops?: number;
  readonly mtu?: number;
  /** Addresses are for a server of DHCPv6 to give; what is no address. */
  readonly isManaged?: boolean;
  readonly isOther?: boolean;
  readonly prefixes?: readonly Prefix6[];
  readonly nameServers?: readonly string[];
  /** Seconds. */
  readonly nameServersFor?: number;
}

const [ECHO_REQUEST, ECHO_REPLY] = [128, 129];
const [SOLICITATION, ADVERTISEMENT, ROUTER_ADVERTISEMENT] = [135, 136, 134];
const [MANAGED, OTHER] = [0x80, 0x40];
const [ON_LINK, AUTONOMOUS] = [0x80, 0x40];
const ALL_NODES = "ff02::1";
const MOST_CLAIMED = 4096;
/** Packets that are kept to be looked at; then the older half is forgotten. */
const MOST_HEARD = 65_536;
const [SOLICITED, OVERRIDE] = [0x4000_0000, 0x2000_0000];

const u16 = (value: number) => Uint8Array.of(value >> 8, value & 255);
const u32 = (value: number) => concat(u16(value >>> 16), u16(value & 0xffff));

export class Host6 implements Second {
  readonly host: Host;
  readonly addresses: readonly string[];
  /** Every packet that came for one of its addresses or for a group, whole frames of it with a good header. */
  readonly heard: Ipv6Packet[] = [];
  /** Neighbours: address to hardware address. */
  readonly known = new Map<string, string>();
  /** Addresses that somebody wanted to have and asked about first, and whose hardware address that was: RFC 4862 5.4. */
  readonly claimed = new Map<string, string>();
  readonly #waiting = new Map<string, (() => void)[]>();
  readonly #takers: ((packet: Ipv6Packet) => void)[] = [];

  constructor(host: Host, { addresses }: Host6Options) {
    this.host = host;
    this.addresses = addresses;
    host.six = this;
    host.onFrame((frame) => this.#arrived(frame));
  }

  /** Also gets every packet. */
  onPacket(take: (packet: Ipv6Packet) => void): void {
    this.#takers.push(take);
  }

  /** The one of its addresses that packets there come from: the one in the same network of 64 bits, if it has one there. */
  from(to: string): string {
    const isOfLink = to.startsWith("fe80") || to.startsWith("ff02");
    if (isOfLink) return this.addresses[0]!;
    return this.addresses.find((each) => isNear(each, to)) ?? this.addresses[1] ?? this.addresses[0]!;
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

  sendEcho(to: string, word: number, payload: Uint8Array): void {
    this.sendIcmp(to, ECHO_REQUEST, 0, word, payload);
  }

  ping(to: string, payload: Uint8Array): void {
    this.sendEcho(to, 0x0001_0001, payload);
  }

  /** As a router tells of itself: RFC 4861 4.2, RFC 8106 5.1. */
  advertise(said: Advertisement, fields: Partial<Ipv6> = {}): void {
    const { lifetime = 1800, hops = 64, mtu, prefixes = [], nameServers = [], nameServersFor = 1200 } = said;
    const options = [concat(Uint8Array.of(1, 1), hex(this.host.mac))];
    if (mtu !== undefined) options.push(concat(Uint8Array.of(5, 1, 0, 0), u32(mtu)));
    for (const { prefix, valid = 86_400, preferred = 14_400, length = 64, isAutonomous = true } of prefixes) {
      const flags = ON_LINK | (isAutonomous ? AUTONOMOUS : 0);
      options.push(
        concat(Uint8Array.of(3, 4, length, flags), u32(valid), u32(preferred), u32(0), bytes6(prefix)),
      );
    }
    if (nameServers.length > 0)
      options.push(
        concat(
          Uint8Array.of(25, 1 + 2 * nameServers.length, 0, 0),
          u32(nameServersFor),
          ...nameServers.map(bytes6),
        ),
      );
    const rest = concat(u32(0), u32(0), ...options);
    const flags = (said.isManaged === true ? MANAGED : 0) | (said.isOther === true ? OTHER : 0);
    const word = ((hops << 24) | (flags << 16) | lifetime) >>> 0;
    this.sendIcmp(ALL_NODES, ROUTER_ADVERTISEMENT, 0, word, rest, { hops: 255, ...fields });
  }

  /** Somebody wants to have an address that it has: RFC 4861 7.2.4. */
  #defend(address: string): void {
    const told = concat(bytes6(address), Uint8Array.of(2, 1), hex(this.host.mac));
    this.sendIcmp(ALL_NODES, ADVERTISEMENT, 0, OVERRIDE, told, { hops: 255, from: address });
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
    if (this.heard.length > MOST_HEARD) this.heard.splice(0, MOST_HEARD / 2);
    for (const take of this.#takers) take(packet);
    if (packet.next === protocol.icmpv6) this.#icmp(packet, parsed.from);
    else this.host.deliver(packet.next, packet);
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
    if (type === ECHO_REPLY) this.host.echoed(packet, word, rest);
    if (type === SOLICITATION && packet.from === "::" && this.claimed.size < MOST_CLAIMED)
      this.claimed.set(text6(rest), mac);
    if (type === SOLICITATION && packet.from === "::" && this.addresses.includes(text6(rest)))
      this.#defend(text6(rest));
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

const isNear = (one: string, other: string): boolean => {
  const [a, b] = [bytes6(one), bytes6(other)];
  return a.subarray(0, 8).every((byte, n) => byte === b[n]);
};
