/** Whom a scripted host knows: ARP, RFC 826. */
import type { Host } from "./host.ts";
import { SECOND } from "./time.ts";
import { arp, ethernet } from "./wire/packets.ts";
import { etherType, parseArp } from "./wire/parse.ts";

const EVERYBODY = "ff:ff:ff:ff:ff:ff";
const [REQUEST, REPLY] = [1, 2];
/** Packets that wait for one address; the oldest give way. */
const MOST_WAITING = 1000;
/** Questions for one address, a second apart; then what waits for it is forgotten. */
const TRIES = 10;

interface Wanted {
  readonly waiting: ((mac: string) => void)[];
}

export class Neighbours {
  readonly #host: Host;
  readonly #known = new Map<string, string>();
  readonly #wanted = new Map<string, Wanted>();

  constructor(host: Host) {
    this.#host = host;
  }

  /** `then` gets the hardware address, now or when it is known. */
  find(address: string, then: (mac: string) => void): void {
    const known = address === "255.255.255.255" ? EVERYBODY : this.#known.get(address);
    if (known !== undefined) return then(known);
    const wanted = this.#wanted.get(address);
    if (wanted === undefined) {
      const first = { waiting: [then] };
      this.#wanted.set(address, first);
      this.#ask(address, first, TRIES);
      return;
    }
    wanted.waiting.push(then);
    if (wanted.waiting.length > MOST_WAITING) wanted.waiting.shift();
  }

  /** The payload of a frame of ARP. */
  arrived(payload: Uint8Array): void {
    const packet = parseArp(payload);
    if (packet === undefined) {
      this.#host.bad += 1;
      return;
    }
    const { address, mac } = this.#host;
    const { operation, sender, senderMac, target } = packet;
    if (sender === address || senderMac === mac) return;
    const isKnown = this.#known.has(sender) || this.#wanted.has(sender);
    if (sender !== "0.0.0.0" && (target === address || isKnown)) this.#learn(sender, senderMac);
    if (operation !== REQUEST || target !== address) return;
    const answer = arp({
      operation: REPLY,
      senderMac: mac,
      sender: address,
      targetMac: senderMac,
      target: sender,
    });
    this.#host.sendFrame(ethernet(mac, senderMac, etherType.arp, answer));
  }

  #learn(address: string, mac: string): void {
    this.#known.set(address, mac);
    const wanted = this.#wanted.get(address);
    this.#wanted.delete(address);
    for (const then of wanted?.waiting ?? []) then(mac);
  }

  #ask(target: string, wanted: Wanted, tries: number): void {
    if (this.#wanted.get(target) !== wanted) return;
    if (tries === 0) {
      this.#wanted.delete(target);
      return;
    }
    const { mac: senderMac, address: sender, simulation } = this.#host;
    const question = arp({ operation: REQUEST, senderMac, sender, target });
    this.#host.sendFrame(ethernet(senderMac, EVERYBODY, etherType.arp, question));
    simulation.after(SECOND, () => this.#ask(target, wanted, tries - 1));
  }
}
