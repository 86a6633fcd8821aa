/** How an image is run: QEMU's `virt` with nothing but a network device, a source of random numbers and a serial port, or a board with what it has. */

import { besideImage } from "../beside-image.ts";
import type { RunCommand, RunFile, RunOptions } from "../index.ts";
import { userNetwork } from "../user-network.ts";
import type { Width } from "./boot/idioms.ts";
import { icicleTree } from "./machines/icicle.ts";

/** What QEMU's machine has to be given, and has itself. */
interface Machine {
  /** Hardware threads that must be there: the first of SiFive's boards has no MMU. */
  readonly threads: number;
  /** MiB, if nobody says how much. */
  readonly memory: number;
  /** It has its own network devices and no places for others. */
  readonly soldered: boolean;
  /** Where QEMU has no device tree for it. */
  readonly tree?: (commandLine: string) => Uint8Array;
}

const DEFAULT_MACHINE = "virt";
const usual: Machine = { threads: 1, memory: 64, soldered: false };
const known: Readonly<Record<string, Machine>> = {
  virt: usual,
  sifive_u: { threads: 2, memory: 128, soldered: true },
  "microchip-icicle-kit": { threads: 5, memory: 1537, soldered: true, tree: icicleTree },
};

/** As QEMU calls them, the usual one first. */
export const machines = Object.keys(known);

const machineOf = (name: string): Machine => known[name] ?? usual;

/** A network for the machine's first device, as QEMU describes it behind its kind and name: `,net=10.0.2.0/24`. */
export function networkArguments(machine: string, name: string, network: string): string[] {
  return machineOf(machine).soldered
    ? ["-nic", `user${network}`]
    : ["-netdev", `user,id=${name}${network}`, "-device", `virtio-net-device,netdev=${name}`];
}

export function run(xlen: Width, options: RunOptions): RunCommand {
  const { machine = DEFAULT_MACHINE, image, given: slots, extra = [] } = options;
  const given = { ...options, machine };
  return {
    program: `qemu-system-riscv${xlen}`,
    args: [
      ...machineArguments(given),
      ...networkArguments(machine, "net0", userNetwork(options)),
      ...(machineOf(machine).soldered ? [] : ["-device", "virtio-rng-device"]),
      ...(slots === undefined ? [] : ["-initrd", besideImage(image)]),
      ...extra,
    ],
    files: [
      ...machineFiles(given),
      ...(slots === undefined ? [] : [{ path: besideImage(image), bytes: new TextEncoder().encode(slots) }]),
    ],
    install: "apt-get install -y --no-install-recommends qemu-system-misc",
  };
}

/** A machine that an image runs on, with no device but those asked for; its console is the standard output. */
export interface GivenMachine {
  /** As QEMU's `-M` takes it. */
  readonly machine: string;
  /** MiB. */
  readonly memory?: number | undefined;
  /** Path of the image. */
  readonly image: string;
  readonly append?: string | undefined;
  /** It wants no firmware below it. */
  readonly bare?: boolean | undefined;
}

const treeBeside = (image: string): string => `${image}.dtb`;

export function machineArguments({ machine, memory, image, append, bare }: GivenMachine): string[] {
  const { threads, memory: usually, tree } = machineOf(machine);
  return [
    ...["-M", machine, "-accel", "tcg", "-m", String(memory ?? usually), "-smp", String(threads)],
    ...["-nodefaults", "-no-user-config", "-display", "none", "-no-reboot", "-serial", "stdio"],
    ...["-global", "virtio-mmio.force-legacy=false"],
    ...(bare === true ? ["-bios", "none"] : []),
    ...["-kernel", image],
    ...(tree === undefined ? [] : ["-dtb", treeBeside(image)]),
    ...(append === undefined || tree !== undefined ? [] : ["-append", append]),
  ];
}

/** What has to be there before QEMU starts. */
export function machineFiles({ machine, image, append }: GivenMachine): RunFile[] {
  const { tree } = machineOf(machine);
  return tree === undefined ? [] : [{ path: treeBeside(image), bytes: tree(append ?? "") }];
}
