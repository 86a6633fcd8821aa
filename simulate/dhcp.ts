/** A DHCP server by script: RFC 2131 as a good server does it, and everything that a script wants otherwise. */
import type { Host } from "./host.ts";
import { SECOND, type Time } from "./time.ts";
import { type DhcpMessage, dhcp, dhcpType, parseDhcp } from "./wire/dhcp.ts";
import { addressNumber, dotted, ethernet, ipv4, udp } from "./wire/packets.ts";
import { etherType, protocol } from "./wire/parse.ts";

export interface DhcpServerOptions {
  /** Addresses that it gives, the first free one first. */
  readonly pool: readonly string[];
  /** In seconds; a day if it is not said. */
  readonly lease?: number;
  readonly mask?: string;
  /** The host itself if it is not said; `[]`: none. */
  readonly routers?: readonly string[];
  readonly nameServers?: readonly string[];
  /** Further options, by their codes; those that it has anyway are replaced, `undefined` takes one away. */
  readonly options?: Readonly<Record<number, readonly number[] | undefined>>;
  /** Addresses that belong to hardware addresses. */
  readonly reserved?: ReadonlyMap<string, string>;
}

interface Lease {
  readonly mac: string;
  readonly until: Time;
}

const [SERVER, CLIENT] = [67, 68];
const EVERYBODY = "ff:ff:ff:ff:ff:ff";
/** An address that somebody was found at is not given for so long. */
const DECLINED: Time = 3600 * SECOND;

export class DhcpServer {
  readonly host: Host;
  /** Whether it is there. */
  isOn = true;
  /** What came, in order. */
  readonly heard: DhcpMessage[] = [];
  /** May change at any time. */
  options: DhcpServerOptions;
  /** What it is about to send: changed, or not sent (undefined). */
  edit: (answer: DhcpMessage, question: DhcpMessage) => DhcpMessage | undefined = (answer) => answer;
  readonly #leases = new Map<string, Lease>();

  constructor(host: Host, options: DhcpServerOptions) {
    this.host = host;
    this.options = options;
    host.onUdp(SERVER, ({ content }) => {
      const message = parseDhcp(content.payload);
      if (message === undefined || !this.isOn) return;
      this.heard.push(message);
      this.#take(message);
    });
  }

  /** What types of messages came: `discover request`. */
  get types(): string {
    const names = Object.keys(dhcpType);
    return this.heard.map(({ options }) => names[(options.get(53)?.[0] ?? 0) - 1] ?? "?").join(" ");
  }

  /** Forgets all leases. */
  forget(): void {
    this.#leases.clear();
  }

  /** Who has an address now. */
  holder(address: string): string | undefined {
    const lease = this.#leases.get(address);
    return lease !== undefined && lease.until > this.host.simulation.now ? lease.mac : undefined;
  }

  #take(question: DhcpMessage): void {
    const type = question.options.get(53)?.[0];
    if (type === dhcpType.discover) {
      const address = this.#choose(question.mac);
      if (address !== undefined) this.#answer(question, dhcpType.offer, address);
    }
    if (type === dhcpType.request) this.#request(question);
    if (type === dhcpType.decline) {
      const address = addressIn(question, 50);
      if (address !== undefined)
        this.#leases.set(address, { mac: EVERYBODY, until: this.host.simulation.now + DECLINED });
    }
  }

  #request(question: DhcpMessage): void {
    const server = addressIn(question, 54);
    if (server !== undefined && server !== this.host.address) return;
    const address = question.clientAddress !== "0.0.0.0" ? question.clientAddress : addressIn(question, 50);
    if (address === undefined) return;
    if (!this.#isFree(address, question.mac)) return this.#answer(question, dhcpType.nak, undefined);
    const until = this.host.simulation.now + (this.options.lease ?? 86_400) * SECOND;
    this.#leases.set(address, { mac: question.mac, until });
    this.#answer(question, dhcpType.ack, address);
  }

  #choose(mac: string): string | undefined {
    const reserved = this.options.reserved?.get(mac);
    if (reserved !== undefined) return reserved;
    const had = [...this.#leases].find(([, lease]) => lease.mac === mac)?.[0];
    if (had !== undefined && this.#isFree(had, mac)) return had;
    return this.options.pool.find((address) => this.#isFree(address, mac));
  }

  #isFree(address: string, mac: string): boolean {
    const { reserved, pool } = this.options;
    if (reserved?.get(mac) === address) return true;
    const holder = this.holder(address);
    return pool.includes(address) && (holder === undefined || holder === mac);
  }

  #answer(question: DhcpMessage, type: number, address: string | undefined): void {
    const { lease = 86_400, mask = "255.255.255.0", routers, nameServers = [] } = this.options;
    const options = new Map<number, readonly number[]>([
      [53, [type]],
      [54, bytesOf(this.host.address)],
    ]);
    const client = question.options.get(61);
    if (client !== undefined) options.set(61, [...client]);
    if (address !== undefined) {
      options.set(51, bytesOf(dotted(lease)));
      options.set(1, bytesOf(mask));
      const ways = routers ?? [this.host.address];
      if (ways.length > 0) options.set(3, ways.flatMap(bytesOf));
      if (nameServers.length > 0) options.set(6, nameServers.flatMap(bytesOf));
      for (const [code, value] of Object.entries(this.options.options ?? {}))
        if (value === undefined) options.delete(Number(code));
        else options.set(Number(code), value);
    }
    const answer = this.edit(
      {
        operation: 2,
        transaction: question.transaction,
        flags: question.flags,
        seconds: 0,
        clientAddress: type === dhcpType.ack ? question.clientAddress : "0.0.0.0",
        yourAddress: address ?? "0.0.0.0",
        mac: question.mac,
        options,
      },
      question,
    );
    if (answer !== undefined) this.send(answer, question);
  }

  /** RFC 2131 4.1: to the client's address if it has one, to everybody if it asks for that, else to its hardware address. */
  send(answer: DhcpMessage, question: DhcpMessage): void {
    const isRefusal = answer.options.get(53)?.[0] === dhcpType.nak;
    const isUsed = question.clientAddress !== "0.0.0.0" && !isRefusal;
    const isToAll = !isUsed && (isRefusal || (question.flags & 0x8000) !== 0);
    const to = isUsed ? question.clientAddress : isToAll ? "255.255.255.255" : answer.yourAddress;
    const addresses: [string, string] = [this.host.address, to];
    const datagram = udp({ from: SERVER, to: CLIENT, addresses }, dhcp(answer));
    const packet = ipv4({ from: this.host.address, to, protocol: protocol.udp }, datagram);
    this.host.sendFrame(ethernet(this.host.mac, isToAll ? EVERYBODY : question.mac, etherType.ipv4, packet));
  }
}

const bytesOf = (address: string): number[] => {
  const number = addressNumber(address);
  return [24, 16, 8, 0].map((shift) => (number >>> shift) & 255);
};

function addressIn({ options }: DhcpMessage, code: number): string | undefined {
  const bytes = options.get(code);
  return bytes?.length === 4 ? [...bytes].join(".") : undefined;
}
