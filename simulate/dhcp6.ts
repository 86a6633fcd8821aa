/** A DHCPv6 server by script: RFC 9915 18.3 as a good server does it, and everything that a script wants otherwise. */
import type { Host } from "./host.ts";
import { bytes6 } from "./wire/addresses.ts";
import {
  type Dhcp6Message,
  type Dhcp6Option,
  dhcp6,
  dhcp6Option,
  dhcp6Type,
  leaseOption6,
  parseDhcp6,
  readAssociation6,
  statusOption6,
} from "./wire/dhcp6.ts";
import { concat, hex } from "./wire/packets.ts";
import type { Carried } from "./wire/parse.ts";

export interface Dhcp6ServerOptions {
  /** Addresses that it gives, the first free one first. */
  readonly pool: readonly string[];
  /** In seconds; a day, and half of it, if it is not said. */
  readonly valid?: number;
  readonly preferred?: number;
  readonly renewal?: number;
  readonly rebinding?: number;
  readonly preference?: number;
  readonly nameServers?: readonly string[];
  /** Whether it answers at once who wants that. */
  readonly isRapid?: boolean;
  /** Addresses that belong to hardware addresses. */
  readonly reserved?: ReadonlyMap<string, string>;
  /** Further options. */
  readonly options?: readonly Dhcp6Option[];
}

const [SERVER, CLIENT] = [547, 546];
const NO_ADDRESS = 2;
const NO_BINDING = 3;
const NOT_ON_LINK = 4;

export class Dhcp6Server {
  readonly host: Host;
  /** What it calls itself; may change at any time. */
  duid: Uint8Array;
  /** Whether it is there. */
  isOn = true;
  /** What came, in order. */
  readonly heard: Dhcp6Message[] = [];
  /** May change at any time. */
  options: Dhcp6ServerOptions;
  /** What it is about to send: changed, or not sent (undefined). */
  edit: (answer: Dhcp6Message, question: Dhcp6Message) => Dhcp6Message | undefined = (answer) => answer;
  /** What it sends in the place of a message, byte by byte. */
  garble: (message: Uint8Array) => readonly Uint8Array[] = (message) => [message];
  /** Who has an address, by what he calls himself; nobody, where somebody was found at it. */
  readonly #leases = new Map<string, string>();

  constructor(host: Host, options: Dhcp6ServerOptions) {
    this.host = host;
    this.options = options;
    this.duid = concat(Uint8Array.of(0, 3, 0, 1), hex(host.mac));
    host.onUdp(SERVER, ({ packet, content }) => {
      const message = parseDhcp6(content.payload);
      if (message === undefined || !this.isOn) return;
      this.heard.push(message);
      this.#take(message, packet);
    });
  }

  /** What types of messages came: `solicit request`. */
  get types(): string {
    const names = Object.keys(dhcp6Type);
    return this.heard.map(({ type }) => names[type - 1] ?? "?").join(" ");
  }

  /** Forgets all leases. */
  forget(): void {
    this.#leases.clear();
  }

  #take(question: Dhcp6Message, packet: Carried): void {
    const { type } = question;
    const client = contentOf(question, dhcp6Option.client);
    if (client === undefined) return;
    const server = contentOf(question, dhcp6Option.server);
    if (server !== undefined && keyOf(server) !== keyOf(this.duid)) return;
    const options = this.#answersTo(question, keyOf(client));
    if (options === undefined) return;
    const isRapid = this.#isRapid(question);
    const answer = this.edit(
      {
        type: type === dhcp6Type.solicit && !isRapid ? dhcp6Type.advertise : dhcp6Type.reply,
        transaction: question.transaction,
        options: [
          { code: dhcp6Option.client, content: client },
          { code: dhcp6Option.server, content: this.duid },
          ...options,
          ...(this.options.options ?? []),
        ],
      },
      question,
    );
    if (answer !== undefined) this.send(answer, packet.from);
  }

  /** To the address of a client's link. */
  send(answer: Dhcp6Message, to: string): void {
    for (const each of this.garble(dhcp6(answer))) this.host.sendUdp(to, CLIENT, SERVER, each);
  }

  #isRapid(question: Dhcp6Message): boolean {
    return this.options.isRapid === true && contentOf(question, dhcp6Option.rapidCommit) !== undefined;
  }

  #answersTo(question: Dhcp6Message, client: string): Dhcp6Option[] | undefined {
    const association = question.options.map(readAssociation6).find((each) => each !== undefined);
    const { type } = question;
    const others = this.#others(question);
    if (type === dhcp6Type.information) return others;
    if (association === undefined) return undefined;
    const { identity, address } = association;
    if (type === dhcp6Type.confirm)
      return [statusOption6(address !== undefined && this.#isOfLink(address) ? 0 : NOT_ON_LINK)];
    if (type === dhcp6Type.decline) {
      if (address !== undefined) this.#leases.set(address, "");
      return [statusOption6(0)];
    }
    const failed = (status: number) => [leaseOption6({ identity }, [statusOption6(status)])];
    const isRenewal = type === dhcp6Type.renew || type === dhcp6Type.rebind;
    if (isRenewal && (address === undefined || this.#leases.get(address) !== client))
      return failed(NO_BINDING);
    const given = isRenewal ? address : this.#choose(client, address);
    if (given === undefined) return [...failed(NO_ADDRESS), ...others];
    if (type !== dhcp6Type.solicit || this.#isRapid(question)) this.#leases.set(given, client);
    const { valid = 86_400, preferred = valid / 2, renewal, rebinding } = this.options;
    const lease = {
      identity,
      address: given,
      valid,
      preferred,
      renewal: renewal ?? 0,
      rebinding: rebinding ?? 0,
    };
    return [leaseOption6(lease), ...others];
  }

  /** What is no address. */
  #others(question: Dhcp6Message): Dhcp6Option[] {
    const { nameServers = [], preference } = this.options;
    const options: Dhcp6Option[] = [];
    if (preference !== undefined)
      options.push({ code: dhcp6Option.preference, content: Uint8Array.of(preference) });
    if (nameServers.length > 0)
      options.push({ code: dhcp6Option.nameServers, content: concat(...nameServers.map(bytes6)) });
    if (this.#isRapid(question)) options.push({ code: dhcp6Option.rapidCommit, content: new Uint8Array() });
    return options;
  }

  /** The same network of 64 bits. */
  #isOfLink(address: string): boolean {
    const upper = (each: string) => keyOf(bytes6(each).subarray(0, 8));
    const { pool, reserved } = this.options;
    return [...pool, ...(reserved?.values() ?? [])].some((each) => upper(each) === upper(address));
  }

  #choose(client: string, wanted: string | undefined): string | undefined {
    // The hardware address is the end of what clients call themselves.
    const own = [...(this.options.reserved ?? [])].find(([mac]) =>
      client.endsWith(mac.replaceAll(":", "")),
    )?.[1];
    if (own !== undefined) return own;
    const free = this.options.pool.filter((each) => (this.#leases.get(each) ?? client) === client);
    return free.find((each) => each === wanted) ?? free.find((each) => this.#leases.has(each)) ?? free[0];
  }
}

const contentOf = ({ options }: Dhcp6Message, code: number): Uint8Array | undefined =>
  options.find((each) => each.code === code)?.content;

const keyOf = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
