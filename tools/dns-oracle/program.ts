import { existsSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";
import type { OracleZone } from "./nsd.ts";

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
  /** Also the zones of `stdlib/dns/testing/inline.ts`. */
  readonly inline?: boolean;
}

/** The DNS module in V8, its zones prepared. */
export interface DnsInstance {
  readonly said: readonly Said[];
  /** Bytes of the tables. */
  readonly tableSize: number;
  /** Bytes of the whole linear memory. */
  memorySize(): number;
  /** A reply, or null for silence. `room` is the size of the buffer for it. */
  ask(query: Uint8Array, room?: number): Uint8Array | null;
}

const root = fileURLToPath(new URL("../../", import.meta.url));
/** What the build generates. */
const VIRTUAL: Readonly<Record<string, string>> = {
  "stdlib/dns/config.ts": 'export * from "./testing/config";',
  "stdlib/dns/needs/udp.ts": `
    import { Responder } from "../../net/udp";
    export function bind(_address: u32, _port: u32, _responder: Responder): bool { return true; }`,
};

let compiled: Promise<WebAssembly.Module> | undefined;

/** Compiles `stdlib/dns` once, then prepares an instance with these zones. */
export async function dnsInstance(
  zones: readonly OracleZone[],
  options: DnsOptions = {},
): Promise<DnsInstance> {
  compiled ??= compile();
  return new Instance(await compiled, zones, options);
}

async function compile(): Promise<WebAssembly.Module> {
  let wasm: Uint8Array | undefined;
  const log: string[] = [];
  const sink = { write: (text: string) => void log.push(text) };
  const { error } = await asc.main(
    ["stdlib/dns/testing/entry.ts", "-o", "dns.wasm", "--runtime", "minimal", "-O2"],
    {
      readFile: (name) => {
        const path = posix.normalize(name);
        if (VIRTUAL[path] !== undefined) return VIRTUAL[path];
        return existsSync(root + path) ? readFileSync(root + path, "utf8") : null;
      },
      writeFile: (name, data) => {
        if (name === "dns.wasm") wasm = data as Uint8Array;
      },
      listFiles: () => [],
      stdout: sink,
      stderr: sink,
    },
  );
  if (error || wasm === undefined) throw new Error(`stdlib/dns does not compile:\n${log.join("")}`);
  return new WebAssembly.Module(wasm as Uint8Array<ArrayBuffer>);
}

interface Exports {
  readonly memory: WebAssembly.Memory;
  queryAt(): number;
  replyAt(): number;
  ask(size: number, room: number): number;
  stage(size: number): number;
  addZone(size: number, index: number): void;
  addInlineZones(): void;
  setIdentity(size: number): void;
  setVersion(size: number): void;
  setUdpSize(size: number): void;
  run(): void;
  tableSize(): number;
}

class Instance implements DnsInstance {
  readonly said: Said[] = [];
  readonly tableSize: number;
  private readonly wasm: Exports;
  private readonly files: Uint8Array[] = [];
  private readonly options: DnsOptions;

  constructor(module: WebAssembly.Module, zones: readonly OracleZone[], options: DnsOptions) {
    this.options = options;
    this.wasm = new WebAssembly.Instance(module, this.imports()).exports as unknown as Exports;
    const { wasm } = this;
    if (options.identity !== undefined)
      wasm.setIdentity(this.put(wasm.queryAt(), Buffer.from(options.identity)));
    if (options.version !== undefined)
      wasm.setVersion(this.put(wasm.queryAt(), Buffer.from(options.version)));
    if (options.udpSize !== undefined) wasm.setUdpSize(options.udpSize);
    zones.forEach((zone, index) => {
      this.put(wasm.stage(zone.text.length), zone.text);
      wasm.addZone(this.put(wasm.queryAt(), Buffer.from(zone.name)), index);
    });
    if (options.inline) wasm.addInlineZones();
    wasm.run();
    this.tableSize = wasm.tableSize();
  }

  memorySize(): number {
    return this.wasm.memory.buffer.byteLength;
  }

  ask(query: Uint8Array, room = 4096): Uint8Array | null {
    this.put(this.wasm.queryAt(), query);
    const size = this.wasm.ask(query.length, room);
    return size === 0 ? null : new Uint8Array(this.wasm.memory.buffer, this.wasm.replyAt(), size).slice();
  }

  private put(at: number, bytes: Uint8Array): number {
    new Uint8Array(this.wasm.memory.buffer).set(bytes, at);
    return bytes.length;
  }

  private text(at: number): string {
    const length = new DataView(this.wasm.memory.buffer).getUint32(at - 4, true);
    return Buffer.from(this.wasm.memory.buffer, at, length).toString("utf16le");
  }

  private imports(): WebAssembly.Imports {
    return {
      env: {
        abort: (message: number, file: number, line: number, column: number) => {
          throw new Error(
            `trap at ${this.text(file)}:${line}:${column} ${message ? this.text(message) : ""}`,
          );
        },
      },
      report: {
        diagnose: (
          severity: number,
          code: number,
          path: number,
          at: number,
          line: number,
          column: number,
          length: number,
          message: number,
          help: number,
        ) => {
          this.said.push({
            severity: severity === 1 ? "error" : "warning",
            code: this.text(code),
            path: this.text(path),
            at,
            line,
            column,
            length,
            message: this.text(message),
            help: this.text(help),
          });
        },
      },
      files: {
        open: (_from: number, path: number) => {
          const text = this.options.files?.[this.text(path)];
          return text === undefined ? -1 : this.files.push(Buffer.from(text)) - 1;
        },
        size: (index: number) => this.files[index]!.length,
        read: (index: number, to: number) => void this.put(to, this.files[index]!),
      },
    };
  }
}
