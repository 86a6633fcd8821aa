/** Runs `prepare` in the JavaScript engine that we run in, and takes down what it reports and what it leaves behind. */
import { Compressed } from "./compress.ts";
import { Constants } from "./constants.ts";
import { type Fates, Heap } from "./heap.ts";
import { collect, fatesOf, type Snapshot, takeSnapshot } from "./snapshot.ts";
import type { RuntimeFacts } from "./strip.ts";

export interface PrepareInput {
  readonly program: Uint8Array;
  readonly facts: RuntimeFacts;
  /** CBOR, by number. */
  readonly settings: readonly Uint8Array[];
  /** Files of the settings, by number. */
  readonly files: readonly PreparedFile[];
  /** A file that another one names; undefined if there is none. */
  readonly include: (from: string, path: string) => PreparedFile | undefined;
}

export interface PreparedFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** What `prepare` said. Positions are numbers until somebody has the description at hand. */
export interface Report {
  readonly severity: "error" | "warning";
  readonly code: string;
  readonly message: string;
  readonly help: string;
  readonly place:
    | { readonly kind: "setting"; readonly at: number }
    | {
        readonly kind: "file";
        readonly path: string;
        readonly line: number;
        readonly column: number;
        readonly length: number;
      };
}

export interface PrepareOutcome {
  readonly reports: readonly Report[];
  /** Undefined after an error was reported. */
  readonly snapshot: Snapshot | undefined;
  /** Bytes that are alive in it, by who made them: constants, globals of a source (`start:stdlib/net/udp/index`), the set-up of settings (`prepare:3`). */
  readonly memory: readonly (readonly [owner: string, bytes: number])[];
  /** Bytes of memory that are used: see `Taken`. */
  readonly used: number;
  /** What was left outside of memory; a multiple of 4 bytes. */
  readonly constants: Uint8Array;
}

/** What `prepare` reports is in the outcome; what it does wrong (a trap, a call to the machine) is thrown as our mistake. */
export async function runPrepare(input: PrepareInput): Promise<PrepareOutcome> {
  const module = await WebAssembly.compile(input.program as BufferSource);
  const packed = new Compressed();
  let first = await new Run(input, packed).run(module);
  while (!packed.isComplete) {
    await packed.settle();
    first = await new Run(input, packed).run(module);
  }
  if (first.reports.some(({ severity }) => severity === "error"))
    return { reports: first.reports, snapshot: undefined, memory: [], used: 0, constants: new Uint8Array(0) };
  const second = await new Run(input, packed, first.fates()).run(module);
  return { reports: first.reports, ...second.taken(), constants: second.constants };
}

/** One run of set-up: see `heap.ts` for why there are two. */
class Run {
  readonly #input: PrepareInput;
  readonly #heap: Heap;
  readonly #host: Host;
  #exports: ProgramExports | undefined;

  constructor(input: PrepareInput, packed: Compressed, fates?: Fates) {
    const last = input.facts.statics.at(-1);
    this.#input = input;
    this.#heap = new Heap(last === undefined ? 0 : last.offset + last.size, fates);
    this.#host = new Host(input, packed, this.#heap);
  }

