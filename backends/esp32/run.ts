/**
 * How an image is run: one of a program on the board of Debian's QEMU that is nearest to the chip; one for flash memory on Espressif's branch of QEMU, which has the
 * chip itself with its ROM.
 */

import { besideImage } from "../beside-image.ts";
import type { RunCommand, RunOptions } from "../index.ts";
import { userNetwork } from "../user-network.ts";
import { ERASED } from "./image/format.ts";
import { readFlashImage } from "./image/read.ts";
import { valuesOf } from "./image/values.ts";

export const machines = ["kc705-nommu"];
/** Only Espressif's QEMU has it. */
export const chips = { esp32: "qemu-system-xtensa" } as const;
const programs = { ...chips, esp32c3: "qemu-system-riscv32" } as const;
/** Of the cores that QEMU has for that board, the one that is nearest to LX6. */
const CPU = "de212";
/** MiB. */
const USUAL_MEMORY = 32;

export function run(options: RunOptions): RunCommand {
  const { machine = machines[0]! } = options;
  return machine === "esp32" ? runChip(machine, options) : runBoard(machine, options);
}

function runBoard(machine: string, options: RunOptions): RunCommand {
  const { memory, image, append, given: slots, extra = [] } = options;
  return {
    program: "qemu-system-xtensa",
    args: [
      ...machineArguments({ machine, memory, image, append }),
      ...networkArguments("net0", userNetwork(options)),
      ...(slots === undefined ? [] : ["-initrd", besideImage(image)]),
      ...extra,
    ],
    files: slots === undefined ? [] : [{ path: besideImage(image), bytes: new TextEncoder().encode(slots) }],
    install: "apt-get install -y --no-install-recommends qemu-system-misc",
  };
}

/** The flash memory is a file as large as the chip's; so are the eFuses, without which an ESP32 has no hardware address. */
export function runChip(machine: keyof typeof programs, options: RunOptions): RunCommand {
  const { image, bytes, nics = 1, given: slots, extra = [] } = options;
  const contents = bytes && readFlashImage(bytes);
  if (bytes === undefined || contents === undefined) throw new Error("BUG: no image for flash memory");
  const flash = new Uint8Array(Math.max(contents.flash, bytes.length)).fill(ERASED);
  flash.set(bytes);
  if (slots !== undefined && contents.values) flash.set(valuesOf(slots), contents.values.offset);
  const [whole, fuses] = [`${image}.flash`, `${image}.efuse`];
  const isOld = machine === "esp32";
  return {
    program: programs[machine],
    machine,
    args: [
      ...["-M", machine, "-display", "none", "-monitor", "none", "-no-reboot", "-serial", "stdio"],
      ...["-drive", `file=${whole},if=mtd,format=raw`],
      ...(isOld ? ["-drive", `file=${fuses},if=none,format=raw,id=efuse`] : []),
      ...(isOld ? ["-global", "driver=nvram.esp32.efuse,property=drive,value=efuse"] : []),
      ...(nics > 0 ? networkArguments("net0", userNetwork(options)) : ["-nic", "none"]),
      ...extra,
    ],
    files: [
      { path: whole, bytes: flash },
      ...(isOld ? [{ path: fuses, bytes: eFuses(HARDWARE_ADDRESS) }] : []),
    ],
    install:
      "Espressif's QEMU (idf_tools.py install qemu-xtensa qemu-riscv32), its folder in APPL_QEMU_PATH or PATH",
  };
}

/** QEMU's usual address is what follows of it, by 3, for Ethernet. */
const HARDWARE_ADDRESS = [0x52, 0x54, 0x00, 0x12, 0x34, 0x53];
/** Four blocks, of 7 and three times 8 words. */
const EFUSES = 124;

/** Block 0 of an ESP32's eFuses: the address in words 1 and 2, with its CRC-8 (polynomial 0x31, reflected). */
function eFuses(address: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(EFUSES);
  let crc = 0;
  for (const byte of address) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0x8c : 0);
  }
  bytes.set([...address.toReversed(), crc], 4);
  return bytes;
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
