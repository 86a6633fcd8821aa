/** How an image is run: QEMU's `virt` with nothing but a network device, a source of random numbers and a serial port, or a board with what it has. */
import type { RunCommand, RunOptions } from "../index.ts";
import { userNetwork } from "../user-network.ts";

const DEFAULT_MACHINE = "virt";
const DEFAULT_MEMORY = 64;

/** Boards have their own network devices and no places for others. The first of the hardware threads of SiFive's has no MMU. */
const boards: Readonly<Record<string, { readonly threads: number }>> = { sifive_u: { threads: 2 } };

/** A network for the machine's first device, as QEMU describes it behind its kind and name: `,net=10.0.2.0/24`. */
export function networkArguments(machine: string, name: string, network: string): string[] {
  return machine in boards
    ? ["-nic", `user${network}`]
    : ["-netdev", `user,id=${name}${network}`, "-device", `virtio-net-device,netdev=${name}`];
}

export function run(options: RunOptions): RunCommand {
  const { image, machine = DEFAULT_MACHINE, memory = DEFAULT_MEMORY, append, extra = [] } = options;
  return {
    program: "qemu-system-riscv64",
    args: [
      ...machineArguments({ machine, memory, image, append }),
      ...networkArguments(machine, "net0", userNetwork(options)),
      ...(machine in boards ? [] : ["-device", "virtio-rng-device"]),
      ...extra,
    ],
    install: "apt-get install -y --no-install-recommends qemu-system-misc",
  };
}

/** A machine that an image runs on, with no device but those asked for; its console is the standard output. */
export interface BareMachine {
  /** As QEMU's `-M` takes it. */
  readonly machine: string;
  /** MiB. */
  readonly memory: number;
  /** Path of the image. */
  readonly image: string;
  readonly append?: string | undefined;
}

export function machineArguments({ machine, memory, image, append }: BareMachine): string[] {
  return [
    ...["-M", machine, "-accel", "tcg", "-m", String(memory), "-smp", String(boards[machine]?.threads ?? 1)],
    ...["-nodefaults", "-no-user-config", "-display", "none", "-no-reboot", "-serial", "stdio"],
    ...["-global", "virtio-mmio.force-legacy=false"],
    ...["-kernel", image],
    ...(append === undefined ? [] : ["-append", append]),
  ];
}
