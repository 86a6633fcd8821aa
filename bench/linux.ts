/**
 * Linux + NSD beside the appliance: Debian's kernel with the machine's own nsd and its libraries in an initramfs, on q35. It is measured
 * with `--linux`, for which `bench/linux.sh` fetches the kernel; else there are the recorded figures alone.
 */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { type Qemu, startQemu } from "../tools/qemu.ts";
import { folder, zoneOf } from "./appliance.ts";
import { firstAnswerAt, GUEST, perQuery, timeToAnswer } from "./guest.ts";
import { type ArchiveEntry, archive } from "./initramfs.ts";
import { grouped, median, type Row, times } from "./table.ts";

const FILES = join(import.meta.dirname, "../.cache/bench-linux");
const NSD = "/usr/sbin/nsd";
const BOOTS = 3;
const NAME = "host-0.bench.test";
/** In the order in which they need each other. */
const MODULES = [
  ...["drivers/virtio/virtio_ring", "drivers/virtio/virtio", "drivers/virtio/virtio_pci_legacy_dev"],
  ...["drivers/virtio/virtio_pci_modern_dev", "drivers/virtio/virtio_pci"],
  ...["net/core/failover", "drivers/net/net_failover", "drivers/net/virtio_net"],
] as const;
const DIRECTORIES = ["bin", "dev", "proc", "sys", "tmp", "run", "var", "var/lib", "var/lib/nsd"] as const;

const INIT = `#!/bin/busybox sh
/bin/busybox mount -t devtmpfs dev /dev
/bin/busybox mount -t proc proc /proc
/bin/busybox mount -t sysfs sys /sys
${MODULES.map((name) => `/bin/busybox insmod /${basename(name)}.ko\n`).join("")}/bin/busybox ip link set lo up
/bin/busybox ip addr add ${GUEST}/24 dev eth0
/bin/busybox ip link set eth0 up
exec ${NSD} -d -c /nsd.conf
`;

const CONFIGURATION = `server:
  ip-address: ${GUEST}
  server-count: 1
  username: ""
  database: ""
  zonesdir: "/"
  xfrdfile: ""
  pidfile: ""
  zonelistfile: "/tmp/zones"
  xfrdir: "/tmp"
  rrl-ratelimit: 0
remote-control:
  control-enable: no
zone:
  name: "bench.test"
  zonefile: "/bench.test.zone"
`;

interface Linux {
  readonly kernel: Uint8Array;
  readonly initramfs: string;
  readonly size: number;
  readonly names: string;
}

let made: Linux | undefined;

function linux(): Linux | undefined {
  if (made !== undefined || process.env["APPL_BENCH_LINUX"] !== "1") return made;
  const { names } = zoneOf(20);
  const version = readdirSync(join(FILES, "lib/modules"))[0]!;
  const text = (path: string, content: string, executable = false): ArchiveEntry =>
    file(path, Buffer.from(content), executable);
  const libraries = sharedLibraries(NSD);
  const directories = new Set([...DIRECTORIES, ...[NSD, ...libraries].flatMap((path) => above(path))]);
  const entries: ArchiveEntry[] = [
    ...[...directories].map((path): ArchiveEntry => ({ path, content: { kind: "directory" } })),
    { path: "dev/console", content: { kind: "device", major: 5, minor: 1 } },
    text("init", INIT, true),
    text("nsd.conf", CONFIGURATION),
    file("bench.test.zone", readFileSync(join(folder, "zone-20.zone"))),
    file("bin/busybox", readFileSync(join(FILES, "bin/busybox")), true),
    ...[NSD, ...libraries].map((path) => file(path.slice(1), readFileSync(realpathSync(path)), true)),
    ...MODULES.map((name) =>
      file(`${basename(name)}.ko`, readFileSync(join(FILES, "lib/modules", version, "kernel", `${name}.ko`))),
    ),
  ];
  const initramfs = join(folder, "initramfs.gz");
  const packed = gzipSync(archive(entries), { level: 9 });
  writeFileSync(initramfs, packed);
  const kernel = readFileSync(join(FILES, "boot", `vmlinuz-${version}`));
  made = { kernel, initramfs, size: kernel.length + packed.length, names };
  return made;
}

const file = (path: string, bytes: Uint8Array, executable = false): ArchiveEntry => ({
  path,
  content: { kind: "file", bytes, executable },
});

/** What the dynamic linker loads, and the linker itself. */
function sharedLibraries(path: string): readonly string[] {
  const text = execFileSync("ldd", [path], { encoding: "utf8" });
  return [...text.matchAll(/^\s*(?:\S+ => )?(\/\S+) \(/gm)].map((match) => match[1]!);
}

/** All folders above a path, the outermost first. */
function above(path: string): string[] {
  const parent = dirname(path);
  return parent === "/" ? [] : [...above(parent), parent.slice(1)];
}

function boot({ kernel, initramfs }: Linux, count = false): Promise<Qemu> {
  return startQemu({
    image: kernel,
    machine: "q35",
    memory: 256,
    append: "console=ttyS0 quiet panic=-1",
    args: [
      ...["-initrd", initramfs, "-netdev", "tap,id=n0,ifname=tap0,script=no,downscript=no"],
      ...["-device", "virtio-net-pci,netdev=n0"],
    ],
    limit: 600_000,
    ...(count && { count: {} }),
  });
}

/** `ours` are the milliseconds of the appliance. */
export async function linuxFirstAnswer(ours: number): Promise<readonly Row[]> {
  const peer = linux();
  if (peer === undefined) return [];
  const all: number[] = [];
  for (let n = 0; n < BOOTS; n++) all.push(await timeToAnswer(() => boot(peer), NAME));
  return [
    {
      what: `  Linux + NSD (measured now, q35, ${BOOTS} boots)`,
      measured: `${grouped(Math.round(median(all)))} ms`,
      beside: times(median(all), ours),
    },
  ];
}

export function linuxSize(ours: number): readonly Row[] {
  const peer = linux();
  if (peer === undefined) return [];
  const measured = `${grouped(peer.size)} bytes`;
  return [{ what: "  Linux + NSD (measured now)", measured, beside: times(peer.size, ours) }];
}

/** `one` and `many` are the instructions of the appliance for a query with one and with 32 outstanding. */
export async function linuxInstructions(one: number, many: number): Promise<readonly Row[]> {
  const peer = linux();
  if (peer === undefined) return [];
  const machine = await boot(peer, true);
  try {
    if (firstAnswerAt(NAME) === undefined) throw new Error("no answer from Linux");
    const first = machine.counters().total;
    const [w1, w32] = [perQuery(machine, peer.names, 1)[1]!, perQuery(machine, peer.names, 32)[1]!];
    return [
      {
        what: "  Linux + NSD (measured now, q35)",
        measured: `${grouped(Math.round(w1))} / ${grouped(Math.round(w32))}`,
        beside: `${times(w1, one)} / ${times(w32, many)}; ${grouped(first)} to the first answer`,
      },
    ];
  } finally {
    await machine.kill();
  }
}
