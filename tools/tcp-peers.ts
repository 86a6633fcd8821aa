/** TCP in simulated networks, for tests: machines with the stack and services of `stdlib/net/tcp/testing`, and a peer by script. */
import {
  addressNumber,
  Cable,
  type Conditions,
  concat,
  Host,
  hex,
  Machine,
  MINUTE,
  type NicOptions,
  parseTcp,
  protocol,
  SECOND,
  Simulation,
  type Tcp,
  type TcpSegment,
  type Time,
  Trace,
  tcp,
  tcpFlag,
} from "#simulate";
import { simulatedProgram } from "./simulated.ts";

const testing = "stdlib/net/tcp/testing";

/** What a service of `testing/index.ts` does with what comes. */
export const service = { echo: 0, discard: 1, generate: 2, hold: 3 } as const;
/** `Ended` of `stdlib/net/tcp.ts`. */
export const ended = { closed: 0, reset: 1, timeout: 2 } as const;

/** The program; compiled once a test file. */
export function tcpProgram(): Promise<WebAssembly.Module> {
  return simulatedProgram({
    entry: `${testing}/index.ts`,
    needs: {
      [testing]: {
        link: "backends/simulate/drivers/link",
        arp: "stdlib/net/arp/index",
        ethernet: "stdlib/net/ethernet/index",
        ipv4: "stdlib/net/ipv4/index",
        stack: "stdlib/net/stack/index",
      },
    },
  });
}

export interface Served {
  readonly port: number;
  readonly service: number;
  /** Bytes that `generate` sends. */
  readonly amount?: number;
}

export interface TcpMachineOptions {
  readonly program: WebAssembly.Module;
  readonly name: string;
  /** `10.0.2.15`, in a /24. */
  readonly address: string;
  readonly serve?: readonly Served[];
  readonly connections?: number;
  readonly halfOpen?: number;
  readonly perSource?: number;
  readonly window?: number;
  readonly memory?: number;
  readonly nic?: NicOptions;
}

export function tcpMachine(simulation: Simulation, options: TcpMachineOptions): Machine {
  const { program, name, address, serve = [], connections = 64, nic = {} } = options;
  return new Machine(simulation, {
    name,
    program,
    nics: [nic],
    prepare: (exports) => {
      const { halfOpen = 32, perSource = connections, window = 65536, memory = 1 << 20 } = options;
      exports["configureTcp"](connections, halfOpen, perSource, window, memory);
      for (const { port, service: kind, amount = 0 } of serve) exports["serve"](port, kind, BigInt(amount));
      exports["configure"](addressNumber(address), 0, 1500);
    },
  });
}

export const SERVER = "10.0.2.15";
export const CLIENT = "10.0.2.2";

/** Two machines with TCP, a cable between them; the client is the first. */
export function pairOf(
  program: WebAssembly.Module,
  seed: number,
  conditions: Partial<Conditions>,
  server: Partial<TcpMachineOptions>,
  client: Partial<TcpMachineOptions> = {},
) {
  const simulation = new Simulation({ seed });
  const trace = new Trace(simulation);
  const both = [
    tcpMachine(simulation, { program, name: "client", address: CLIENT, ...client }),
    tcpMachine(simulation, { program, name: "server", address: SERVER, ...server }),
  ] as const;
  const cable = new Cable(simulation, both[0].port, both[1].port, conditions);
  for (const machine of both) machine.switchOn();
  simulation.run(SECOND / 10);
  return { simulation, trace, cable, client: both[0], server: both[1] };
}

/** What a machine's services have counted. */
export function told(machine: Machine) {
  const { exports } = machine;
  return {
    received: Number(exports["tcpReceived"]()),
    checksum: exports["tcpChecksum"]() >>> 0,
    ends: exports["tcpEnds"](),
    lastEnd: exports["tcpLastEnd"](),
    finishes: exports["tcpFinishes"](),
    accepts: exports["tcpAccepts"](),
    open: exports["tcpOpen"](),
    halfOpen: exports["tcpHalfOpen"](),
    waiting: exports["tcpWaiting"](),
    free: exports["tcpFree"](),
  };
}

/** `stdlib/net/tcp/counters.ts`, by name. */
const counters = [
  ...["segmentsIn", "segmentsOut", "badHeader", "badChecksum", "noListener", "accepted", "refused", "full"],
  ...["cookiesSent", "cookiesTaken", "retransmitted", "timeouts", "probes", "recoveries", "outOfOrder"],
  ...["outOfWindow", "noMemory", "challenges", "paws", "resetsIn", "resetsOut", "perSource", "badAck"],
  ...["recycled", "noBuffer", "duplicates", "abandoned"],
];
export const counted = (machine: Machine, name: string): number =>
  Number(machine.exports["tcpCounted"](counters.indexOf(name)));

/** What a script sends. */
export const text = (value: string) => new TextEncoder().encode(value);
export const filled = (length: number, value = 0x61) => new Uint8Array(length).fill(value);

