/**
 * Speed of generated code against that of `gcc -O2` for the same WebAssembly: AssemblyScript kernels (bench/kernels) and the DNS server.
 *   npx tsx bench/main.ts kernels
 */
import { readFileSync } from "node:fs";
import { type DnsKernel, dnsKernel } from "./dns-kernel.ts";
import { type Kernel, runOurs, runPeer } from "./native-kernel.ts";
import { printTable, type Row } from "./table.ts";

const folder = new URL("./kernels/", import.meta.url);
const SIZE = 16384;
const TIMES = 64;
/** Of the speed of gcc's code. */
const GOAL = 0.5;

export async function kernels(): Promise<void> {
  const rows: Row[] = [];
  for (const name of ["sha256", "chacha20"])
    rows.push(compared(await compiled(name), SIZE * TIMES, "a byte"));
  const dns = await dnsKernel();
  for (const [set, { what, questions }] of dns.sets.entries())
    rows.push(
      compared(
        { name: `DNS answer, ${what}`, ...answering(dns, set, questions) },
        questions * repeats(questions),
        "an answer",
      ),
    );
  printTable("Generated code, and the same WebAssembly through wasm2c and gcc -O2", rows);
}

function answering({ wasm }: DnsKernel, set: number, questions: number): Omit<Kernel, "name"> {
  return { wasm, args: [set, repeats(questions)], finish: true };
}

/** Some ten thousand answers are timed together. */
const repeats = (questions: number): number => Math.max(1, Math.round(20_000 / questions));

function compared(kernel: Kernel, units: number, unit: string): Row {
  const [peer, ours] = [runPeer(kernel), runOurs(kernel)];
  if (ours.output !== peer.output)
    throw new Error(`${kernel.name}: outputs differ: ${ours.output} and ${peer.output}`);
  const ratio = peer.ticks / ours.ticks;
  const each = (ticks: number) => (ticks / units).toFixed(ticks / units < 100 ? 2 : 0);
  return {
    what: kernel.name,
    measured: `${ratio.toFixed(2)} of gcc's speed`,
    goal: `>= ${GOAL}`,
    reached: ratio >= GOAL,
    beside: `${each(ours.ticks)} clock ticks ${unit}; gcc ${each(peer.ticks)}`,
  };
}

async function compiled(kernel: string): Promise<Kernel> {
  const { default: asc } = await import("assemblyscript/asc");
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
  const input = Uint8Array.from({ length: SIZE }, (_, n) => (n * 7 + (n >> 5)) & 255);
  return { name: kernel, wasm, args: [SIZE, TIMES], input };
}
