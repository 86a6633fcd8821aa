/**
 * ESP32: what an image takes of flash memory and RAM beside ESPHome and ESP-IDF, and guest instructions of its code on the board of QEMU that is nearest to the
 * chip: an ESP32 runs as many, at up to 240 million a second.
 */
import { execFileSync } from "node:child_process";
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Qemu, startQemu } from "../tools/qemu.ts";
import { build, command, folder, zoneOf } from "./appliance.ts";
import { firstAnswerAt, GUEST, hasNetwork, perQuery } from "./guest.ts";
import { firmwares } from "./peers.ts";
import { perRequest, requests } from "./requests.ts";
import { siteFolder, siteOf } from "./site.ts";
import { grouped, printTable, type Row, times } from "./table.ts";

const GATEWAY = "10.77.0.1";
/** Modules that are named. */
const LARGEST = 8;
const network = ["-nic", "tap,ifname=tap0,script=no,downscript=no,model=open_eth"];
/** A board that one can buy. */
const BOARD = "esp32.olimex_poe";

export async function esp32(): Promise<void> {
  sizes();
  builds();
  if (!hasNetwork) throw new Error("instructions need a network namespace: see docs/bench.md");
  const zone = zoneOf(20);
  const site = siteOf(siteFolder(), GUEST, GATEWAY);
  const rows: Row[] = [];
  await counted(zone.path, async (machine, ready) => {
    rows.push({ what: "DNS: from reset until it is ready", measured: grouped(ready) });
    firstAnswerAt("host-0.bench.test");
    rows.push({ what: "DNS: from reset to the first answer", measured: grouped(machine.counters().total) });
    rows.push(asked("DNS: a query, one outstanding", perQuery(machine, zone.names, 1)));
    rows.push(asked("DNS: a query, 32 outstanding", perQuery(machine, zone.names, 32)));
  });
  await counted(site, async (machine, ready) => {
    rows.push({ what: "HTTP: from reset until it is ready", measured: grouped(ready) });
    for (const request of requests) rows.push(asked(`HTTP: ${request.what}`, perRequest(machine, request)));
  });
  printTable("Guest instructions on kc705-nommu, core de212, median of three", rows);
}

function asked(what: string, counts: readonly number[]): Row {
  const count = Math.round(counts[1]!);
  return { what, measured: grouped(count), beside: `${(1e6 / count).toFixed(0)} in a million` };
}

/** `use`: with what it took until it was ready. */
async function counted(path: string, use: (machine: Qemu, ready: bigint) => Promise<void>): Promise<void> {
  const { image } = build(path, "cache", "esp32");
  const machine = await startQemu({
    image,
    system: "xtensa",
    args: network,
    memory: 32,
    count: {},
    limit: 600_000,
  });
  try {
    await machine.waitFor(/eth0: /);
    await new Promise((resolve) => setTimeout(resolve, 200));
    await use(machine, machine.counters().total);
  } finally {
    await machine.kill();
  }
}

/** An example that the board's target was added to; its path. */
function onBoard(name: string): string {
  const copied = join(folder, `esp32-${name}`);
  cpSync(join("examples", name), copied, { recursive: true });
  const path = join(copied, `${name}.appl`);
  const text = readFileSync(path, "utf8");
  const [library, board] = BOARD.split(".");
  writeFileSync(
    path,
    `${text.replace("appl 1\n", `appl 1\nuse std/board/${library}\n`)}\ntarget chip { board = ${library}.${board} }\n`,
  );
  return path;
}

interface Inspected {
  readonly modules: readonly { readonly path: string; readonly bytes: number }[];
  readonly map: readonly { readonly access: string; readonly size: number; readonly stored: number }[];
}

/** Flash memory that one slot holds, and RAM that is taken when it runs. */
function sizes(): void {
  for (const [name, what] of [
    ["ns1", "DNS over UDP and TCP"],
    ["www", "HTTP, with a site of 8 files"],
  ] as const) {
    build(onBoard(name), "cache", "chip");
    const { modules, map } = JSON.parse(
      execFileSync(process.execPath, [command, "inspect", join(folder, "image.chip"), "--json"], {
        env: { ...process.env, APPL_CACHE: join(folder, "cache") },
        encoding: "utf8",
      }),
    ) as Inspected;
    const flash = map.reduce((sum, { stored }) => sum + stored, 0);
    const ram = map.reduce((sum, { access, size }) => sum + (access.includes("w") ? size : 0), 0);
    printTable(`examples/${name} on ${BOARD}: ${what}`, [
      ...modules
        .toSorted((a, b) => b.bytes - a.bytes)
        .slice(0, LARGEST)
        .map(({ path, bytes }) => ({ what: `  ${path}`, measured: `${grouped(bytes)} bytes` })),
      { what: "flash memory, all of it", measured: `${grouped(flash)} bytes` },
      { what: "RAM, all of it", measured: `${grouped(ram)} bytes` },
      ...firmwares.map(({ name: firmware, flash: theirs, ram: memory }) => ({
        what: `  ${firmware} (published)`,
        measured: `${grouped(theirs)} / ${memory === undefined ? "?" : grouped(memory)} bytes`,
        beside: `${times(theirs, flash)} / ${memory === undefined ? "?" : times(memory, ram)}`,
      })),
    ]);
  }
}

/** The whole command, with nothing known and with everything. */
function builds(): void {
  const path = onBoard("ns1");
  rmSync(join(folder, "cold-chip"), { recursive: true, force: true });
  const cold = build(path, "cold-chip", "chip").spent.wall;
  const warm = build(path, "cold-chip", "chip").spent.wall;
  printTable(`Build of examples/ns1 for ${BOARD}, once`, [
    { what: "nothing cached", measured: `${Math.round(cold)} ms` },
    { what: "nothing changed", measured: `${Math.round(warm)} ms` },
  ]);
}
