/** Counts of executed instructions under qemu-user: the same on every machine, however busy. */
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compile, type IsaName } from "#codegen";
import type { NativeMachine } from "../compiler/codegen/native/machine.ts";
import { type Command, decodeAnswers, encodeCommands } from "../compiler/codegen/native/protocol.ts";
import { elfOf } from "../tools/native-process.ts";
import type { Kernel } from "./kernel.ts";
import type { KernelRow } from "./kernels.ts";
import { nativeKernel } from "./native-kernel.ts";
import { grouped, type Row } from "./table.ts";

/** Times as many instructions as `gcc -O2`, times as many bytes as `gcc -Os`. */
const INSTRUCTIONS = 1.4;
const BYTES = 1.3;
/** A tenth of what is timed elsewhere is enough: nothing disturbs a count. */
const LESS = 8;

/** The same kernel with less to do. */
export function fewer(kernel: KernelRow): KernelRow {
  const [size, times] = kernel.args;
  const less = Math.max(1, Math.round(times / LESS));
  return { ...kernel, args: [size, less], units: (kernel.units / times) * less };
}

/** An emulator with its arguments, and the plugin that counts. */
export interface Counter {
  readonly emulator: readonly [string, ...string[]];
  readonly plugin: string;
}

export interface Counted {
  /** What one more call of `run` takes. */
  readonly instructions: number;
  /** After two calls: what is at the output address; of a peer all that it wrote. */
  readonly output: Buffer;
}

/** `program` gets the number of calls as its argument. */
export function countPeer(counter: Counter, folder: string, program: string): Counted {
  const [one, two] = [1, 2].map((calls) => counted(counter, folder, [program, `${calls}`]));
  return { instructions: two!.total - one!.total, output: two!.stdout };
}

/** The kernel by this code generator for `machine`. */
export function countOurs(kernel: Kernel, machine: NativeMachine, counter: Counter, folder: string): Counted {
  const { instance, ready, run, end } = nativeKernel(kernel, machine);
  const file = join(folder, "ours");
  writeFileSync(file, elfOf(instance.program), { mode: 0o755 });
  const [one, two] = [1, 2].map((calls) => {
    const commands: Command[] = [...ready, ...Array.from({ length: calls }, () => run), ...end];
    const { total, stdout } = counted(counter, folder, [file], encodeCommands(commands));
    const last = decodeAnswers(commands, stdout).at(-1)!;
    if (last.kind !== "bytes") throw new Error(`${kernel.name} ended early`);
    return { total, output: Buffer.from(last.bytes) };
  });
  return { instructions: two!.total - one!.total, output: two!.output };
}

function counted(
  { emulator: [emulator, ...words], plugin }: Counter,
  folder: string,
  program: readonly string[],
  input?: Uint8Array,
) {
  const out = join(folder, "count");
  const { stdout, stderr, status, error } = spawnSync(
    emulator,
    [...words, "-plugin", `${plugin},out=${out}`, ...program],
    { input, maxBuffer: 1 << 28 },
  );
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${program[0]} ended with ${status}: ${stderr}`);
  return { total: Number(readFileSync(out).readBigUInt64LE(0)), stdout };
}

export function executed({ name, units, unit }: KernelRow, mine: number, theirs: number): Row {
  const ratio = mine / theirs;
  const each = (count: number) =>
    count / units < 100 ? (count / units).toFixed(1) : grouped(Math.round(count / units));
  return {
    what: name,
    measured: `${ratio.toFixed(2)} times gcc's`,
    goal: `<= ${INSTRUCTIONS}`,
    reached: ratio <= INSTRUCTIONS,
    beside: `${each(mine)} instructions ${unit}; gcc ${each(theirs)}`,
  };
}

export function sizes({ name }: Kernel, mine: number, theirs: number): Row {
  const ratio = mine / theirs;
  return {
    what: name.replace(/,.*/, ""),
    measured: `${ratio.toFixed(2)} times gcc's`,
    goal: `<= ${BYTES}`,
    reached: ratio <= BYTES,
    beside: `${grouped(mine)} bytes; gcc -Os ${grouped(theirs)}`,
  };
}

/** Of a kernel by this code generator, without data and jump tables. */
export const codeBytes = ({ wasm }: Kernel, isa: IsaName): number =>
  compile(wasm, isa)
    .code.filter(({ access }) => access === "rx")
    .reduce((sum, section) => sum + section.size, 0);

/** The functions of a kernel's unit.c by `gcc -Os`. `prefix`: of the names of its tools. */
export function gccBytes(prefix: string, options: readonly string[], folder: string): number {
  const object = join(folder, "unit.o");
  execFileSync(`${prefix}gcc`, ["-Os", "-c", ...options, join(folder, "unit.c"), "-o", object]);
  return execFileSync(`${prefix}nm`, ["-S", object], { encoding: "utf8" })
    .split("\n")
    .map((line) => line.split(" "))
    .filter(([, , kind, name]) => /^[tT]$/.test(kind ?? "") && !setUp.test(name!))
    .reduce((sum, [, bytes]) => sum + Number.parseInt(bytes!, 16), 0);
}

/** Functions that wasm2c adds. */
const setUp = /^(Z_kernel_|Z_mathZ_|Z_kernelZ_memory$|init_)/;
