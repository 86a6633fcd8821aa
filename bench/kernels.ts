/**
 * Speed of generated code against that of `gcc -O2` and of V8's TurboFan for the same WebAssembly.
 *   npx tsx bench/main.ts kernels
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { codeBytes, gccBytes, sizes } from "./counted.ts";
import { type DnsKernel, dnsKernel } from "./dns-kernel.ts";
import { compileC, options, runPeer, writeSources } from "./gcc-kernel.ts";
import type { Kernel, Measured } from "./kernel.ts";
import { type KernelName, kernelWasm } from "./kernel-source.ts";
import { nativeKernel, runOurs } from "./native-kernel.ts";
import { printTable, type Row } from "./table.ts";
import { runInV8 } from "./v8-kernel.ts";

/** Of the speed of gcc's code: each kernel, and their geometric mean. */
const LEAST = 0.6;
const MEAN = 0.75;
/** All three are measured in turn so often; the fastest call counts, as the other ones were disturbed. */
const ROUNDS = 5;
const BYTES = 16384;

/** Calls of `run` are some milliseconds. */
const sources: Readonly<Record<KernelName, readonly [args: [number, number], units: number, unit: string]>> =
  {
    sha256: [[BYTES, 64], BYTES * 64, "a byte"],
    chacha20: [[BYTES, 64], BYTES * 64, "a byte"],
    "chacha20-poly1305": [[BYTES, 64], BYTES * 64, "a byte"],
    x25519: [[0, 10], 10, "a point"],
    "hash-map": [[3000, 20], 60_000, "a key"],
    sort: [[BYTES, 8], (BYTES / 4) * 8, "a number"],
  };
/** What the goal counts; ChaCha20 alone is a part of another. */
const counted: ReadonlySet<string> = new Set(Object.keys(sources).filter((name) => name !== "chacha20"));

export interface KernelRow extends Kernel {
  readonly units: number;
  readonly unit: string;
}

export async function allKernels(): Promise<KernelRow[]> {
  const all: KernelRow[] = [];
  for (const name of Object.keys(sources) as KernelName[]) {
    const [args, units, unit] = sources[name];
    const input = name === "x25519" || name === "hash-map" ? {} : { input: bytes(BYTES) };
    const point = name === "x25519" ? { input: bytes(64) } : {};
    const [wasm, portable] = [await kernelWasm(name), await kernelWasm(name, true)];
    all.push({ name, wasm, portable, args, units, unit, ...input, ...point });
  }
  const dns = await dnsKernel();
  for (const [set, { what, questions }] of dns.sets.entries()) {
    const units = questions * repeats(questions);
    all.push({ name: `DNS answer, ${what}`, ...answering(dns, set, questions), units, unit: "an answer" });
  }
  return all;
}

const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, (_, n) => (n * 7 + (n >> 5)) & 255);

function answering({ wasm }: DnsKernel, set: number, questions: number): Omit<Kernel, "name"> {
  return { wasm, args: [set, repeats(questions)], finish: true };
}

/** Some ten thousand answers are timed together. */
const repeats = (questions: number): number => Math.max(1, Math.round(20_000 / questions));

interface Ratios {
  readonly name: string;
  readonly gcc: number;
  readonly v8: number;
}

export async function kernels(): Promise<void> {
  const rows: Row[] = [];
  const bytes: Row[] = [];
  const ratios: Ratios[] = [];
  for (const kernel of await allKernels()) {
    const { ours, gcc, v8, size } = measured(kernel);
    bytes.push(size);
    const each = ({ ticks }: Measured) => (ticks / kernel.units).toFixed(ticks / kernel.units < 100 ? 2 : 0);
    const { name } = kernel;
    const ratio = { name, gcc: gcc.ticks / ours.ticks, v8: v8.ticks / ours.ticks };
    ratios.push(ratio);
    rows.push({
      what: name,
      measured: `${ratio.gcc.toFixed(2)} of gcc's speed`,
      goal: `>= ${LEAST}`,
      reached: ratio.gcc >= LEAST,
      beside: `${each(ours)} clock ticks ${kernel.unit}; gcc ${each(gcc)}; V8 ${each(v8)}: ${ratio.v8.toFixed(2)} of V8's speed`,
    });
  }
  rows.push(...means(ratios));
  printTable(
    "Generated code, and the same WebAssembly through wasm2c and gcc -O2, and in V8 (TurboFan)",
    rows,
  );
  printTable("Code of the kernels' functions, and by wasm2c and gcc -Os", bytes.slice(0, -1));
}

function means(ratios: readonly Ratios[]): Row[] {
  const all = ratios.filter(({ name }) => counted.has(name) || name.startsWith("DNS"));
  const plain = all.filter(({ name }) => name !== "x25519");
  const mean = (values: readonly number[]) =>
    Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
  const [gcc, v8, same] = [all.map((r) => r.gcc), all.map((r) => r.v8), plain.map((r) => r.v8)].map(mean) as [
    number,
    number,
    number,
  ];
  return [
    {
      what: "geometric mean, gcc",
      measured: `${gcc.toFixed(2)} of gcc's speed`,
      goal: `>= ${MEAN}`,
      reached: gcc >= MEAN,
      beside: "without chacha20 alone",
    },
    {
      what: "geometric mean, V8",
      measured: `${same.toFixed(2)} of V8's speed`,
      goal: ">= 1",
      reached: same >= 1,
      beside: `without x25519, for which V8 has no mul64hi; ${v8.toFixed(2)} with it`,
    },
  ];
}

function measured(kernel: Kernel): { ours: Measured; gcc: Measured; v8: Measured; size: Row } {
  const folder = mkdtempSync(join(tmpdir(), "appl-kernels-"));
  try {
    writeSources(kernel, folder);
    const program = compileC("gcc", kernel, folder, ["-O2"]);
    const size = sizes(kernel, codeBytes(kernel, "x86-64"), gccBytes("", options(kernel, folder), folder));
    const native = nativeKernel(kernel);
    const rounds = Array.from({ length: ROUNDS }, () => {
      const gcc = runPeer(program);
      return { ours: runOurs(native), gcc, v8: runInV8(kernel, folder, gcc.rate) };
    });
    const best = (who: "ours" | "gcc" | "v8"): Measured => ({
      ticks: Math.min(...rounds.map((round) => round[who].ticks)),
      output: rounds[0]![who].output,
    });
    const [ours, gcc, v8] = [best("ours"), best("gcc"), best("v8")];
    if (ours.output !== gcc.output || ours.output !== v8.output)
      throw new Error(`${kernel.name}: outputs differ: ${ours.output}, ${gcc.output} and ${v8.output}`);
    return { ours, gcc, v8, size };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
