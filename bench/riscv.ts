/**
 * RV64: executed instructions against `gcc -O2` and code size against `gcc -Os`, for the same WebAssembly with guard pages.
 *   npx tsx bench/main.ts riscv
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { riscv64, riscv64b } from "../compiler/codegen/native/riscv/machine.ts";
import { instructionCounter } from "../tools/qemu.ts";
import { codeBytes, countOurs, countPeer, executed, fewer, gccBytes, sizes } from "./counted.ts";
import { compileC, options, writeSources } from "./gcc-kernel.ts";
import { allKernels, type KernelRow } from "./kernels.ts";
import { printTable, type Row } from "./table.ts";

const prefix = "riscv64-linux-gnu-";
/** Without these it takes every access for unaligned and reads bytes, which its processors need not and WebAssembly's do not: no comparison. */
const options64 = [
  "-mtune=thead-c906",
  "-mno-strict-align",
  "-static",
  "-DWASM_RT_MEMCHECK_SIGNAL_HANDLER=1",
];

/** With and without the extensions Zba and Zbb, on both sides. */
const variants = [
  { title: "RV64", machine: riscv64, isa: "rv64", march: "rv64gc" },
  { title: "RV64 with Zba and Zbb", machine: riscv64b, isa: "rv64b", march: "rv64gc_zba_zbb" },
] as const;
type Variant = (typeof variants)[number];

export async function riscv(): Promise<void> {
  const plugin = await instructionCounter();
  const kernels = (await allKernels()).map(fewer);
  for (const variant of variants) {
    const { title, isa } = variant;
    const [rows, bytes]: [Row[], Row[]] = [[], []];
    for (const kernel of kernels) {
      const folder = mkdtempSync(join(tmpdir(), "appl-riscv-"));
      try {
        writeSources(kernel, folder);
        rows.push(compared(kernel, variant, plugin, folder));
        const words = [`-march=${variant.march}`, ...options64, ...options(kernel, folder)];
        bytes.push(sizes(kernel, codeBytes(kernel, isa), gccBytes(prefix, words, folder)));
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    }
    printTable(`${title}: executed instructions, and the same WebAssembly through wasm2c and gcc -O2`, rows);
    printTable(`${title}: code of the kernels' functions, and by wasm2c and gcc -Os`, bytes.slice(0, -1));
  }
}

function compared(kernel: KernelRow, { machine, march }: Variant, plugin: string, folder: string): Row {
  const counter = { emulator: machine.emulator!, plugin };
  const ours = countOurs(kernel, machine, counter, folder);
  const program = compileC(`${prefix}gcc`, kernel, folder, ["-O2", `-march=${march}`, ...options64]);
  const theirs = countPeer(counter, folder, program);
  const hex = theirs.output.toString().split(" ")[1]!;
  if (ours.output.toString("hex") !== hex) throw new Error(`${kernel.name}: outputs differ`);
  return executed(kernel, ours.instructions, theirs.instructions);
}
