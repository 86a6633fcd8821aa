/**
 * One WebAssembly module as machine code twice: by this code generator, and by `wasm2c` with `gcc -O2` (guard pages for both). Both are timed by the
 * processor's time-stamp counter around a call of `run`, and must leave the same output.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type NativeHost, NativeInstance } from "../compiler/codegen/native/instance.ts";
import type { Command } from "../compiler/codegen/native/protocol.ts";
import { parseModule } from "../compiler/codegen/wasm/decode.ts";
import { elfOf, runNative } from "../tools/native-process.ts";

/** The module exports `run(i32, i32)` and `outputAddress() -> i32`, with an input also `inputAddress() -> i32`. */
export interface Kernel {
  readonly name: string;
  readonly wasm: Uint8Array;
  /** Arguments of `run`, whose calls are timed. */
  readonly args: readonly [number, number];
  /** What is written at the input address first. */
  readonly input?: Uint8Array;
  /** There is `finish()`, which leaves the output after the last call of `run`. */
  readonly finish?: boolean;
}

interface Measured {
  /** Ticks of the fastest call of `run`: the others were disturbed. */
  readonly ticks: number;
  /** 32 bytes at the output address, hexadecimal. */
  readonly output: string;
}

const SAMPLES = 15;
const OUTPUT = 32;

export function runOurs(kernel: Kernel): Measured {
  const host: NativeHost = { global: () => 0n, memory: { min: 0, max: 0 }, table: { min: 0, max: 0 } };
  const instance = new NativeInstance(parseModule(kernel.wasm), host);
  // For `objdump -d`.
  if (process.env["KEEP"]) writeFileSync(process.env["KEEP"], elfOf(instance.program));
  const call = (name: string): Command => instance.invoke(name, []);
  const asked = kernel.input ? ["inputAddress", "outputAddress"] : ["outputAddress"];
  const addresses = runNative(instance.program, [...instance.start, ...asked.map(call)])
    .slice(instance.start.length)
    .map((answer) => (answer.kind === "values" ? Number(answer.values[0]) : Number.NaN));
  const run = instance.invoke("run", kernel.args.map(BigInt));
  const answers = runNative(instance.program, [
    ...instance.start,
    ...(kernel.input ? [{ kind: "write", offset: addresses[0]!, bytes: kernel.input } as const] : []),
    ...Array.from({ length: SAMPLES }, () => run),
    ...(kernel.finish ? [call("finish")] : []),
    { kind: "read", offset: addresses.at(-1)!, size: OUTPUT },
  ]);
  const last = answers.at(-1)!;
  if (last.kind !== "bytes")
    throw new Error(`${kernel.name} ended early: ${JSON.stringify(answers.map(({ kind }) => kind))}`);
  const from = instance.start.length + (kernel.input ? 1 : 0);
  const times = answers
    .slice(from, from + SAMPLES)
    .map((answer) => (answer.kind === "values" ? Number(answer.ticks) : Number.NaN));
  return { ticks: Math.min(...times), output: Buffer.from(last.bytes).toString("hex") };
}

/** The same steps around the peer. */
const peerMain = (input: Uint8Array | undefined): string => `
#include <stdio.h>
#include <string.h>
#include <x86intrin.h>
#include "kernel.h"
static const unsigned char input[] = {${input?.join(",") ?? "0"}};
int main(void) {
  wasm_rt_init();
  Z_kernel_init_module();
  static Z_kernel_instance_t k;
  Z_kernel_instantiate(&k);
  wasm_rt_memory_t *memory = Z_kernelZ_memory(&k);
#ifdef INPUT
  memcpy(memory->data + Z_kernelZ_inputAddress(&k), input, sizeof input);
#endif
  unsigned long long best = -1;
  for (int s = 0; s < SAMPLES; s++) {
    unsigned long long begin = __rdtsc();
    Z_kernelZ_run(&k, RUN);
    unsigned long long ticks = __rdtsc() - begin;
    if (ticks < best) best = ticks;
  }
#ifdef FINISH
  Z_kernelZ_finish(&k);
#endif
  printf("%llu ", best);
  unsigned char *output = memory->data + Z_kernelZ_outputAddress(&k);
  for (int n = 0; n < ${OUTPUT}; n++) printf("%02x", output[n]);
  return 0;
}
`;

export function runPeer(kernel: Kernel): Measured {
  const work = mkdtempSync(join(tmpdir(), "appl-kernels-"));
  try {
    const file = (name: string) => join(work, name);
    writeFileSync(file("kernel.wasm"), kernel.wasm);
    execFileSync("wasm2c", [file("kernel.wasm"), "-n", "kernel", "-o", file("kernel.c")]);
    writeFileSync(file("main.c"), peerMain(kernel.input));
    const runtime = "/usr/share/wabt/wasm2c";
    execFileSync("gcc", [
      ...["-O2", "-w", "-I", runtime, "-I", work, `-DRUN=${kernel.args.join(",")}`, `-DSAMPLES=${SAMPLES}`],
      ...[...(kernel.input ? ["-DINPUT"] : []), ...(kernel.finish ? ["-DFINISH"] : [])],
      ...[file("main.c"), file("kernel.c"), `${runtime}/wasm-rt-impl.c`, "-lm", "-o", file("kernel")],
    ]);
    const [ticks, output] = execFileSync(file("kernel"), { encoding: "utf8" }).trim().split(" ");
    return { ticks: Number(ticks), output: output! };
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
