/**
 * What a DNS appliance costs on kvm: image, first answer, instructions, memory, build times; beside its peers where they can be measured here.
 * Runs in a network namespace of its own with one tap device: `npm run bench` makes it.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Qemu, startQemu } from "../tools/qemu.ts";
import { appl, build, folder, zoneOf } from "./appliance.ts";
import { bounded, grouped, median, printTable, type Row } from "./table.ts";

const GUEST = "10.77.0.2";
const BOOTS = 11;
const load = join(folder, "dns-load");
execFileSync("gcc", ["-O2", "-o", load, join(import.meta.dirname, "dns-load.c")]);

const network = [
  "-netdev",
  "tap,id=n0,ifname=tap0,script=no,downscript=no",
  "-device",
  "virtio-net-device,netdev=n0",
];
const small = zoneOf(20);

/** Measured before in the same way on the same kind of machine. */
const peers: readonly (readonly [string, number, number])[] = [
  ["Solo5, hand-made responder without a stack", 2620, 2446],
  ["Nanos", 10296, 9209],
  ["Unikraft + lwIP", 11218, 8893],
  ["minimal Linux + NSD", 21316, 13789],
  ["Linux + NSD", 28228, 20959],
];

const tables: Readonly<Record<string, () => Promise<void>>> = { size, first, instructions, memory, builds };
const wanted = process.argv.slice(2);
for (const [name, run] of Object.entries(tables))
  if (wanted.length === 0 || wanted.includes(name)) await run();

async function size(): Promise<void> {
  const { image } = build("examples/ns1/ns1.appl");
  printTable("Image of examples/ns1 on kvm", [
    bounded("whole file, with its zones", image.length, "bytes", 65536),
    {
      what: "",
      value: "",
      against:
        "Solo5, hand-made responder: 79 KB; Unikraft + lwIP: 352 KB; minimal Linux + NSD: 2.3 MB (research figures)",
      ratio: "",
    },
  ]);
}

// ---- first answer

/** 64 KiB that write one byte to the serial port at the reset vector: what QEMU itself costs. */
function floorRom(): string {
  const rom = Buffer.alloc(65536);
  rom.set([0xba, 0xf8, 0x03, 0xb0, 0x21, 0xee, 0xf4], 0xfff0); // mov dx, 0x3f8; mov al, '!'; out dx, al; hlt
  const path = join(folder, "floor.rom");
  writeFileSync(path, rom);
  return path;
}

async function first(): Promise<void> {
  const { image } = build(small.path);
  const floor = floorRom();
  const times = { floor: [] as number[], answer: [] as number[] };
  for (let n = 0; n < BOOTS; n++) {
    times.floor.push(await firstByte(floor, image));
    times.answer.push(await firstAnswer(image));
  }
  const [least, middle] = [Math.min(...times.floor), median(times.floor)];
  const over = Math.min(...times.answer) - least;
  printTable(`Spawn to first answer on microvm, ${BOOTS} boots each, alternating`, [
    {
      what: "QEMU's own floor, first byte",
      value: `${least.toFixed(1)} ms`,
      against: `median ${middle.toFixed(1)} ms`,
      ratio: "",
    },
    {
      what: "first answer to a query",
      value: `${Math.min(...times.answer).toFixed(1)} ms`,
      against: `median ${median(times.answer).toFixed(1)} ms`,
      ratio: "",
    },
    bounded("first answer above the floor (best of each)", over, "ms", 40),
    bounded("the same (medians)", median(times.answer) - middle, "ms", 40),
  ]);
}

async function firstByte(rom: string, image: Uint8Array): Promise<number> {
  const begin = performance.now();
  const machine = await startQemu({ image, args: ["-bios", rom] });
  await machine.waitFor("!");
  const ms = performance.now() - begin;
  await machine.kill();
  return ms;
}

async function firstAnswer(image: Uint8Array): Promise<number> {
  const begin = Number(process.hrtime.bigint()) / 1e6;
  const machine = await startQemu({ image, args: network });
  const { stdout } = spawnSync(load, ["first", GUEST, "53", "host-0.bench.test"], { encoding: "utf8" });
  await machine.kill();
  if (stdout === "") throw new Error(`no answer:\n${machine.text}`);
  return JSON.parse(stdout).at * 1000 - begin;
}

// ---- instructions

interface Counted {
  readonly received: number;
  readonly good: number;
  readonly lost: number;
  readonly seconds: number;
  readonly instructions: number;
}

function count(machine: Qemu, names: string, queries: number, window: number): Counted {
  const { stdout } = spawnSync(
    load,
    ["count", GUEST, "53", names, String(queries), String(window), machine.counterFile],
    { encoding: "utf8" },
  );
  const counted: Counted = JSON.parse(stdout);
  if (counted.good < counted.received || counted.lost > queries / 100)
    throw new Error(`wrong or lost answers: ${stdout}\n${machine.text}`);
  return counted;
}

