/** Guests of a real Xen in QEMU's software emulation: how large they are, with how little memory they live, how soon they answer. */
import { readFileSync } from "node:fs";
import { dom0Kernel, inDom0 } from "../tools/xen.ts";
import { build } from "./appliance.ts";
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
  const { said } = await inDom0({
    limit: 400_000,
    memory: { dom0: 768, all: 1536 },
    files: {
      "run.sh": readFileSync("bench/xen.sh"),
      "ns1.xen": image,
      vmlinux: readFileSync(dom0Kernel()),
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
  const [ours, linux] = [first("ns1"), first("linux")];
  const least = Math.min(...of("ns1").map(({ memory }) => memory));
  printTable("The DNS example as a guest of Xen 4.17 in QEMU's emulation", [
    atMost("image", image.length, "bytes", kvm.length + MORE, `kvm: ${grouped(kvm.length)}`),
    {
      what: "smallest memory with which it answers",
      measured: `${least} MiB`,
      goal: "<= 8",
      reached: least <= 8,
    },
    { what: "xl create", measured: `${median(of("ns1").map(({ created }) => created)).toFixed(2)} s` },
    { what: "xl create to the first answer", measured: `${ours.toFixed(2)} s` },
    {
      what: "  a Linux guest (Debian's kernel, busybox)",
      measured: `${linux.toFixed(2)} s`,
      beside: times(linux, ours),
    },
  ]);
}
