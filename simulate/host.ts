/**
 * Somebody on the network who does what a script says: it finds hardware addresses, answers pings, puts fragments together, and hands the rest to whoever
 * wants it. Everything that it keeps is bounded.
 */
import { Neighbours } from "./neighbours.ts";
import { Port } from "./port.ts";
import { Reassembly } from "./reassembly.ts";
import type { Simulation } from "./simulation.ts";
import { isIpv6 } from "./wire/addresses.ts";
import { addressNumber, concat, ethernet, type Ipv4, icmp, ipv4, udp } from "./wire/packets.ts";
import {
  type Carried,
  etherType,
  type Ipv4Packet,
  parseEthernet,
  parseIcmp,
  parseIpv4,
  parseUdp,
  protocol,
  type UdpDatagram,
} from "./wire/parse.ts";

export interface HostOptions {
  readonly name: string;
  /** `10.0.2.2/24`. */
  readonly address: string;
  /** A router for other networks. */
  readonly gateway?: string;
  /** Made of the name if it is not said. */
  readonly mac?: string;
  readonly mtu?: number;
  /** Whether it answers echo requests: true if it is not said. */
  readonly answersPings?: boolean;
}

export interface Received<T> {
  readonly packet: Carried;
  readonly content: T;
}

/** What a host has of IPv6, if it has any: `Host6`. */
export interface Second {
  /** The one of its addresses that packets there come from. */
  from(to: string): string;
  send(to: string, next: number, payload: Uint8Array): void;
  sendEcho(to: string, word: number, payload: Uint8Array): void;
}

const EVERYBODY = "ff:ff:ff:ff:ff:ff";
const [ECHO_REPLY, ECHO_REQUEST] = [0, 8];

export class Host {
  readonly name: string;
  readonly address: string;
  readonly mac: string;
  readonly port: Port;
  readonly simulation: Simulation;
  /** Packets that were malformed, or had a wrong checksum. */
  bad = 0;
  /** Carries what goes to addresses of IPv6. */
  six: Second | undefined;
  readonly #options: HostOptions;
  readonly #prefix: number;
  readonly #mtu: number;
  readonly #neighbours: Neighbours;
  readonly #reassembly = new Reassembly();
  readonly #frames: ((frame: Uint8Array) => boolean | undefined)[] = [];
  readonly #packets = new Map<number, (packet: Ipv4Packet) => void>();
  #segments: ((packet: Carried) => void) | undefined;
  readonly #datagrams = new Map<number, (received: Received<UdpDatagram>) => void>();
  readonly #echoes = new Map<number, (received: Received<Uint8Array>) => void>();
  #identification = 0;
  #nextPort = 49_152;

