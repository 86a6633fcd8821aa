/**
 * AssemblyScript in tests: compiles files of the standard library in memory as the build does (asc, runtime `minimal`, -O2, asserts on) and
 * instantiates the result in V8. Compiled programs are kept in `.cache/`, by the bytes of everything that was read for them.
 *
 *   const { exports, memory, string } = await loadAs({
 *     entry: "stdlib/net/simulation/index.ts",
 *     needs: { "stdlib/net/udp": { ipv4: "stdlib/net/ipv4/index" } },      // what the resolver would bind
 *     parts: { "stdlib/dns": { axfr: false } },
 *     config: { "stdlib/dns": "export class Config { … }" },
 *     files: { "stdlib/x/extra.ts": "…" },                                 // anything else that is generated
 *   }, { prepare: { report: (...) => { … } } });
 */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { posix } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));
const cache = `${root}.cache/load-as/`;
const flags = ["--runtime", "minimal", "--exportRuntime", "-O2", "--debug"];

/** Paths are from the repository's root, with forward slashes. */
export interface AsProgram {
  /** A file, or the name of one of `files`. */
  readonly entry: string;
  /** Generated files: path → text. They hide files of the same name. */
  readonly files?: Readonly<Record<string, string>>;
  /** Folder of a module → need → file (without `.ts`) whose exports stand for it; an empty name is a need that no part asks for. */
  readonly needs?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Folder of a module → text of its `./config`. */
  readonly config?: Readonly<Record<string, string>>;
  /** Folder of a module → part → is it on? */
  readonly parts?: Readonly<Record<string, Readonly<Record<string, boolean>>>>;
  /** Further options of asc, for example `--use NATIVE=1`. */
  readonly flags?: readonly string[];
}

/** biome-ignore-start lint/suspicious/noExplicitAny: what a test knows of the exports it calls is its own business. */
export interface AsInstance {
  readonly exports: Record<string, any>;
  readonly memory: WebAssembly.Memory;
  readonly module: WebAssembly.Module;
  /** A new AssemblyScript string; its address. */
  string(text: string): number;
  /** The text of the string at this address. */
  text(address: number): string;
  /** A new `StaticArray<u8>`; its address. */
  bytes(data: Uint8Array): number;
  /** A view of memory, valid until memory grows. */
  view(address: number, length: number): Uint8Array;
}

/** Module → name → function. An import that is not given traps when it is called, and says which it was. */
export type AsImports = Readonly<Record<string, Readonly<Record<string, (...args: any[]) => any>>>>;
/** biome-ignore-end lint/suspicious/noExplicitAny: see above. */

export async function loadAs(program: AsProgram, imports: AsImports = {}): Promise<AsInstance> {
  return instantiateAs(await compileAs(program), imports);
}

/** Several instances can be made of one compiled program. */
export function instantiateAs(wasm: Uint8Array, imports: AsImports = {}): AsInstance {
  const module = new WebAssembly.Module(wasm as BufferSource);
  const given: Record<string, Record<string, WebAssembly.ImportValue>> = {};
  for (const { module: from, name, kind } of WebAssembly.Module.imports(module)) {
    if (kind !== "function") throw new Error(`an import that is no function: ${from}.${name}`);
    given[from] ??= {};
    given[from][name] =
      imports[from]?.[name] ??
      (from === "env" && name === "abort"
        ? (message: number, file: number, line: number, column: number): never => {
            throw new Error(`abort: ${text(message)} (${text(file)}:${line}:${column})`);
          }
        : (): never => {
            throw new Error(`${from}.${name} is not given to this test`);
          });
  }
  const instance = new WebAssembly.Instance(module, given);
  const exports = instance.exports as AsInstance["exports"];
  const memory = exports["memory"] as WebAssembly.Memory;
  return { exports, memory, module, string, text, bytes, view };

  function view(address: number, length: number): Uint8Array {
    return new Uint8Array(memory.buffer, address, length);
  }
  function text(address: number): string {
    if (address === 0) return "";
    const size = new DataView(memory.buffer).getUint32(address - 4, true);
    return Buffer.from(view(address, size)).toString("utf16le");
  }
  function string(value: string): number {
    return placed(Buffer.from(value, "utf16le"), 2);
  }
  function bytes(data: Uint8Array): number {
    return placed(data, 1); // an ArrayBuffer, which lies in memory as a StaticArray<u8> does
  }
  function placed(data: Uint8Array, type: number): number {
    const address = exports["__pin"](exports["__new"](data.length, type)) as number;
    view(address, data.length).set(data);
    return address;
  }
}