/** (count for 2N - count for N) / N, three times, median. */
function perQuery(machine: Qemu, names: string, window: number): number {
  const n = window === 1 ? 2000 : 20000;
  const once = () =>
    (count(machine, names, 2 * n, window).instructions - count(machine, names, n, window).instructions) / n;
  return median([once(), once(), once()]);
}

async function instructions(): Promise<void> {
  const rows: Row[] = [];
  const large = zoneOf(100_000);
  const perRecords = new Map<number, number[]>();
  for (const zone of [
    { records: 20, ...small },
    { records: 100_000, ...large },
  ]) {
    const { image } = build(zone.path);
    const machine = await startQemu({ image, args: network, memory: 128, count: {}, limit: 600_000 });
    spawnSync(load, ["first", GUEST, "53", "host-0.bench.test"]);
    const idle = machine.counters().total;
    if (zone.records === 20)
      rows.push(
        bounded(
          "reset to ready and first answer, firmware included",
          Number(idle),
          "instructions",
          2_000_000,
        ),
      );
    perRecords.set(zone.records, [perQuery(machine, zone.names, 1), perQuery(machine, zone.names, 32)]);
    await machine.kill();
  }
  const [one, many] = perRecords.get(20)!;
  const [oneLarge, manyLarge] = perRecords.get(100_000)!;
  rows.push(
    bounded("a query, one outstanding, 20 records", one!, "instructions", 2500),
    bounded("a query, 32 outstanding, 20 records", many!, "instructions", 1500),
    {
      what: "one outstanding, 100,000 records",
      value: grouped(Math.round(oneLarge!)),
      against: "the same for 20 records",
      ratio: (oneLarge! / one!).toFixed(3),
    },
    {
      what: "32 outstanding, 100,000 records",
      value: grouped(Math.round(manyLarge!)),
      against: "the same for 20 records",
      ratio: (manyLarge! / many!).toFixed(3),
    },
  );
  for (const [name, w1, w32] of peers)
    rows.push({
      what: `peer: ${name} (research figures)`,
      value: `${grouped(w1)} / ${grouped(w32)}`,
      against: "one / 32 outstanding",
      ratio: `${(w1 / one!).toFixed(1)} / ${(w32 / many!).toFixed(1)}`,
    });
  printTable("Guest instructions (TCG plugin; interrupt to idle, everything included)", rows);
}

// ---- memory

async function memory(): Promise<void> {
  const { image } = build("examples/ns1/ns1.appl");
  let smallest: number | undefined;
  for (const mebibytes of [8, 6, 5, 4, 3, 2]) {
    const answered = await answers(image, mebibytes);
    if (!answered) break;
    smallest = mebibytes;
  }
  printTable("Smallest memory with an answer", [bounded("examples/ns1", smallest ?? Number.NaN, "MiB", 4)]);
}

async function answers(image: Uint8Array, mebibytes: number): Promise<boolean> {
  const user = [
    "-netdev",
    "user,id=n0,hostfwd=udp:127.0.0.1:5399-:53",
    "-device",
    "virtio-net-device,netdev=n0",
  ];
  const machine = await startQemu({ image, args: user, memory: mebibytes, limit: 10_000 });
  const { status } = spawnSync(load, ["first", "127.0.0.1", "5399", "www.example.com"], { timeout: 3000 });
  await machine.kill();
  return status === 0;
}

// ---- builds

async function builds(): Promise<void> {
  const description = zoneOf(20).path;
  const cold = appl(["build", `${description}@kvm`, "-o", join(folder, "a.elf")], "cold").milliseconds;
  const same = [1, 2, 3].map(
    () => appl(["build", `${description}@kvm`, "-o", join(folder, "a.elf")], "cold").milliseconds,
  );
  const changed = [1, 2, 3].map((n) => {
    const text = `appl 1\nuse std/net\nuse std/dns\n\nappliance bench {\n  net eth0 { address = 10.77.0.${n + 2}/24; gateway = 10.77.0.1 }\n  dns { zone "bench.test" { primary { master = file "./zone-20.zone" } } }\n}\n`;
    writeFileSync(description, text);
    return appl(["build", `${description}@kvm`, "-o", join(folder, "a.elf")], "cold").milliseconds;
  });
  const bare = [1, 2, 3].map(() => {
    const begin = performance.now();
    spawnSync(process.execPath, ["-e", ""]);
    return performance.now() - begin;
  });
  const large = zoneOf(100_000);
  const whole = build(large.path, "cold");
  const little = build(zoneOf(20).path, "cold");
  printTable("Builds, whole process", [
    { what: "Node alone", value: `${Math.round(median(bare))} ms`, against: "", ratio: "" },
    bounded("nothing cached", cold, "ms", 15_000),
    bounded("one setting changed", median(changed), "ms", 1000),
    bounded("nothing changed", median(same), "ms", 500),
    bounded("a zone of 100,000 records", whole.milliseconds, "ms", 10_000),
    bounded(
      "image bytes for each record of it",
      (whole.image.length - little.image.length) / 99_980,
      "bytes",
      200,
    ),
  ]);
}
