/**
 * RV64: executed instructions against `gcc -O2` and code size against `gcc -Os`, for the same WebAssembly with guard pages.
 *   npx tsx bench/main.ts riscv
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { riscv64 } from "../compiler/codegen/native/riscv/machine.ts";
import { instructionCounter } from "../tools/qemu.ts";
import { codeBytes, countOurs, countPeer, executed, fewer, functionBytes, sizes } from "./counted.ts";
import { compileC, options, writeSources } from "./gcc-kernel.ts";
import type { Kernel } from "./kernel.ts";
import { allKernels } from "./kernels.ts";
import { printTable, type Row } from "./table.ts";

const gcc = "riscv64-linux-gnu-gcc";
/** Without these it takes every access for unaligned and reads bytes, which its processors need not and WebAssembly's do not: no comparison. */
const options64 = [
  "-mtune=thead-c906",
  "-mno-strict-align",
  "-static",
  "-DWASM_RT_MEMCHECK_SIGNAL_HANDLER=1",
];

export async function riscv(): Promise<void> {
  const rows: Row[] = [];
  const bytes: Row[] = [];
  const counter = { emulator: ["qemu-riscv64"], plugin: await instructionCounter() } as const;
  for (const full of await allKernels()) {
    const folder = mkdtempSync(join(tmpdir(), "appl-riscv-"));
    try {
      const kernel = fewer(full);
      writeSources(kernel, folder);
      const ours = countOurs(kernel, riscv64, counter, folder);
      const theirs = countPeer(counter, folder, compileC(gcc, kernel, folder, ["-O2", ...options64]));
      const hex = theirs.output.toString().split(" ")[1]!;
      if (ours.output.toString("hex") !== hex) throw new Error(`${kernel.name}: outputs differ`);
      rows.push(executed(kernel, ours.instructions, theirs.instructions));
      bytes.push(sizes(kernel, codeBytes(kernel, "rv64"), gccBytes(kernel, folder)));
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  printTable("RV64: executed instructions, and the same WebAssembly through wasm2c and gcc -O2", rows);
  printTable("RV64: code of the kernels' functions, and by wasm2c and gcc -Os", bytes.slice(0, -1));
}

function gccBytes(kernel: Kernel, folder: string): number {
  const object = join(folder, "unit.o");
  execFileSync(gcc, [
    ...["-Os", "-c", ...options64.filter((word) => word !== "-static"), ...options(kernel, folder)],
    ...[join(folder, "unit.c"), "-o", object],
  ]);
  return functionBytes(execFileSync("riscv64-linux-gnu-nm", ["-S", object], { encoding: "utf8" }));
}
