/** HTTP on kvm: guest instructions of a request, counted as those of a query, the size of an image without its files, and the time to the first byte. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Qemu, startQemu } from "../tools/qemu.ts";
import { build, folder, program } from "./appliance.ts";
import { floorRom, timeToByte } from "./boot.ts";
import { GUEST, hasNetwork, network } from "./guest.ts";
import { type HttpPeer, httpPeers } from "./peers.ts";
import { type files, siteFolder, siteOf } from "./site.ts";
import { atMost, grouped, median, printTable, type Row, times } from "./table.ts";

const EXAMPLE = "examples/www";
const GATEWAY = "10.77.0.1";
const BOOTS = 11;

export interface Request {
  readonly what: string;
  readonly mode: "kept" | "new";
  readonly file: keyof typeof files;
  readonly count: number;
  readonly most: number;
  readonly of: keyof HttpPeer["instructions"];
}
export const requests: readonly Request[] = [
  { what: "128 bytes", mode: "kept", file: "index.html", count: 1000, most: 7000, of: "small" },
  { what: "10 KiB", mode: "kept", file: "10k.css", count: 500, most: 10_000, of: "middle" },
  { what: "100 KiB", mode: "kept", file: "100k.js", count: 200, most: 40_000, of: "large" },
  {
    what: "128 bytes, a connection each",
    mode: "new",
    file: "index.html",
    count: 300,
    most: 20_000,
    of: "connection",
  },
];

/** `http-load` with these words; what it has said. */
function load(machine: Qemu, ...words: readonly string[]): Readonly<Record<string, number>> {
  const { stdout, stderr, status } = spawnSync(program("http-load"), words, { encoding: "utf8" });
  if (status !== 0) throw new Error(`no good answer: ${stderr}\n${machine.text}`);
  return JSON.parse(stdout);
}

/** (count for 2N requests - count for N) / N, three times, in ascending order. */
export function perRequest(machine: Qemu, { mode, file, count }: Request): readonly number[] {
  const counted = (n: number) =>
    load(machine, mode, GUEST, "80", `/${file}`, String(n), machine.counterFile)["instructions"]!;
  const once = () => (counted(2 * count) - counted(count)) / count;
  return [once(), once(), once()].toSorted((a, b) => a - b);
}

export async function httpRequests(): Promise<void> {
  if (!hasNetwork) throw new Error("this needs a network namespace: see docs/bench.md");
  const { image } = build(siteOf(siteFolder(), GUEST, GATEWAY));
  const machine = await startQemu({ image, args: network, memory: 128, count: {}, limit: 600_000 });
  const rows: Row[] = [];
  try {
    await machine.waitFor(/eth0: /);
    for (const request of requests) {
      const counts = perRequest(machine, request);
      const runs = counts.map((each) => grouped(Math.round(each))).join(" ");
      rows.push(
        atMost(request.what, counts[1]!, "", request.most, `three runs: ${runs}`),
        ...httpPeers.map(({ name, instructions }) => ({
          what: `  ${name} (recorded)`,
          measured: grouped(instructions[request.of]),
          beside: times(instructions[request.of], counts[1]!),
        })),
      );
    }
  } finally {
    await machine.kill();
  }
  printTable(
    "Guest instructions of an HTTP request, median of three; interrupt to idle, everything included",
    rows,
  );
}

/** How the example's interface has its addresses. */
const interfaces = {
  "an address of IPv4": "",
  "DHCP, IPv4 only": "{ address = dhcp; autoconf = false }",
  "DHCP, and IPv6 beside": "{ address = dhcp }",
} as const;

/** The example as it is, and with nothing in its folder but files of one byte: with its interface as it is, and with others. */
export function httpSize(): void {
  const description = readFileSync(join(EXAMPLE, "www.appl"), "utf8");
  const empty = Object.entries(interfaces).map(([what, settings], n) => {
    const path = join(folder, `www-${n}`);
    mkdirSync(join(path, "public"), { recursive: true });
    const text =
      settings === "" ? description : description.replace(/net eth0 \{.*\}/, `net eth0 ${settings}`);
    writeFileSync(join(path, "www.appl"), text);
    for (const name of ["index.html", "404.html"]) writeFileSync(join(path, "public", name), "\n");
    const { length } = build(join(path, "www.appl")).image;
    return atMost(`without its files: ${what}`, length, "bytes", 120 * 1024);
  });
  const whole = build(join(EXAMPLE, "www.appl")).image.length;
  printTable("Image of examples/www on kvm", [
    ...empty,
    { what: "with them", measured: `${grouped(whole)} bytes` },
    ...httpPeers.map(({ name, imageBytes }) => ({
      what: `  ${name} (recorded, with five files)`,
      measured: `${grouped(imageBytes)} bytes`,
      beside: times(imageBytes, whole),
    })),
  ]);
}

export async function httpFirst(): Promise<void> {
  if (!hasNetwork) throw new Error("this needs a network namespace: see docs/bench.md");
  const { image } = build(siteOf(siteFolder(), GUEST, GATEWAY));
  const rom = floorRom();
  const [floor, answer]: [number[], number[]] = [[], []];
  program("http-load");
  for (let n = 0; n < BOOTS; n++) {
    floor.push(await timeToByte(rom, image));
    const begin = Number(process.hrtime.bigint()) / 1e6;
    const machine = await startQemu({ image, args: network });
    answer.push(load(machine, "first", GUEST, "80", "/")["at"]! * 1000 - begin);
    await machine.kill();
  }
  const best = (values: readonly number[]) => Math.min(...values);
  printTable(`Spawn to the first byte of an HTTP answer, microvm, ${BOOTS} boots each, alternating`, [
    {
      what: "QEMU's own floor",
      measured: `${median(floor).toFixed(1)} ms`,
      beside: `best ${best(floor).toFixed(1)} ms`,
    },
    {
      what: "first byte",
      measured: `${median(answer).toFixed(1)} ms`,
      beside: `best ${best(answer).toFixed(1)} ms`,
    },
    atMost("above the floor, medians", median(answer) - median(floor), "ms", 45),
    atMost("above the floor, best of each", best(answer) - best(floor), "ms", 45),
  ]);
}