  constructor(simulation: Simulation, options: HostOptions) {
    const [address, prefix] = options.address.split("/");
    this.simulation = simulation;
    this.#options = options;
    this.name = options.name;
    this.address = address!;
    this.#prefix = Number(prefix ?? 32);
    this.#mtu = options.mtu ?? 1500;
    this.mac = options.mac ?? madeUp(options.name);
    this.port = new Port(simulation, options.name, (frame) => this.#arrived(frame));
    this.#neighbours = new Neighbours(this);
  }

  /** A frame as it is. */
  sendFrame(frame: Uint8Array): void {
    this.port.send(frame);
  }

  /** In fragments if it is longer than the network carries. It waits until the next hop's hardware address is known. */
  sendIp(to: string, number: number, payload: Uint8Array, fields: Partial<Ipv4> = {}): void {
    const most = (this.#mtu - 20) & ~7;
    this.#identification = (this.#identification + 1) & 0xffff;
    const identification = this.#identification;
    const packets: Uint8Array[] = [];
    const send = (part: Uint8Array, offset: number, moreFragments: boolean) =>
      packets.push(
        ipv4(
          { from: this.address, to, protocol: number, identification, offset, moreFragments, ...fields },
          part,
        ),
      );
    if (payload.length <= this.#mtu - 20) send(payload, 0, false);
    else
      for (let offset = 0; offset < payload.length; offset += most)
        send(payload.subarray(offset, offset + most), offset, offset + most < payload.length);
    this.#neighbours.find(this.#nextHop(to), (mac) => {
      for (const packet of packets) this.sendFrame(ethernet(this.mac, mac, etherType.ipv4, packet));
    });
  }

  /** The address that packets there come from. */
  from(to: string): string {
    return isIpv6(to) ? this.#other(to).from(to) : this.address;
  }

  /** What a transport sends, over the family of the address. */
  sendTransport(to: string, number: number, payload: Uint8Array): void {
    if (isIpv6(to)) this.#other(to).send(to, number, payload);
    else this.sendIp(to, number, payload);
  }

  sendUdp(to: string, toPort: number, fromPort: number, payload: Uint8Array): void {
    const datagram = udp({ from: fromPort, to: toPort, addresses: [this.from(to), to] }, payload);
    this.sendTransport(to, protocol.udp, datagram);
  }

  sendEcho(to: string, word: number, payload: Uint8Array): void {
    if (isIpv6(to)) this.#other(to).sendEcho(to, word, payload);
    else this.sendIp(to, protocol.icmp, icmp(ECHO_REQUEST, 0, word, payload));
  }

  /** Sees every frame first; nobody else does if it gives true. */
  onFrame(take: (frame: Uint8Array) => boolean | undefined): void {
    this.#frames.push(take);
  }

  /** Gets whole packets of a protocol, in the place of what the host would do. */
  onIp(number: number, take: (packet: Ipv4Packet) => void): void {
    this.#packets.set(number, take);
  }

  /** Gets what comes by TCP, over both families. */
  onTcp(take: (packet: Carried) => void): void {
    this.#segments = take;
  }

  /** Gets the datagrams that come to a port, over both families; nobody does any more without `take`. */
  onUdp(port: number, take: ((received: Received<UdpDatagram>) => void) | undefined): void {
    if (take === undefined) this.#datagrams.delete(port);
    else this.#datagrams.set(port, take);
  }

  /** Gets the answers to echo requests with this word: identifier and number. */
  onEcho(word: number, take: ((received: Received<Uint8Array>) => void) | undefined): void {
    if (take === undefined) this.#echoes.delete(word);
    else this.#echoes.set(word, take);
  }

  /** A UDP port that nothing was sent from for the longest time. */
  freePort(): number {
    do this.#nextPort = this.#nextPort === 65_535 ? 49_152 : this.#nextPort + 1;
    while (this.#datagrams.has(this.#nextPort));
    return this.#nextPort;
  }

  /** Of either family, when whole: for those who wait for it here. */
  deliver(number: number, packet: Carried): void {
    if (number === protocol.udp) this.#udp(packet);
    if (number === protocol.tcp) this.#segments?.(packet);
  }

  /** The answer to an echo request. */
  echoed(packet: Carried, word: number, content: Uint8Array): void {
    this.#echoes.get(word)?.({ packet, content });
  }

  #other(to: string): Second {
    if (this.six === undefined) throw new Error(`${this.name} has no IPv6, and no way to ${to}`);
    return this.six;
  }

  #nextHop(to: string): string {
    if (to === "255.255.255.255") return to;
    const mask = this.#prefix === 0 ? 0 : (-1 << (32 - this.#prefix)) >>> 0;
    const isNear = ((addressNumber(to) ^ addressNumber(this.address)) & mask) === 0;
    if (isNear) return (addressNumber(to) | mask) >>> 0 === 0xffffffff ? "255.255.255.255" : to;
    const { gateway } = this.#options;
    if (gateway === undefined) throw new Error(`${this.name} has no way to ${to}`);
    return gateway;
  }

  #arrived(frame: Uint8Array): void {
    for (const take of this.#frames) if (take(frame) === true) return;
    const parsed = parseEthernet(frame);
    if (parsed === undefined) {
      this.bad += 1;
      return;
    }
    if (parsed.to !== this.mac && parsed.to !== EVERYBODY) return;
    if (parsed.type === etherType.arp) this.#neighbours.arrived(parsed.payload);
    if (parsed.type !== etherType.ipv4) return;
    const packet = parseIpv4(parsed.payload);
    if (packet === undefined) this.bad += 1;
    else if (packet.to === this.address || parsed.to === EVERYBODY) this.#packet(packet);
  }

  #packet(received: Ipv4Packet): void {
    const packet = this.#reassembly.whole(received);
    if (packet === undefined) return;
    const other = this.#packets.get(packet.protocol);
    if (other !== undefined) other(packet);
    else if (packet.protocol === protocol.icmp) this.#icmp(packet);
    else this.deliver(packet.protocol, packet);
  }

  #udp(packet: Carried): void {
    const content = parseUdp(packet);
    if (content === undefined) this.bad += 1;
    else this.#datagrams.get(content.to)?.({ packet, content });
  }

  #icmp(packet: Ipv4Packet): void {
    const message = parseIcmp(packet);
    if (message === undefined) {
      this.bad += 1;
      return;
    }
    const { type, word, rest } = message;
    if (type === ECHO_REPLY) this.echoed(packet, word, rest);
    if (type === ECHO_REQUEST && this.#options.answersPings !== false)
      this.sendIp(packet.from, protocol.icmp, icmp(ECHO_REPLY, 0, word, concat(rest)));
  }
}

/** Locally administered. */
function madeUp(name: string): string {
  let hash = 0x811c9dc5;
  for (let n = 0; n < name.length; n++) hash = Math.imul(hash ^ name.charCodeAt(n), 0x01000193) >>> 0;
  const digits = hash.toString(16).padStart(8, "0");
  return `02:01:${digits.match(/../g)!.join(":")}`;
}
