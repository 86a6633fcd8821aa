/**
 * Speed of generated code: AssemblyScript kernels (bench/kernels) compiled by `asc -O2`, then the same wasm by this code generator and by
 * `wasm2c` with `gcc -O2` (guard pages for both). Prints clock ticks per byte and how the speeds compare.
 *   npx tsx bench/kernels.ts [KERNEL…]
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import asc from "assemblyscript/asc";
import { type NativeHost, NativeInstance } from "../compiler/codegen/native/instance.ts";
import { parseModule } from "../compiler/codegen/wasm/decode.ts";
import { runNative } from "../tools/native-process.ts";

const folder = new URL("./kernels/", import.meta.url);
const SIZE = 16384;
const TIMES = 64;
/** The best of so many: the others were disturbed. */
const SAMPLES = 15;

interface Measured {
  /** Clock ticks of one `run(SIZE, TIMES)`. */
  readonly ticks: number;
  readonly output: string;
}

/** The same steps around the peer. */
const peerMain = `
#include <stdio.h>
#include <x86intrin.h>
#include "kernel.h"
int main(void) {
  wasm_rt_init();
  Z_kernel_init_module();
  Z_kernel_instance_t k;
  Z_kernel_instantiate(&k);
  wasm_rt_memory_t *memory = Z_kernelZ_memory(&k);
  unsigned char *input = memory->data + Z_kernelZ_inputAddress(&k);
  for (int n = 0; n < SIZE; n++) input[n] = n * 7 + (n >> 5);
  unsigned long long best = -1;
  for (int s = 0; s < SAMPLES; s++) {
    unsigned long long begin = __rdtsc();
    Z_kernelZ_run(&k, SIZE, TIMES);
    unsigned long long ticks = __rdtsc() - begin;
    if (ticks < best) best = ticks;
  }
  printf("%llu ", best);
  unsigned char *output = memory->data + Z_kernelZ_outputAddress(&k);
  for (int n = 0; n < 32; n++) printf("%02x", output[n]);
  return 0;
}
`;

const wanted = process.argv.slice(2);
const kernels = readdirSync(folder)
  .filter((name) => name.endsWith(".ts"))
  .map((name) => name.replace(/\.ts$/, ""))
  .filter((name) => wanted.length === 0 || wanted.includes(name))
  .toSorted();
const work = mkdtempSync(join(tmpdir(), "appl-kernels-"));
try {
  console.log(
    `${"kernel".padEnd(12)} ${"ours".padStart(10)} ${"gcc -O2".padStart(10)}  ticks/byte   our speed / gcc's`,
  );
  for (const kernel of kernels) {
    const wasm = await compileKernel(kernel);
    const peer = runPeer(kernel, wasm);
    const ours = runOurs(wasm);
    if (ours.output !== peer.output)
      throw new Error(`${kernel}: outputs differ: ${ours.output} and ${peer.output}`);
    const perByte = ({ ticks }: Measured) => (ticks / (SIZE * TIMES)).toFixed(2).padStart(10);
    console.log(
      `${kernel.padEnd(12)} ${perByte(ours)} ${perByte(peer)}               ${(peer.ticks / ours.ticks).toFixed(2)}`,
    );
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}

async function compileKernel(kernel: string): Promise<Uint8Array> {
  let wasm: Uint8Array | undefined;
  const { error, stderr } = await asc.main(
    [`${kernel}.ts`, "--outFile", "out.wasm", "-O2", "--runtime", "minimal"],
    {
      readFile: (name) => {
        try {
          return readFileSync(new URL(name, folder), "utf8");
        } catch {
          return null;
        }
      },
      writeFile: (_, contents) => {
        wasm = contents as Uint8Array;
      },
      listFiles: () => [],
    },
  );
  if (error !== null || wasm === undefined) throw new Error(`${kernel}: ${stderr.toString()}`);
  return wasm;
}

function inputBytes(): Uint8Array {
  return Uint8Array.from({ length: SIZE }, (_, n) => (n * 7 + (n >> 5)) & 255);
}

function runOurs(wasm: Uint8Array): Measured {
  const host: NativeHost = { global: () => 0n, memory: { min: 0, max: 0 }, table: { min: 0, max: 0 } };
  const instance = new NativeInstance(parseModule(wasm), host);
  if (process.env["KEEP"]) keepProgram(instance);
  const [input, output] = runNative(instance.program, [
    ...instance.start,
    instance.invoke("inputAddress", []),
    instance.invoke("outputAddress", []),
  ])
    .slice(instance.start.length)
    .map((answer) => (answer.kind === "values" ? Number(answer.values[0]) : Number.NaN));
  const run = instance.invoke("run", [BigInt(SIZE), BigInt(TIMES)]);
  const answers = runNative(instance.program, [
    ...instance.start,
    { kind: "write", offset: input!, bytes: inputBytes() },
    ...Array.from({ length: SAMPLES }, () => run),
    { kind: "read", offset: output!, size: 32 },
  ]);
  const times = answers
    .slice(instance.start.length + 1, -1)
    .map((answer) => (answer.kind === "values" ? Number(answer.ticks) : Number.NaN));
  const last = answers.at(-1)!;
  if (last.kind !== "bytes") throw new Error(`the kernel ended early: ${JSON.stringify(answers.at(-2))}`);
  return { ticks: Math.min(...times), output: Buffer.from(last.bytes).toString("hex") };
}

/** For `objdump -d`. */
async function keepProgram({ program }: NativeInstance): Promise<void> {
  const { elfOf } = await import("../tools/native-process.ts");
  writeFileSync(process.env["KEEP"]!, elfOf(program));
}

function runPeer(kernel: string, wasm: Uint8Array): Measured {
  const file = (name: string) => join(work, name);
  writeFileSync(file("kernel.wasm"), wasm);
  execFileSync("wasm2c", [file("kernel.wasm"), "-n", "kernel", "-o", file("kernel.c")]);
  writeFileSync(file("main.c"), peerMain);
  const runtime = "/usr/share/wabt/wasm2c";
  execFileSync("gcc", [
    ...["-O2", "-w", "-I", runtime, "-I", work, "-DSIZE=16384", `-DTIMES=${TIMES}`, `-DSAMPLES=${SAMPLES}`],
    ...[file("main.c"), file("kernel.c"), `${runtime}/wasm-rt-impl.c`, "-lm", "-o", file(kernel)],
  ]);
  const [ticks, output] = execFileSync(file(kernel), { encoding: "utf8" }).trim().split(" ");
  return { ticks: Number(ticks), output: output! };
}
