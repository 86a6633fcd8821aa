/** A kernel through `wasm2c` and gcc. */
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseModule } from "../compiler/codegen/wasm/decode.ts";
import { type Kernel, type Measured, OUTPUT, SAMPLES } from "./kernel.ts";

const runtime = "/usr/share/wabt/wasm2c";

/** What the kernel imports stands in the same file, so gcc can put it in place as the code generator does. */
const unit = `
#include "kernel.h"
#ifdef MATH
u64 Z_mathZ_mul64hi(struct Z_math_instance_t *m, u64 a, u64 b) { return (unsigned __int128)a * b >> 64; }
void Z_mathZ_secret(struct Z_math_instance_t *m) {}
#endif
#include "kernel.c"
`;

/** Runs as often as the argument says; where there is a time-stamp counter, prints ticks of the fastest, the output, and ticks a nanosecond. */
const main = (input: Uint8Array | undefined): string => `
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "kernel.h"
#ifdef __x86_64__
#include <x86intrin.h>
#else
#define __rdtsc() 0ull
#endif
static const unsigned char input[] = {${input?.join(",") ?? "0"}};
static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1e9 + t.tv_nsec;
}
int main(int count, char **words) {
  wasm_rt_init();
  Z_kernel_init_module();
  static Z_kernel_instance_t k;
#ifdef MATH
  Z_kernel_instantiate(&k, NULL);
#else
  Z_kernel_instantiate(&k);
#endif
  wasm_rt_memory_t *memory = Z_kernelZ_memory(&k);
#ifdef INPUT
  memcpy(memory->data + Z_kernelZ_inputAddress(&k), input, sizeof input);
#endif
  double from = now();
  unsigned long long first = __rdtsc(), best = -1;
  for (int s = 0; s < atoi(words[1]); s++) {
    unsigned long long begin = __rdtsc();
    Z_kernelZ_run(&k, RUN);
    unsigned long long ticks = __rdtsc() - begin;
    if (ticks < best) best = ticks;
  }
  unsigned long long all = __rdtsc() - first;
  double rate = all / (now() - from);
#ifdef FINISH
  Z_kernelZ_finish(&k);
#endif
  printf("%llu ", best);
  unsigned char *output = memory->data + Z_kernelZ_outputAddress(&k);
  for (int n = 0; n < ${OUTPUT}; n++) printf("%02x", output[n]);
  printf(" %f", rate);
  return 0;
}
`;

/** Writes the C source into the folder. */
export function writeSources(kernel: Kernel, folder: string): void {
  const write = (name: string, content: string | Uint8Array) => writeFileSync(join(folder, name), content);
  write("kernel.wasm", kernel.wasm);
  execFileSync("wasm2c", [join(folder, "kernel.wasm"), "-n", "kernel", "-o", join(folder, "kernel.c")]);
  write("unit.c", unit);
  write("main.c", main(kernel.input));
}

/** Options for both files of C. */
export function options(kernel: Kernel, folder: string): string[] {
  const imports = parseModule(kernel.wasm).functions.some(({ import: name }) => name !== undefined);
  return [
    ...["-w", "-I", runtime, "-I", folder, `-DRUN=${kernel.args.join(",")}`],
    ...[...(kernel.input ? ["-DINPUT"] : []), ...(kernel.finish ? ["-DFINISH"] : [])],
    ...(imports ? ["-DMATH"] : []),
  ];
}

export function compileC(compiler: string, kernel: Kernel, folder: string, more: readonly string[]): string {
  const program = join(folder, "program");
  execFileSync(compiler, [
    ...[...more, ...options(kernel, folder), join(folder, "main.c"), join(folder, "unit.c")],
    ...[`${runtime}/wasm-rt-impl.c`, "-lm", "-o", program],
  ]);
  return program;
}

/** `rate`: ticks of the time-stamp counter a nanosecond. */
export function runPeer(program: string): Measured & { rate: number } {
  const [ticks, output, rate] = execFileSync(program, [`${SAMPLES}`], { encoding: "utf8" }).split(" ");
  return { ticks: Number(ticks), output: output!, rate: Number(rate) };
}
