/**
 * RV64: executed instructions against `gcc -O2` and code size against `gcc -Os`, for the same WebAssembly with guard pages. Both are counted by a
 * plugin of qemu-user, so the figures are the same on every machine.
 *   npx tsx bench/main.ts riscv
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compile } from "#codegen";
import { type Command, decodeAnswers, encodeCommands } from "../compiler/codegen/native/protocol.ts";
import { riscv64 } from "../compiler/codegen/native/riscv/machine.ts";
import { elfOf } from "../tools/native-process.ts";
import { instructionCounter } from "../tools/qemu.ts";
import { compileC, options, writeSources } from "./gcc-kernel.ts";
import type { Kernel } from "./kernel.ts";
import { allKernels, type KernelRow } from "./kernels.ts";
import { nativeKernel } from "./native-kernel.ts";
import { grouped, printTable, type Row } from "./table.ts";

/** Times as many instructions, times as many bytes. */
const INSTRUCTIONS = 1.4;
const BYTES = 1.3;
const gcc = "riscv64-linux-gnu-gcc";
/** Without these it takes every access for unaligned and reads bytes, which its processors need not and WebAssembly's do not: no comparison. */
const options64 = [
  "-mtune=thead-c906",
  "-mno-strict-align",
  "-static",
  "-DWASM_RT_MEMCHECK_SIGNAL_HANDLER=1",
];
/** Under the emulator a tenth of what is timed elsewhere is enough: nothing disturbs a count. */
const LESS = 8;

export async function riscv(): Promise<void> {
  const rows: Row[] = [];
  const sizes: Row[] = [];
  const plugin = await instructionCounter();
  for (const full of await allKernels()) {
    const folder = mkdtempSync(join(tmpdir(), "appl-riscv-"));
    try {
      const kernel = fewer(full);
      writeSources(kernel, folder);
      rows.push(executed(kernel, ours(kernel, folder, plugin), peer(kernel, folder, plugin)));
      sizes.push(size(kernel, folder));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  printTable("RV64: executed instructions, and the same WebAssembly through wasm2c and gcc -O2", rows);
  printTable("RV64: code of the kernels' functions, and by wasm2c and gcc -Os", sizes.slice(0, -1));
}

function fewer(kernel: KernelRow): KernelRow {
  const [size, times] = kernel.args;
  const less = Math.max(1, Math.round(times / LESS));
  return { ...kernel, args: [size, less], units: (kernel.units / times) * less };
}

/** What one more call of `run` takes. */
const difference = (count: (calls: number) => number): number => count(2) - count(1);

function ours(kernel: Kernel, folder: string, plugin: string): number {
  const { instance, ready, run } = nativeKernel(kernel, riscv64);
  const file = join(folder, "ours");
  writeFileSync(file, elfOf(instance.program), { mode: 0o755 });
  return difference((calls) => {
    const commands: Command[] = [...ready, ...Array.from({ length: calls }, () => run)];
    const { total, stdout } = counted(plugin, folder, [file], encodeCommands(commands));
    if (decodeAnswers(commands, stdout).at(-1)!.kind !== "values")
      throw new Error(`${kernel.name} ended early`);
    return total;
  });
}

function peer(kernel: Kernel, folder: string, plugin: string): number {
  const program = compileC(gcc, kernel, folder, ["-O2", ...options64]);
  return difference((calls) => counted(plugin, folder, [program, `${calls}`]).total);
}

function counted(plugin: string, folder: string, program: readonly string[], input?: Uint8Array) {
  const out = join(folder, "count");
  const { stdout, error } = spawnSync("qemu-riscv64", ["-plugin", `${plugin},out=${out}`, ...program], {
    input,
    maxBuffer: 1 << 28,
  });
  if (error !== undefined) throw error;
  return { total: Number(readFileSync(out).readBigUInt64LE(0)), stdout };
}

function executed({ name, units, unit }: KernelRow, mine: number, theirs: number): Row {
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

/** Code without data and jump tables; gcc's without what sets the module up. */
function size(kernel: Kernel, folder: string): Row {
  const mine = compile(kernel.wasm, "rv64")
    .code.filter(({ access }) => access === "rx")
    .reduce((sum, section) => sum + section.size, 0);
  const object = join(folder, "unit.o");
  execFileSync(gcc, [
    ...["-Os", "-c", ...options64.filter((word) => word !== "-static"), ...options(kernel, folder)],
    ...[join(folder, "unit.c"), "-o", object],
  ]);
  const theirs = execFileSync("riscv64-linux-gnu-nm", ["-S", object], { encoding: "utf8" })
    .split("\n")
    .map((line) => line.split(" "))
    .filter(([, , kind, name]) => /^[tT]$/.test(kind ?? "") && !setUp.test(name!))
    .reduce((sum, [, bytes]) => sum + Number.parseInt(bytes!, 16), 0);
  const ratio = mine / theirs;
  return {
    what: kernel.name.replace(/,.*/, ""),
    measured: `${ratio.toFixed(2)} times gcc's`,
    goal: `<= ${BYTES}`,
    reached: ratio <= BYTES,
    beside: `${grouped(mine)} bytes; gcc -Os ${grouped(theirs)}`,
  };
}

/** Functions that wasm2c adds. */
const setUp = /^(Z_kernel_|Z_mathZ_|Z_kernelZ_memory$|init_)/;
