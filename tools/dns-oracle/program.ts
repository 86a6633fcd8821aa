import { type AsImports, type AsInstance, type AsProgram, compileAs, instantiateAs } from "../load-as.ts";
import type { OracleZone } from "./nsd.ts";
import { ScriptedStream } from "./stream.ts";

/** What `prepare` told the person who wrote the description. */
export interface Said {
  readonly severity: "error" | "warning";
  readonly code: string;
  readonly path: string;
  readonly at: number;
  readonly line: number;
  readonly column: number;
  readonly length: number;
  readonly message: string;
  readonly help: string;
}

export interface DnsOptions {
  readonly identity?: string;
  readonly version?: string;
  readonly udpSize?: number;
  /** Files for `$INCLUDE`, by the path as it is written there. */
  readonly files?: Readonly<Record<string, string>>;
  /** Over TCP at once, and seconds that a connection may be idle. */
  readonly connections?: number;
  readonly idle?: number;
  /** Keys in wire order of `algorithm` in dns.appl; whoever signs does so by number. */
  readonly keys?: readonly {
    readonly name: string;
    readonly algorithm: number;
    readonly secret: Uint8Array;
  }[];
  /** For zones by number: the server (IPv4 as a number) that may copy it, and the key that it must sign with. */
  readonly transfers?: Readonly<Record<number, { readonly to: number; readonly key?: number }>>;
  /** Zones behind the others that are copied from servers (IPv4 as numbers); memory in bytes, expire in seconds. */
  readonly secondaries?: readonly {
    readonly name: string;
    readonly from: number;
    readonly other?: number;
    readonly key?: number;
    readonly memory?: number;
    readonly expire?: number;
  }[];
  /** For zones by number: the network that may ask. */
  readonly access?: Readonly<Record<number, { readonly network: number; readonly length: number }>>;
  /** Answers to a network in a second. */
  readonly rate?: number;
  /** Also the zones of `stdlib/dns/testing/inline.ts`. */
  readonly inline?: boolean;
}

/** The DNS module in V8, its zones prepared. */
export interface DnsInstance {
  readonly said: readonly Said[];
  /** Bytes of the tables. */
  readonly tableSize: number;
  /** The table of records itself. */
  tables(): Uint8Array;
  /** Bytes of the whole linear memory. */
  memorySize(): number;
  /** A reply, or null for silence. `room` is the size of the buffer for it. */
  ask(query: Uint8Array, room?: number): Uint8Array | null;
  /** What the clock on the wall shows, in seconds since 1970. */
  setWall(seconds: number): void;
  /** Questions by `ask` come from this address of IPv4. */
  askFrom(address: number): void;
  /** As `ask`, within the limit of `rate`. */
  askLimited(query: Uint8Array, address: number): Uint8Array | null;
  /** The datagram that it has sent of its own accord, once. */
  sent(): Uint8Array | null;
  /** Whether servers that it copies from are there. */
  setThere(there: boolean): void;
  /** What it has said on the console since this was asked last. */
  lines(): string[];
  /** When it wants to be called again, in seconds; none: Infinity. */
  next(): number;
  /** The same server over TCP. */
  readonly stream: ScriptedStream;
}

/** What the build would generate. */
const PROGRAM: AsProgram = {
  entry: "stdlib/dns/testing/entry.ts",
  config: { "stdlib/dns": 'export * from "./testing/config";' },
  needs: {
    "stdlib/dns": {
      clock: "stdlib/net/simulation/clock",
      tcp: "stdlib/net/simulation/tcp",
      udp: "stdlib/dns/testing/udp",
      wall: "stdlib/net/simulation/wall",
      random: "stdlib/net/simulation/random",
      log: "stdlib/dns/testing/log",
    },
  },
};
/** An appliance that needs nothing else has nothing else. */
const partsOf = (on: boolean) => ({
  "stdlib/dns": {
    tcp: true,
    measured: false,
    digest: false,
    ...{ access: on, chance: on, notify: on, rate: on, secondary: on, sha512: on, transfer: on, tsig: on },
  },
});

const compiled = new Map<boolean, Promise<Uint8Array>>();

/** Compiles `stdlib/dns` once, then prepares an instance with these zones. */
export async function dnsInstance(
  zones: readonly OracleZone[],
  options: DnsOptions = {},
): Promise<DnsInstance> {
  const { keys, transfers, access, rate, secondaries } = options;
  const isFull = [keys, transfers, access, rate, secondaries].some((each) => each !== undefined);
  if (!compiled.has(isFull)) compiled.set(isFull, compileAs({ ...PROGRAM, parts: partsOf(isFull) }));
  return new Instance(await compiled.get(isFull)!, zones, options);
}

class Instance implements DnsInstance {
  readonly said: Said[] = [];
  readonly tableSize: number;
  readonly stream: ScriptedStream;
  private readonly program: AsInstance;
  private readonly paths: string[];
  private readonly included: Uint8Array[] = [];
  private readonly options: DnsOptions;
  private readonly queryAt: number;
  private readonly replyAt: number;

