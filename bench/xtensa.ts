/**
 * Xtensa: executed instructions against `gcc -O2` and code size against `gcc -Os`, for the same WebAssembly with every access checked by code. Debian's
 * gcc is for the core LX106, which has neither division nor minimum nor loops; what it needs of that it calls. A second table leaves out the checks
 * on both sides: wasm2c's take 64 bits, ours are merged.
 *   npx tsx bench/main.ts xtensa
 */
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { xtensa as isa } from "../compiler/codegen/isa/xtensa/index.ts";
import type { NativeMachine } from "../compiler/codegen/native/machine.ts";
import { lx6 } from "../compiler/codegen/native/xtensa/machine.ts";
import { parseModule } from "../compiler/codegen/wasm/decode.ts";
import { instructionCounter } from "../tools/qemu.ts";
import {
  type Counter,
  codeBytes,
  countOurs,
  countPeer,
  executed,
  fewer,
  gccBytes,
  sizes,
} from "./counted.ts";
import { options, writeSources } from "./gcc-kernel.ts";
import { type Kernel, OUTPUT } from "./kernel.ts";
import { allKernels, type KernelRow } from "./kernels.ts";
import { printTable, type Row } from "./table.ts";

const prefix = "xtensa-lx106-elf-";
/** Debian's picolibc. */
const library = "/usr/lib/xtensa-lx106-elf";
/** They read numbers at odd addresses: LX6 carries that out, the emulator's cores do not. */
const unaligned = /^(DNS|chacha20-poly|x25519)/;
const unchecked: NativeMachine = { ...lx6, isa: { ...isa, guarded: true } };

/**
 * WebAssembly's accesses may be unaligned, but hardly any is: gcc would read all by bytes. What the kernel imports stands in the same file.
 */
const unit = `
#include "kernel.h"
#ifdef UNCHECKED
#undef WASM_RT_MEMCHECK_SIGNAL_HANDLER
#define WASM_RT_MEMCHECK_SIGNAL_HANDLER 1
#endif
#undef wasm_rt_memcpy
#define wasm_rt_memcpy(to, from, n) \\
  __builtin_memcpy(__builtin_assume_aligned(to, n), __builtin_assume_aligned(from, n), n)
#ifdef MATH
u64 Z_mathZ_mul64hi(struct Z_math_instance_t *m, u64 a, u64 b) {
  u64 a0 = (u32)a, a1 = a >> 32, b0 = (u32)b, b1 = b >> 32;
  u64 middle = a1 * b0 + (a0 * b0 >> 32), other = a0 * b1 + (u32)middle;
  return a1 * b1 + (middle >> 32) + (other >> 32);
}
void Z_mathZ_secret(struct Z_math_instance_t *m) {}
#endif
#include "kernel.c"
`;

export async function xtensa(): Promise<void> {
  const rows: Row[] = [];
  const free: Row[] = [];
  const bytes: Row[] = [];
  const counter = { emulator: lx6.emulator!, plugin: await instructionCounter() };
  for (const full of await allKernels()) {
    const folder = mkdtempSync(join(tmpdir(), "appl-xtensa-"));
    try {
      const kernel = fewer(full);
      writeBare(kernel, folder);
      if (!unaligned.test(kernel.name)) {
        rows.push(compared(kernel, lx6, counter, folder, false));
        free.push(compared(kernel, unchecked, counter, folder, true));
      }
      bytes.push(
        sizes(kernel, codeBytes(kernel, "xtensa"), gccBytes(prefix, words(kernel, folder, false), folder)),
      );
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  printTable("Xtensa: executed instructions, and the same WebAssembly through wasm2c and gcc -O2", rows);
  printTable("Xtensa: the same without checks of bounds, on both sides", free);
  printTable("Xtensa: code of the kernels' functions, and by wasm2c and gcc -Os", bytes.slice(0, -1));
}

function compared(
  kernel: KernelRow,
  machine: NativeMachine,
  counter: Counter,
  folder: string,
  unguarded: boolean,
): Row {
  const ours = countOurs(kernel, machine, counter, folder);
  const theirs = countPeer(counter, folder, program(kernel, folder, unguarded));
  if (!ours.output.equals(theirs.output)) throw new Error(`${kernel.name}: outputs differ`);
  return executed(kernel, ours.instructions, theirs.instructions);
}

function writeBare(kernel: Kernel, folder: string): void {
  writeSources(kernel, folder);
  writeFileSync(join(folder, "unit.c"), unit);
  writeFileSync(join(folder, "input.h"), kernel.input?.join(",") ?? "0");
  copyFileSync("/usr/include/wasm-rt.h", join(folder, "wasm-rt.h"));
}

const words = (kernel: Kernel, folder: string, unguarded: boolean): string[] => {
  const { memories, tables } = parseModule(kernel.wasm);
  return [
    ...["-isystem", `${library}/include`, ...options(kernel, folder)],
    ...(unguarded ? ["-DUNCHECKED"] : []),
    ...["-DWASM_RT_USE_STACK_DEPTH_COUNT=0", `-DOUTPUT=${OUTPUT}`],
    ...[`-DMEMORY_PAGES=${memories[0]!.limits.min}`, `-DTABLE_ENTRIES=${tables[0]?.limits.min ?? 0}`],
  ];
};

function program(kernel: Kernel, folder: string, unguarded: boolean): string {
  const file = join(folder, "program");
  execFileSync(`${prefix}gcc`, [
    ...["-O2", "-nostdlib", "-static", ...words(kernel, folder, unguarded)],
    ...["run.c", "arithmetic.c"].map((name) => join(import.meta.dirname, "bare", name)),
    join(folder, "unit.c"),
    ...["-L", `${library}/lib`, "-lc", "-lgcc", "-o", file],
  ]);
  return file;
}
