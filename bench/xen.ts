/** Guests of a real Xen in QEMU's software emulation: how large they are, with how little memory they live, how soon they answer. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { dom0Kernel, inDom0 } from "../tools/xen.ts";
import { build, folder, program, zoneOf } from "./appliance.ts";
import { atMost, grouped, median, printTable, times } from "./table.ts";

const EXAMPLE = "examples/ns1/ns1.appl";
/** What Xen's drivers may be larger than virtio's. */
const MORE = 16 * 1024;

interface Start {
  readonly name: string;
  readonly memory: number;
  /** Seconds from the beginning of `xl create`: until it returns, and until the first answer; undefined if there was none. */
  readonly created: number;
  readonly answered: number | undefined;
}

export async function xenGuests(): Promise<void> {
  const image = build(EXAMPLE, undefined, "xen").image;
  const kvm = build(EXAMPLE).image;
  const zone = zoneOf(20);
  const asked = build(zone.path, undefined, "xen").image;
  const { said, counts } = await inDom0({
    limit: 600_000,
    count: codeOf(asked),
    memory: { dom0: 768, all: 1536 },
    files: {
      "run.sh": readFileSync("bench/xen.sh"),
      "ns1.xen": image,
      "zone.xen": asked,
      hello: hello(),
      "dns-load": readFileSync(program("dns-load")),
      names: readFileSync(zone.names),
      vmlinux: readFileSync(await dom0Kernel()),
    },
  });
  const starts = said
    .split("\n")
    .filter((line) => /^\w+ \d+ /.test(line))
    .map((line): Start => {
      const [name, memory, begin, created, reply] = line.split(" ");
      return {
        name: name!,
        memory: Number(memory),
        created: Number(created) - Number(begin),
        answered: reply === "-" ? undefined : Number(reply) - Number(begin),
      };
    });
  const of = (name: string) => starts.filter((start) => start.name === name && start.answered !== undefined);
  const first = (name: string) => {
    const values = of(name).filter(({ memory }) => memory >= 16);
    if (values.length === 0) throw new Error(`no guest \`${name}\` answered:\n${said}`);
    return median(values.map(({ answered }) => answered!));
  };
  const [ours, linux, greeted] = [first("ns1"), first("linux"), first("hello")];
  const least = Math.min(...of("ns1").map(({ memory }) => memory));
  printTable("The DNS example as a guest of Xen 4.17 in QEMU's emulation", [
    atMost("image", image.length, "bytes", kvm.length + MORE, `kvm: ${grouped(kvm.length)}`),
    {
      what: "smallest memory with which it answers",
      measured: `${least} MiB`,
      goal: "<= 8",
      reached: least <= 8,
    },
    ...([1, 32] as const).map((window) => {
      const each = perQuery(counts, window);
      return {
        what: `instructions of the guest for a query, ${window} outstanding`,
        measured: grouped(Math.round(each[1]!)),
        beside: `three runs: ${each.map((count) => grouped(Math.round(count))).join(" ")}`,
      };
    }),
    { what: "xl create", measured: `${median(of("ns1").map(({ created }) => created)).toFixed(2)} s` },
    { what: "xl create to the first answer", measured: `${ours.toFixed(2)} s` },
    {
      what: "  a guest that only says hello, to its line",
      measured: `${greeted.toFixed(2)} s`,
      beside: times(greeted, ours),
    },
    {
      what: "  a Linux guest (Debian's kernel, busybox)",
      measured: `${linux.toFixed(2)} s`,
      beside: times(linux, ours),
    },
  ]);
}

/** The least that a guest can be. */
function hello(): Uint8Array {
  const path = join(folder, "hello");
  const link = "-Wl,-n,--build-id=none,-Ttext=0x100000,--section-start=.note.Xen=0x100800";
  execFileSync("gcc", ["-m32", "-nostdlib", "-static", link, "-o", path, "bench/xen-hello.S"]);
  return readFileSync(path);
}

/** (Count for 800 queries − count for 400) / 400, three times, in ascending order: a count comes after the queries that its name says. */
function perQuery(counts: ReadonlyMap<string, number>, window: number): readonly number[] {
  const own = [...counts].filter(([name]) => name.startsWith(`${window}-`)).map(([, count]) => count);
  if (own.length !== 9) throw new Error(`queries were counted ${own.length} times, not 9`);
  return [0, 3, 6].map((at) => (own[at + 2]! - 2 * own[at + 1]! + own[at]!) / 400).toSorted((a, b) => a - b);
}

/** The addresses of an image's code: of its segment that can be executed (ELF-64, program headers). */
function codeOf(image: Uint8Array): { readonly from: number; readonly below: number } {
  const view = new DataView(image.buffer, image.byteOffset, image.length);
  const [table, count] = [Number(view.getBigUint64(32, true)), view.getUint16(56, true)];
  for (let n = 0; n < count; n++) {
    const at = table + 56 * n;
    if (view.getUint32(at, true) !== 1 || (view.getUint32(at + 4, true) & 1) === 0) continue;
    const from = Number(view.getBigUint64(at + 16, true));
    return { from, below: from + Number(view.getBigUint64(at + 40, true)) };
  }
  throw new Error("the image has no code");
}
