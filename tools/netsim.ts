/** The network stack of `stdlib/net` in V8, on the simulated links of `stdlib/net/simulation`: for tests. */
import { addressNumber } from "#simulate";
import { type AsInstance, compileAs, instantiateAs } from "./load-as.ts";
import { stackOf } from "./stack-needs.ts";

const simulation = "stdlib/net/simulation";

const stack = stackOf(simulation);
const needs = {
  ...stack.needs,
  [simulation]: {
    ethernet: "stdlib/net/ethernet/index",
    arp: "stdlib/net/arp/index",
    ipv4: "stdlib/net/ipv4/index",
    udp: "stdlib/net/udp/index",
    stack: "stdlib/net/stack/index",
    several: "stdlib/net/several/index",
    routes: "stdlib/net/routes/index",
  },
};

export interface SimulatedNic {
  readonly name?: string;
  /** `10.0.2.15/24`. */
  readonly address: string;
  readonly gateway?: string;
  /** Further ones: `172.16.5.1/16`. */
  readonly addresses?: readonly string[];
  /** Prefix and router: `["192.168.0.0/16", "10.0.2.9"]`. */
  readonly routes?: readonly (readonly [string, string])[];
  readonly mtu?: number;
  /** What the device says of itself. */
  readonly mac: string;
  readonly deviceMtu?: number;
  readonly completesChecksums?: boolean;
}

export interface SentFrame {
  readonly link: number;
  readonly bytes: Uint8Array;
  /** Offset in the frame from where the link computes the checksum; 0: not. */
  readonly checksumStart: number;
  readonly checksumOffset: number;
}

/** A machine with one or two interfaces. Time stands still but for `turn` and `pass`. */
export class SimulatedHost {
  /** Nanoseconds. */
  now = 1_000_000_000n;
  readonly as: AsInstance;
  /** Where frames are handed over. */
  private readonly frame: number;

  constructor(as: AsInstance) {
    this.as = as;
    this.frame = as.bytes(new Uint8Array(2048));
  }

  /** Configures the interfaces as `prepare` does; `bind` comes before `start`. */
  static async make(nics: readonly SimulatedNic[]): Promise<SimulatedHost> {
    const host = new SimulatedHost(
      instantiateAs(await compileAs({ entry: `${simulation}/index.ts`, needs, parts: stack.parts })),
    );
    nics.forEach((nic, link) => {
      const [text, prefix] = nic.address.split("/");
      const address = addressNumber(text!);
      const name = host.as.string(nic.name ?? `eth${link}`);
      const gateway = nic.gateway === undefined ? 0 : addressNumber(nic.gateway);
      if (!host.as.exports["configure"](name, address, Number(prefix), gateway, nic.mtu ?? 1500))
        throw new Error(`no link for ${nic.address}`);
      for (const further of nic.addresses ?? [])
        host.as.exports["configureAddress"](name, ...prefixOf(further));
      for (const [to, by] of nic.routes ?? [])
        host.as.exports["configureRoute"](name, ...prefixOf(to), addressNumber(by));
    });
    nics.forEach((nic, link) => {
      host.as.exports["present"](link, mac(nic.mac), nic.deviceMtu ?? 1500, nic.completesChecksums ?? false);
    });
    return host;
  }

  /** Starts, and gives what is sent at once. */
  start(): SentFrame[] {
    this.as.exports["start"](this.now);
    return this.turn();
  }

  /** Frames arrive; everything that is sent because of them. */
  receive(frame: Uint8Array, { link = 0, verified = false } = {}): SentFrame[] {
    if (!this.arrive(frame, { link, verified })) throw new Error("no receive buffer");
    return this.turn();
  }

  /** A frame arrives, and waits for the next turn; false when the device has no buffer left. */
  arrive(frame: Uint8Array, { link = 0, verified = false } = {}): boolean {
    this.as.view(this.frame, frame.length).set(frame);
    return this.as.exports["arrive"](link, this.frame, frame.length, verified) !== 0;
  }

  /** Turns until nothing is to be done at once. */
  turn(): SentFrame[] {
    this.as.exports["turn"](this.now);
    for (let n = 0; n < 4 && this.deadline() <= this.now; n++) this.as.exports["turn"](this.now);
    return [0, 1].flatMap((link) => this.sent(link));
  }

  /** Lets milliseconds pass, waking only when the stack asked for it. */
  pass(milliseconds: number): SentFrame[] {
    const end = this.now + BigInt(milliseconds) * 1_000_000n;
    const frames: SentFrame[] = [];
    for (let next = this.deadline(); next <= end; next = this.deadline()) {
      this.now = next;
      frames.push(...this.turn());
    }
    this.now = end;
    frames.push(...this.turn());
    return frames;
  }

  deadline(): bigint {
    const next = BigInt.asUintN(64, this.as.exports["turn"](this.now) as bigint);
    return next < this.now ? this.now : next;
  }

  counted(reason: number): number {
    return Number(this.as.exports["counted"](reason));
  }

  console(): string {
    return this.as.text(this.as.exports["consoleText"]());
  }

  private sent(link: number): SentFrame[] {
    const { exports } = this.as;
    const frames: SentFrame[] = [];
    for (let address = exports["sent"](link); address !== 0; address = exports["sent"](link)) {
      frames.push({
        link,
        bytes: this.as.view(address, exports["sentLength"](link)).slice(),
        checksumStart: exports["sentChecksumStart"](link),
        checksumOffset: exports["sentChecksumOffset"](link),
      });
      exports["shift"](link);
    }
    return frames;
  }
}

function prefixOf(text: string): [number, number] {
  const [address, length] = text.split("/");
  return [addressNumber(address!), Number(length)];
}

/** `52:54:00:12:34:56` as a number. */
export function mac(text: string): bigint {
  return BigInt(`0x${text.replaceAll(":", "")}`);
}