  async run(module: WebAssembly.Module): Promise<this> {
    const { exports } = await WebAssembly.instantiate(module, this.#host.imports(module));
    const program = exports as unknown as ProgramExports;
    this.#exports = program;
    this.#heap.memory = program.memory;
    this.#host.run(() => {
      program._start();
      this.#host.started();
      program.prepare();
    });
    if (this.reports.length === 0 || this.reports.every(({ severity }) => severity !== "error"))
      this.#host.run(() => collect(exports, this.#input.facts));
    return this;
  }

  get reports(): readonly Report[] {
    return this.#host.reports;
  }

  fates(): Fates {
    return fatesOf(this.#exports as unknown as WebAssembly.Exports, this.#heap);
  }

  get constants(): Uint8Array {
    return this.#host.constants.all();
  }

  taken(): Pick<PrepareOutcome, "snapshot" | "memory" | "used"> {
    const exports = this.#exports as unknown as WebAssembly.Exports;
    const { snapshot, used, byOwner } = takeSnapshot(exports, this.#heap, this.#input.facts);
    return { snapshot, used, memory: byOwner.map((bytes, owner) => [this.#host.owners[owner]!, bytes]) };
  }
}

interface ProgramExports {
  readonly memory: WebAssembly.Memory;
  _start(): void;
  prepare(): void;
}

const MOST_REPORTS = 1000;
/** The heap remembers as many; those behind share the last place. */
const MOST_OWNERS = 256;

/** Whose globals are being set: asc makes a function `start:PATH` of each source. */
const startOf = (stack: string): string => /at (start:\S+) \(wasm:/.exec(stack)?.[1] ?? "start";

class Host {
  readonly #heap: Heap;
  readonly reports: Report[] = [];
  readonly constants = new Constants();
  readonly #input: PrepareInput;
  readonly #packed: Compressed;
  readonly #files: PreparedFile[];
  /** By the heap's numbers. */
  readonly owners: string[] = ["constants"];
  #starting = true;

  constructor(input: PrepareInput, packed: Compressed, heap: Heap) {
    this.#input = input;
    this.#packed = packed;
    this.#heap = heap;
    this.#files = [...input.files];
  }

  /** A trap or a failed assertion is a mistake in the library, never the user's. */
  run(body: () => void): void {
    try {
      body();
    } catch (error) {
      const { message, stack } = error as Error;
      const frames = [...(stack ?? "").matchAll(/at (\S+) \(wasm:/g)].slice(0, 6).map(([, name]) => name);
      const where = frames.length > 0 ? ` (in ${frames.join(" < ")})` : "";
      throw new Error(`${message.startsWith("BUG") ? "" : "BUG: set-up failed: "}${message}${where}`);
    }
  }

  imports(module: WebAssembly.Module): WebAssembly.Imports {
    const all: Record<string, Record<string, WebAssembly.ImportValue>> = {};
    for (const { module: from, name } of WebAssembly.Module.imports(module)) {
      all[from] ??= {};
      all[from][name] = this.#function(from, name);
    }
    return all;
  }

  #function(from: string, name: string): (...args: never[]) => unknown {
    const known =
      from === "prepare" ? this.#services[name] : from === "env" ? this.#environment[name] : undefined;
    return (
      known ??
      pure[`${from}.${name}`] ??
      (() => {
        throw new Error(`BUG: set-up must not call \`${from}.${name}\`: the machine does not exist yet`);
      })
    );
  }

  readonly #environment: Readonly<Record<string, (...args: never[]) => unknown>> = {
    abort: (message: number, file: number, line: number, column: number) => {
      throw new Error(`BUG: set-up failed: ${this.#text(message)} at ${this.#text(file)}:${line}:${column}`);
    },
  };

  readonly #services: Readonly<Record<string, (...args: never[]) => unknown>> = {
    alloc: (size: number) => {
      if (this.#starting) this.#own(startOf(new Error().stack ?? ""));
      return this.#heap.alloc(size >>> 0);
    },
    realloc: (pointer: number, size: number) => this.#heap.realloc(pointer >>> 0, size >>> 0),
    free: (pointer: number) => this.#heap.free(pointer >>> 0),
    settingsSize: (number: number) => {
      this.#own(`prepare:${number}`);
      return this.#settings(number).length;
    },
    settingsCopy: (number: number, to: number) => this.#copy(this.#settings(number), to),
    fileSize: (index: number) => this.#file(index).bytes.length,
    fileCopy: (index: number, to: number) => this.#copy(this.#file(index).bytes, to),
    leave: (from: number, size: number) =>
      this.constants.add(new Uint8Array(this.#heap.memory!.buffer, from >>> 0, size)) | 0,
    include: (from: number, path: number) => {
      const file = this.#input.include(this.#file(from).path, this.#text(path));
      return file === undefined ? -1 : this.#files.push(file) - 1;
    },
    compress: (index: number, coding: number) => {
      const { path, bytes } = this.#file(index);
      const packed = this.#packed.of(bytes, this.#text(coding) === "br" ? "br" : "gzip");
      return this.#files.push({ path, bytes: packed }) - 1;
    },
    report: (severity: number, code: number, at: number, message: number, help: number) =>
      this.#report(severity, code, { kind: "setting", at }, message, help),
    reportIn: (
      severity: number,
      code: number,
      file: number,
      line: number,
      column: number,
      length: number,
      message: number,
      help: number,
    ) => {
      const { path } = this.#file(file);
      this.#report(severity, code, { kind: "file", path, line, column, length }, message, help);
    },
  };

  #report(severity: number, code: number, place: Report["place"], message: number, help: number): void {
    if (this.reports.length >= MOST_REPORTS) return;
    this.reports.push({
      severity: severity === 0 ? "error" : "warning",
      code: this.#text(code),
      message: this.#text(message),
      help: this.#text(help),
      place,
    });
  }

  /** Globals have their first values. */
  started(): void {
    this.#starting = false;
    this.#own("prepare");
  }

  #own(name: string): void {
    const known = this.owners.indexOf(name);
    const number = known >= 0 ? known : this.owners.push(name) - 1;
    this.#heap.owner = Math.min(number, MOST_OWNERS - 1);
  }

  #settings(number: number): Uint8Array {
    const settings = this.#input.settings[number];
    if (settings === undefined) throw new Error(`BUG: there are no settings ${number}`);
    return settings;
  }

  #file(index: number): PreparedFile {
    const file = this.#files[index];
    if (file === undefined) throw new Error(`BUG: there is no file ${index}`);
    return file;
  }

  #copy(bytes: Uint8Array, to: number): void {
    new Uint8Array(this.#heap.memory!.buffer).set(bytes, to >>> 0);
  }

  /** A string of AssemblyScript: UTF-16, its length in bytes before it. */
  #text(address: number): string {
    if (address === 0) return "";
    const { buffer } = this.#heap.memory!;
    const size = new DataView(buffer).getUint32((address >>> 0) - 4, true);
    return new TextDecoder("utf-16le").decode(new Uint8Array(buffer, address >>> 0, size));
  }
}

/** Imports that compute and nothing else: the code generator has an instruction for them. */
const pure: Readonly<Record<string, (...args: never[]) => unknown>> = {
  "math.mul64hi": (a: bigint, b: bigint) =>
    BigInt.asIntN(64, (BigInt.asUintN(64, a) * BigInt.asUintN(64, b)) >> 64n),
  "math.secret": () => undefined,
};