/** The compiled program. A mistake in it is an Error with asc's own messages. */
export async function compileAs(program: AsProgram): Promise<Uint8Array> {
  const virtual = virtualFiles(program);
  const options = [...flags, ...(program.flags ?? [])];
  const known = `${cache}${digest(JSON.stringify([program.entry, options, [...virtual]]))}`;
  const cached = fromCache(known);
  if (cached !== undefined) return cached;
  const read = new Map<string, string | null>();
  const wasm = await compile(program.entry, options, (name) => {
    const text = virtual.get(name) ?? onDisk(name);
    if (!virtual.has(name)) read.set(name, text);
    return text;
  });
  toCache(known, wasm, read);
  return wasm;
}

function virtualFiles(program: AsProgram): Map<string, string> {
  const files = new Map(Object.entries(program.files ?? {}));
  for (const [folder, needs] of Object.entries(program.needs ?? {}))
    for (const [need, target] of Object.entries(needs)) {
      const from = `${folder}/needs`;
      files.set(
        `${from}/${need}.ts`,
        target === "" ? "export {};\n" : `export * from "${relative(from, target)}";\n`,
      );
    }
  for (const [folder, text] of Object.entries(program.config ?? {})) files.set(`${folder}/config.ts`, text);
  for (const [folder, parts] of Object.entries(program.parts ?? {}))
    files.set(
      `${folder}/parts.ts`,
      Object.entries(parts)
        .map(([part, on]) => `export const ${part}: bool = ${on};\n`)
        .join(""),
    );
  return files;
}

function relative(from: string, to: string): string {
  const path = posix.relative(from, to);
  return path.startsWith(".") ? path : `./${path}`;
}

async function compile(
  entry: string,
  options: readonly string[],
  readFile: (name: string) => string | null,
): Promise<Uint8Array> {
  const { default: asc } = await import("assemblyscript/asc");
  let wasm: Uint8Array | undefined;
  const { error, stderr } = await asc.main([entry, "--outFile", "out.wasm", ...options], {
    readFile: (name) => readFile(name.replaceAll("\\", "/")),
    writeFile: (_name, contents) => {
      if (typeof contents !== "string") wasm = contents;
    },
    listFiles: () => [],
  });
  if (error !== null || wasm === undefined)
    throw new Error(`${entry} does not compile:\n${stderr.toString()}`);
  return wasm;
}

function onDisk(name: string): string | null {
  const path = root + name;
  return existsSync(path) ? readFileSync(path, "utf8") : null;
}

/** A cached program is good while every file that was looked for is as it was, the missing ones missing. */
function fromCache(known: string): Uint8Array | undefined {
  if (!existsSync(`${known}.json`)) return undefined;
  const read = JSON.parse(readFileSync(`${known}.json`, "utf8")) as {
    files: [string, string][];
    asc: string;
  };
  if (read.asc !== ascVersion()) return undefined;
  for (const [name, was] of read.files) if (digest(onDisk(name)) !== was) return undefined;
  return readFileSync(`${known}.wasm`);
}

function toCache(known: string, wasm: Uint8Array, read: ReadonlyMap<string, string | null>): void {
  mkdirSync(cache, { recursive: true });
  const files = [...read].map(([name, text]) => [name, digest(text)]);
  // Written aside and renamed: tests of several threads may do this at once.
  const mine = `${known}.${process.pid}.${Math.trunc(performance.now() * 1000)}`;
  writeFileSync(`${mine}.wasm`, wasm);
  writeFileSync(`${mine}.json`, JSON.stringify({ asc: ascVersion(), files }));
  renameSync(`${mine}.wasm`, `${known}.wasm`);
  renameSync(`${mine}.json`, `${known}.json`);
}

let version: string | undefined;
function ascVersion(): string {
  version ??= (
    JSON.parse(readFileSync(`${root}node_modules/assemblyscript/package.json`, "utf8")) as { version: string }
  ).version;
  return version;
}

function digest(text: string | null): string {
  return text === null ? "missing" : createHash("sha256").update(text).digest("hex");
}