  constructor(wasm: Uint8Array, zones: readonly OracleZone[], options: DnsOptions) {
    this.options = options;
    this.program = instantiateAs(wasm, this.imports());
    this.paths = zones.map((zone) => `${zone.name}.zone`);
    this.stream = new ScriptedStream(this.program);
    const { exports } = this.program;
    this.queryAt = exports["queryAt"]();
    this.replyAt = exports["replyAt"]();
    const given = (text: string): number => this.put(this.queryAt, Buffer.from(text));
    if (options.identity !== undefined) exports["setIdentity"](given(options.identity));
    if (options.version !== undefined) exports["setVersion"](given(options.version));
    if (options.udpSize !== undefined) exports["setUdpSize"](options.udpSize);
    zones.forEach((zone, index) => {
      this.put(exports["stage"](zone.text.length), zone.text);
      exports["addZone"](given(zone.name), index);
    });
    if (options.connections !== undefined)
      exports["limit"](BigInt(options.connections), BigInt((options.idle ?? 10) * 1e9));
    if (options.inline) exports["addInlineZones"]();
    for (const each of options.secondaries ?? []) {
      const { name, from, other = 0, key = -1, memory = 262_144, expire = 0 } = each;
      exports["addSecondary"](given(name), from, other, key, memory, BigInt(expire * 1e9));
    }
    for (const { name, algorithm, secret } of options.keys ?? []) {
      this.put(this.queryAt, Buffer.concat([Buffer.from(name), secret]));
      exports["addKey"](name.length, algorithm, secret.length);
    }
    for (const [zone, { to, key = -1 }] of Object.entries(options.transfers ?? {}))
      exports["addTransfer"](Number(zone), to, key);
    for (const [zone, { network, length }] of Object.entries(options.access ?? {}))
      exports["restrict"](Number(zone), network, length);
    if (options.rate !== undefined) exports["setRate"](BigInt(options.rate), 1_000_000_000n);
    exports["run"]();
    this.tableSize = exports["tableSize"]();
  }

  tables(): Uint8Array {
    const { exports } = this.program;
    return this.program.view(exports["recordsAt"](), exports["recordsSize"]()).slice();
  }

  memorySize(): number {
    return this.program.memory.buffer.byteLength;
  }

  ask(query: Uint8Array, room = 4096): Uint8Array | null {
    this.put(this.queryAt, query);
    const size = this.program.exports["ask"](query.length, room);
    return size === 0 ? null : this.program.view(this.replyAt, size).slice();
  }

  setWall(seconds: number): void {
    this.program.exports["setWall"](BigInt(seconds) * 1_000_000_000n);
  }

  askFrom(address: number): void {
    this.program.exports["askFrom"](address);
  }

  askLimited(query: Uint8Array, address: number): Uint8Array | null {
    this.put(this.queryAt, query);
    const size = this.program.exports["askResponder"](query.length, address);
    return size === 0 ? null : this.program.view(this.replyAt, size).slice();
  }

  sent(): Uint8Array | null {
    const size = this.program.exports["sentSize"]();
    return size === 0 ? null : this.program.view(this.program.exports["sentAt"](), size).slice();
  }

  setThere(there: boolean): void {
    this.program.exports["setThere"](there);
  }

  lines(): string[] {
    const size = this.program.exports["saidSize"]();
    const said = Buffer.from(this.program.view(this.program.exports["saidAt"](), size)).toString();
    return said.split("\n").slice(0, -1);
  }

  next(): number {
    const at = BigInt.asUintN(64, this.program.exports["nextAt"]() as bigint);
    return at === 2n ** 64n - 1n ? Number.POSITIVE_INFINITY : Number(at) / 1e9;
  }

  private put(at: number, bytes: Uint8Array): number {
    this.program.view(at, bytes.length).set(bytes);
    return bytes.length;
  }

  private say(severity: number, code: number, place: Partial<Said>, message: number, help: number): void {
    const text = (at: number): string => this.program.text(at);
    this.said.push({
      severity: severity === 0 ? "error" : "warning",
      code: text(code),
      ...{ path: "", at: 0, line: 0, column: 0, length: 0, ...place },
      message: text(message),
      help: text(help),
    });
  }

  private imports(): AsImports {
    return {
      prepare: {
        report: (severity, code, at, message, help) => this.say(severity, code, { at }, message, help),
        reportIn: (severity, code, file, line, column, length, message, help) => {
          this.say(severity, code, { path: this.paths[file]!, line, column, length }, message, help);
        },
        include: (_from, path) => {
          const name = this.program.text(path);
          const text = this.options.files?.[name];
          if (text === undefined) return -1;
          this.included[this.paths.length] = Buffer.from(text);
          return this.paths.push(name) - 1;
        },
        fileSize: (index) => this.included[index]!.length,
        fileCopy: (index, to) => void this.put(to, this.included[index]!),
      },
    };
  }
}
