/**
 * What each pass is worth on each machine: executed instructions and bytes of the kernels when it is left out, against all passes.
 *   npx tsx bench/main.ts passes
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { IsaName } from "#codegen";
import type { NativeMachine } from "../compiler/codegen/native/machine.ts";
import { riscv64 } from "../compiler/codegen/native/riscv/machine.ts";
import { pc } from "../compiler/codegen/native/x86-64/machine.ts";
import { lx6 } from "../compiler/codegen/native/xtensa/machine.ts";
import { passes } from "../compiler/codegen/passes/index.ts";
import type { Pass } from "../compiler/codegen/passes/pass.ts";
import { instructionCounter } from "../tools/qemu.ts";
import { type Counter, codeBytes, countOurs, fewer } from "./counted.ts";
import { allKernels, type KernelRow } from "./kernels.ts";
import { printTable } from "./table.ts";

/** Without them there is no machine code, or not for machines of 32 bits. */
const needed = new Set(["expand", "pairs", "bounds", "critical-edges", "layout"]);

interface Worth {
  readonly instructions: number;
  readonly bytes: number;
}

export async function passValues(): Promise<void> {
  const kernels = (await allKernels()).map(fewer);
  const plugin = await instructionCounter();
  for (const machine of [pc, riscv64, lx6]) {
    const emulator = machine.emulator ?? ["qemu-x86_64"];
    onMachine(machine, { emulator, plugin }, machine === lx6 ? kernels.slice(0, 6) : kernels);
  }
}

function onMachine(machine: NativeMachine, counter: Counter, kernels: readonly KernelRow[]): void {
  const names = [...new Set(passes.map(({ name }) => name))].filter((name) => !needed.has(name));
  const all = kernels.map((kernel) => worth(kernel, machine, counter));
  const rows = names.map((name) => {
    const without = leavingOut(name, () => kernels.map((kernel) => worth(kernel, machine, counter)));
    const more = (key: keyof Worth) => without.map((one, n) => one[key] / all[n]![key]);
    return {
      what: name,
      measured: `${percent(mean(more("instructions")))} instructions`,
      beside: `${percent(mean(more("bytes")))} bytes; most: ${most(kernels, more("instructions"))}`,
    };
  });
  printTable(`${machine.isa.name}: what more the kernels take without a pass`, rows);
}

function worth(kernel: KernelRow, machine: NativeMachine, counter: Counter): Worth {
  const folder = mkdtempSync(join(tmpdir(), "appl-passes-"));
  try {
    return {
      instructions: countOurs(kernel, machine, counter, folder).instructions,
      bytes: codeBytes(kernel, machine.isa.name as IsaName),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The list is the code generator's own: it is shorter while `work` runs. */
function leavingOut<T>(name: string, work: () => T): T {
  const list = passes as Pass[];
  const whole = [...list];
  list.splice(0, list.length, ...whole.filter((pass) => pass.name !== name));
  try {
    return work();
  } finally {
    list.splice(0, list.length, ...whole);
  }
}

const mean = (values: readonly number[]): number =>
  Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);

const percent = (ratio: number): string =>
  `${ratio < 1 ? "-" : "+"}${(100 * Math.abs(ratio - 1)).toFixed(1)} %`;

function most(kernels: readonly KernelRow[], ratios: readonly number[]): string {
  const n = ratios.indexOf(Math.max(...ratios));
  return `${kernels[n]!.name} ${percent(ratios[n]!)}`;
}