/** What `generate` sends again and again. */
export function pattern(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, n) => ((n % 65536) * 7 + ((n % 65536) >> 8) * 13) & 0xff);
}

/** As the services sum up what they get. */
export function sumOf(bytes: Uint8Array): number {
  let sum = 0;
  for (const byte of bytes) sum = ((sum << 1) | (sum >>> 31)) ^ byte;
  return sum >>> 0;
}

/** A host that sends just the segments that a script says, and keeps what comes. */
export class Peer {
  readonly simulation: Simulation;
  readonly server: Machine;
  readonly cable: Cable;
  readonly host: Host;
  /** Not yet looked at. */
  readonly got: TcpSegment[] = [];
  port = 40_000;
  to: number;

  constructor(program: WebAssembly.Module, to: number, options: Partial<TcpMachineOptions> = {}, seed = 1) {
    this.to = to;
    this.simulation = new Simulation({ seed });
    this.server = tcpMachine(this.simulation, {
      program,
      name: "server",
      address: SERVER,
      serve: [
        { port: 7, service: service.echo },
        { port: 9, service: service.discard },
        { port: 19, service: service.generate, amount: 100_000 },
        { port: 20, service: service.hold },
      ],
      ...options,
    });
    this.host = new Host(this.simulation, { name: "peer", address: `${CLIENT}/24` });
    this.cable = new Cable(this.simulation, this.host.port, this.server.port, {});
    this.host.onIp(protocol.tcp, (packet) => {
      const segment = parseTcp(packet);
      if (segment === undefined) throw new Error("a segment of the server is malformed");
      this.got.push({ ...segment, payload: concat(segment.payload), options: concat(segment.options) });
    });
    this.server.switchOn();
    this.simulation.run(SECOND * 4);
  }

  /** Sends a segment; what comes back within a moment. */
  send(fields: Partial<Tcp>, payload = new Uint8Array(), wait: Time = 0): TcpSegment[] {
    const segment = tcp(
      {
        from: this.port,
        to: this.to,
        addresses: [this.host.address, SERVER],
        sequence: 0,
        flags: 16,
        ...fields,
      },
      payload,
    );
    this.host.sendIp(SERVER, protocol.tcp, segment);
    return this.pass(wait);
  }

  /** What has come when so much time has passed. */
  pass(time: Time): TcpSegment[] {
    this.simulation.run(time);
    return this.got.splice(0);
  }

  /** Everything that comes in the next minutes. */
  rest(): TcpSegment[] {
    return this.pass(5 * MINUTE);
  }
}

const { fin, syn, ack } = tcpFlag;

/** Timestamps as options; kinds of RFC 7323 3.2. */
export const times = (value: number, echo: number) =>
  concat(hex("0101080a"), Uint8Array.from([value, echo].flatMap((n) => [n >>> 24, n >>> 16, n >>> 8, n])));
export const timesOf = ({ options }: TcpSegment) => {
  const at = options.findIndex((kind, n) => kind === 8 && options[n + 1] === 10);
  const view = new DataView(options.buffer, options.byteOffset);
  return { value: view.getUint32(at + 2), echo: view.getUint32(at + 6) };
};
/** Blocks of SACK, from a number on. */
export const blocksOf = ({ options }: TcpSegment, from: number): [number, number][] => {
  const at = options.findIndex((kind, n) => kind === 5 && n > 0 && options[n - 1] === 1);
  if (at < 0) return [];
  const view = new DataView(options.buffer, options.byteOffset);
  return Array.from({ length: (options[at + 1]! - 2) / 8 }, (_, n) => [
    (view.getUint32(at + 2 + 8 * n) - from) >>> 0,
    (view.getUint32(at + 6 + 8 * n) - from) >>> 0,
  ]);
};

/** A connection that is open: `mine` and `theirs` are the next sequence numbers. */
export class Talk {
  mine = 1000;
  theirs = 0;
  readonly peer: Peer;
  readonly answer: TcpSegment;
  readonly first: TcpSegment[];

  constructor(peer: Peer, options = hex("020405b4"), window = 65535) {
    this.peer = peer;
    [this.answer] = peer.send({ flags: syn, sequence: this.mine, options, window }) as [TcpSegment];
    if (this.answer.flags !== (syn | ack)) throw new Error("the SYN is not answered by SYN and ACK");
    this.mine += 1;
    this.theirs = (this.answer.sequence + 1) >>> 0;
    this.first = this.send(ack, new Uint8Array(), { window });
  }

  /** The next segment; its fields may be others. */
  send(flags: number, payload = new Uint8Array(), fields: object = {}): TcpSegment[] {
    const sequence = this.mine;
    this.mine += payload.length + (flags & fin ? 1 : 0);
    return this.peer.send({ flags, sequence, acknowledgement: this.theirs, ...fields }, payload);
  }
}
