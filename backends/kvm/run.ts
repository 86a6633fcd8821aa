/** How an image is run: QEMU with nothing but a network device, a source of random numbers and a serial port. */

import { besideImage } from "../beside-image.ts";
import type { RunCommand, RunOptions } from "../index.ts";
import { userNetwork } from "../user-network.ts";

const DEFAULT_MACHINE = "microvm";
const DEFAULT_MEMORY = 64;

/** On `microvm` devices are on fixed addresses; without ACPI the command line names them, and it starts sooner. */
const machines: Readonly<
  Record<string, { readonly machine: string; readonly device: (name: string) => string }>
> = {
  microvm: { machine: "microvm,acpi=off", device: (name) => `virtio-${name}-device` },
};
const otherMachine = (machine: string) => ({ machine, device: (name: string) => `virtio-${name}-pci` });

export function run(options: RunOptions): RunCommand {
  const {
    image,
    machine: name = DEFAULT_MACHINE,
    memory = DEFAULT_MEMORY,
    append,
    given,
    extra = [],
  } = options;
  const { machine, device } = machines[name] ?? otherMachine(name);
  return {
    program: "qemu-system-x86_64",
    args: [
      ...machineArguments({ machine, cpu: "max", memory, image, append }),
      ...[
        "-netdev",
        `user,id=net0${userNetwork(options)}`,
        "-device",
        `${device("net")},netdev=net0`,
        "-device",
        device("rng"),
      ],
      ...(given === undefined ? [] : ["-initrd", besideImage(image)]),
      ...extra,
    ],
    files: given === undefined ? [] : [{ path: besideImage(image), bytes: new TextEncoder().encode(given) }],
    install: "apt-get install -y --no-install-recommends qemu-system-x86",
  };
}

/** A machine that an image runs on, with no device but those asked for; its console is the standard output. */
export interface BareMachine {
  /** As QEMU's `-M` takes it. */
  readonly machine: string;
  readonly cpu: string;
  /** MiB. */
  readonly memory: number;
  /** Path of the image. */
  readonly image: string;
  readonly append?: string | undefined;
}

export function machineArguments({ machine, cpu, memory, image, append }: BareMachine): string[] {
  return [
    ...["-M", machine, "-cpu", cpu, "-accel", "tcg", "-m", String(memory), "-smp", "1"],
    ...["-nodefaults", "-no-user-config", "-display", "none", "-no-reboot", "-serial", "stdio"],
    ...["-global", "virtio-mmio.force-legacy=false"],
    ...["-kernel", image],
    ...(append === undefined ? [] : ["-append", append]),
  ];
}
