/** QEMU for tests and benchmarks: starts it, reads its console, counts its instructions, ends it. */
import { type ChildProcess, execFile, spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { machineArguments as xtensaArguments } from "../backends/esp32/run.ts";
import { machineArguments } from "../backends/kvm/run.ts";
import { machineFiles, machineArguments as riscvArguments } from "../backends/riscv/run.ts";

export type System = "x86_64" | "riscv64" | "riscv32" | "xtensa";
const usualMachines: Readonly<Record<System, string>> = {
  x86_64: "microvm,acpi=off",
  riscv64: "virt",
  riscv32: "virt",
  xtensa: "kc705-nommu",
};

export interface QemuOptions {
  /** The file's bytes. */
  readonly image: Uint8Array;
  /** Which processor's QEMU; x86_64 if absent. */
  readonly system?: System;
  /** The image wants no firmware below it. */
  readonly bare?: boolean;
  /** As after `-M`; without it the usual one of that QEMU. */
  readonly machine?: string;
  /** MiB. */
  readonly memory?: number;
  readonly cpu?: string;
  /** The guest's command line. */
  readonly append?: string;
  /** Further arguments of QEMU. */
  readonly args?: readonly string[];
  /** Count guest instructions; each mark is the address of an instruction whose executions are counted and timed. */
  readonly count?: { readonly marks?: readonly number[] };
  /** Milliseconds after which it is killed, whatever happens. */
  readonly limit?: number;
}

export interface Counters {
  /** All guest instructions since the machine was switched on. */
  readonly total: bigint;
  /** For each mark how often it was reached, and the total when it first was. */
  readonly marks: readonly { readonly hits: bigint; readonly first: bigint }[];
}

const MISSING =
  "qemu-system-x86_64 is not here; install it: apt-get install -y --no-install-recommends qemu-system-x86";

/** Machines whose UART drops what its reader is too slow for (a socket holds some hundred bytes, written one by one): a file takes everything. */
const FORGETFUL: readonly string[] = ["sifive_u"];
/** Milliseconds between looks into such a file. */
const LOOK = 20;

/** A virtual machine that runs. Its console is `text`; what QEMU itself has to say is `errors`. */
export class Qemu {
  text = "";
  errors = "";
  readonly exited: Promise<number | null>;
  readonly #process: ChildProcess;
  readonly #folder: string;
  readonly #marks: number;
  #wake: () => void = () => {};
  #ended = false;

  /** `file`: where the console goes, if not to its standard output. */
  constructor(process: ChildProcess, folder: string, marks: number, limit: number, file?: string) {
    this.#process = process;
    this.#folder = folder;
    this.#marks = marks;
    const timer = setTimeout(() => this.#process.kill("SIGKILL"), limit);
    const reader = file === undefined ? undefined : setInterval(() => this.#read(file), LOOK);
    process.stdout?.on("data", (chunk: Buffer) => {
      this.text += chunk.toString("latin1");
      this.#wake();
    });
    process.stderr?.on("data", (chunk: Buffer) => {
      this.errors += chunk.toString("latin1");
    });
    this.exited = new Promise((resolve) => {
      const end = (code: number | null) => {
        clearTimeout(timer);
        clearInterval(reader);
        if (file !== undefined) this.#read(file);
        this.#ended = true;
        this.#wake();
        resolve(code);
      };
      process.on("error", (error) => {
        this.errors += `${error.message}\n${MISSING}\n`;
        end(null);
      });
      process.on("close", end);
    });
  }

  #read(file: string): void {
    if (!existsSync(file)) return;
    const text = readFileSync(file, "latin1");
    if (text.length === this.text.length) return;
    this.text = text;
    this.#wake();
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  /** Waits until the console has `pattern`. Fails with the console's text when the machine ends first or the time is over. */
  async waitFor(pattern: RegExp | string, limit = 20_000): Promise<RegExpMatchArray> {
    const expression =
      typeof pattern === "string" ? new RegExp(pattern.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")) : pattern;
    const end = Date.now() + limit;
    for (;;) {
      const match = this.text.match(expression);
      if (match !== null) return match;
      const left = end - Date.now();
      if (this.#ended || left <= 0)
        throw new Error(
          `${expression} did not appear on the console${this.#ended ? " before the machine ended" : ""}:\n${this.text}${this.errors}`,
        );
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  write(text: string): void {
    this.#process.stdin?.write(text);
  }

  counters(): Counters {
    const bytes = readWhole(join(this.#folder, "counters"));
    const at = (n: number) => bytes.readBigUInt64LE(8 * n);
    return {
      total: at(0),
      marks: Array.from({ length: this.#marks }, (_, n) => ({ hits: at(1 + 2 * n), first: at(2 + 2 * n) })),
    };
  }

  /** The file that the plugin writes its counters to, for programs that read it themselves. */
  get counterFile(): string {
    return join(this.#folder, "counters");
  }

  async kill(): Promise<void> {
    if (!this.#ended) this.#process.kill("SIGKILL");
    await this.exited;
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function readWhole(path: string): Buffer {
  const file = openSync(path, "r");
  try {
    const bytes = Buffer.alloc(statSync(path).size);
    readSync(file, bytes, 0, bytes.length, 0);
    return bytes;
  } finally {
    closeSync(file);
  }
}

export async function startQemu(options: QemuOptions): Promise<Qemu> {
  const folder = mkdtempSync(join(tmpdir(), "appl-qemu-"));
  const kernel = join(folder, "image.elf");
  writeFileSync(kernel, options.image);
  const { system = "x86_64", memory, cpu = "max", append = "", args = [] } = options;
  const machine = options.machine ?? usualMachines[system];
  const given = { machine, memory, image: kernel, append, bare: options.bare };
  const own =
    system === "x86_64"
      ? machineArguments({ ...given, cpu, memory: memory ?? 64 })
      : system === "xtensa"
        ? xtensaArguments(given)
        : riscvArguments(given);
  const file = FORGETFUL.includes(machine) ? join(folder, "console") : undefined;
  const argv = [...own.map((arg) => (arg === "stdio" && file !== undefined ? `file:${file}` : arg)), ...args];
  if (system.startsWith("riscv"))
    for (const { path, bytes } of machineFiles(given)) writeFileSync(path, bytes);
  const marks = options.count?.marks ?? [];
  if (options.count !== undefined) {
    const list = marks.map((mark) => `,mark=0x${mark.toString(16)}`).join("");
    argv.push("-plugin", `${await instructionCounter()},out=${join(folder, "counters")}${list}`);
  }
  const process = spawn(`qemu-system-${system}`, argv, { stdio: ["pipe", "pipe", "pipe"] });
  return new Qemu(process, folder, marks.length, options.limit ?? 60_000, file);
}

/** Fails, with the line that helps, when there is no QEMU. */
export function requireQemu(): void {
  if (spawnSync("qemu-system-x86_64", ["--version"]).error !== undefined) throw new Error(MISSING);
}

/** Compiles `bench/icount.c` once for each version of it; the path of the plugin. */
export async function instructionCounter(): Promise<string> {
  const source = join(import.meta.dirname, "..", "bench", "icount.c");
  const digest = createHash("sha256").update(readFileSync(source)).digest("hex").slice(0, 16);
  const folder = join(tmpdir(), `appl-icount-${digest}`);
  const library = join(folder, "icount.so");
  if (!existsSync(library)) {
    mkdirSync(folder, { recursive: true });
    const building = join(folder, `building-${process.pid}.so`);
    await promisify(execFile)("gcc", ["-O2", "-shared", "-fPIC", "-Wall", "-o", building, source]);
    const { renameSync } = await import("node:fs");
    renameSync(building, library);
  }
  return library;
}
