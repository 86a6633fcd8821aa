/** How an image is run: the board of Debian's QEMU that is nearest to the chip, with its network device and a serial port. */

import { besideImage } from "../beside-image.ts";
import type { RunCommand, RunOptions } from "../index.ts";
import { userNetwork } from "../user-network.ts";

export const machines = ["kc705-nommu"];
/** Of the cores that QEMU has for that board, the one that is nearest to LX6. */
const CPU = "de212";
/** MiB. */
const USUAL_MEMORY = 32;

export function run(options: RunOptions): RunCommand {
  const { machine, memory, image, append, given: slots, extra = [] } = options;
  return {
    program: "qemu-system-xtensa",
    args: [
      ...machineArguments({ machine: machine ?? machines[0]!, memory, image, append }),
      ...networkArguments("net0", userNetwork(options)),
      ...(slots === undefined ? [] : ["-initrd", besideImage(image)]),
      ...extra,
    ],
    files: slots === undefined ? [] : [{ path: besideImage(image), bytes: new TextEncoder().encode(slots) }],
    install: "apt-get install -y --no-install-recommends qemu-system-misc",
  };
}

/** A network for the machine's device, as QEMU describes it behind its kind and name: `,net=10.0.2.0/24`. */
export const networkArguments = (name: string, network: string): string[] => [
  "-nic",
  `user,id=${name},model=open_eth${network}`,
];

/** A machine that an image runs on, with no device but those asked for; its console is the standard output. */
export interface GivenMachine {
  /** As QEMU's `-M` takes it. */
  readonly machine: string;
  /** MiB. */
  readonly memory?: number | undefined;
  /** Path of the image. */
  readonly image: string;
  readonly append?: string | undefined;
}

export function machineArguments({ machine, memory = USUAL_MEMORY, image, append }: GivenMachine): string[] {
  return [
    ...["-M", machine, "-cpu", CPU, "-accel", "tcg", "-m", String(memory), "-smp", "1"],
    ...["-nodefaults", "-no-user-config", "-display", "none", "-no-reboot", "-serial", "stdio"],
    ...["-kernel", image],
    ...(append === undefined ? [] : ["-append", append]),
  ];
}
