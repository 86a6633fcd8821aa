/** Guests on the tap device of the benchmarks' network namespace, and the client that asks them. */
import { spawnSync } from "node:child_process";
import { type Qemu, startQemu } from "../tools/qemu.ts";
import { program } from "./appliance.ts";

export const GUEST = "10.77.0.2";

/** Is there a namespace with a tap device? `tools/bench.sh` makes it where it may. */
export const hasNetwork = process.env["APPL_BENCH_TAP"] === "1";

export const network = [
  ...["-netdev", "tap,id=n0,ifname=tap0,script=no,downscript=no"],
  ...["-device", "virtio-net-device,netdev=n0"],
] as const;

/** A query every millisecond until the first answer: when it came, in milliseconds of the monotonic clock. */
export function firstAnswerAt(name: string): number | undefined {
  const { stdout } = spawnSync(program("dns-load"), ["first", GUEST, "53", name], { encoding: "utf8" });
  return stdout === "" ? undefined : JSON.parse(stdout).at * 1000;
}

/** From spawning QEMU to the first answer, in milliseconds. */
export async function timeToAnswer(start: () => Promise<Qemu>, name: string): Promise<number> {
  program("dns-load");
  const begin = Number(process.hrtime.bigint()) / 1e6;
  const machine = await start();
  const at = firstAnswerAt(name);
  await machine.kill();
  if (at === undefined) throw new Error(`no answer:\n${machine.text}`);
  return at - begin;
}

interface Counted {
  readonly received: number;
  readonly good: number;
  readonly lost: number;
  readonly instructions: number;
}

function count(machine: Qemu, names: string, queries: number, window: number): number {
  const { stdout } = spawnSync(
    program("dns-load"),
    ["count", GUEST, "53", names, String(queries), String(window), machine.counterFile],
    { encoding: "utf8" },
  );
  const counted = JSON.parse(stdout) as Counted;
  if (counted.good < counted.received || counted.lost > queries / 100)
    throw new Error(`wrong or lost answers: ${stdout}\n${machine.text}`);
  return counted.instructions;
}

/** Guest instructions a query: (count for 2N queries - count for N) / N, three times, in ascending order. */
export function perQuery(machine: Qemu, names: string, window: number): readonly number[] {
  const n = window === 1 ? 2000 : 20_000;
  const once = () => (count(machine, names, 2 * n, window) - count(machine, names, n, window)) / n;
  return [once(), once(), once()].toSorted((a, b) => a - b);
}

/** Whether the appliance answers with so much memory. */
export async function answersWith(image: Uint8Array, mebibytes: number): Promise<boolean> {
  const user = [
    ...["-netdev", "user,id=n0,hostfwd=udp:127.0.0.1:5399-:53"],
    ...["-device", "virtio-net-device,netdev=n0"],
  ];
  const machine = await startQemu({ image, args: user, memory: mebibytes, limit: 10_000 });
  const asked = ["first", "127.0.0.1", "5399", "www.example.com"];
  const { status } = spawnSync(program("dns-load"), asked, { timeout: 3000 });
  await machine.kill();
  return status === 0;
}
