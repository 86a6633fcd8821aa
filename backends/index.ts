/** The door of the backends: one for each kind of machine that an appliance can run on. */
import type { ImageMaker } from "#compiler";
import { esp32 } from "./esp32/backend.ts";
import { esp32c3 } from "./esp32c3/backend.ts";
import { host } from "./host/backend.ts";
import { kvm } from "./kvm/backend.ts";
import { linux } from "./linux/backend.ts";
import { riscv, riscv32 } from "./riscv/backend.ts";
import { simulated } from "./simulate/backend.ts";
import { xen } from "./xen/backend.ts";

export { contentsOf } from "./contents.ts";
export { type FlashContents, type FlashPart, readFlashImage } from "./esp32/image/read.ts";
export { mostText, valuesOf } from "./esp32/image/values.ts";

/** A port of this machine that leads to a port of the appliance. */
export interface Publication {
  readonly address: string;
  readonly host: number;
  readonly guest: number;
  readonly protocol: "udp" | "tcp";
}

export interface RunOptions {
  /** Path of the image. */
  readonly image: string;
  /** What is in it. */
  readonly bytes?: Uint8Array | undefined;
  readonly publish: readonly Publication[];
  /** `microvm`, `q35`, `pc` or what else the emulator calls a machine. */
  readonly machine?: string | undefined;
  /** The image wants no firmware below it. */
  readonly bare?: boolean | undefined;
  /** Network devices. */
  readonly nics?: number | undefined;
  /** MiB; without it what the machine usually has. */
  readonly memory?: number | undefined;
  /** Words for the appliance's command line. */
  readonly append?: string | undefined;
  /** Lines with values for slots, which the machine finds beside the image. */
  readonly given?: string | undefined;
  /** The address of the appliance's first interface, around which the emulator makes its network: `10.0.2.15`. */
  readonly guest?: string | undefined;
  /** Further arguments for the emulator. */
  readonly extra?: readonly string[] | undefined;
}

/** A program of this machine that runs an image, its console being the terminal. */
export interface RunCommand {
  readonly program: string;
  /** Not every program of this name will do: only one whose `-M help` has this machine. */
  readonly machine?: string;
  readonly args: readonly string[];
  /** What must be there when it starts; the paths are beside the image's. */
  readonly files?: readonly RunFile[];
  /** What helps when the program is not here. */
  readonly install: string;
}

export interface RunFile {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** An image and what it wants of a machine, for those who start machines. */
export interface Start {
  /** The appliance's name. */
  readonly name: string;
  /** The image's file, without its folder. */
  readonly file: string;
  readonly image: Uint8Array;
  /** MiB; undefined if the target does not say. */
  readonly memory: number | undefined;
  /** Network devices. */
  readonly nics: number;
}

/** Files, below the image's folder, with which a toolstack starts an image. */
export type Launcher = (start: Start) => readonly RunFile[];

/** Ways to run an image as a process in a network namespace of its own; the first whose `device` this user may open is taken. */
export interface IsolatedRun {
  /** A file that must be there and writable; none is needed if undefined. */
  readonly device: string | undefined;
  /** Commands that make the network, where there is none but the loopback device. */
  readonly setup: readonly (readonly [program: string, ...args: string[]])[];
  /** What the image is told. */
  readonly args: readonly string[];
}

export interface Backend extends ImageMaker {
  /** How to run an image; undefined where `appl` itself does it. */
  readonly run?: (options: RunOptions) => RunCommand;
  /** By the toolstack's name; the first one's files are written with every image, the others' when they are asked for. */
  readonly launchers?: Readonly<Record<string, Launcher>>;
  /** What `machine` may be there, the usual one first. */
  readonly machines?: readonly string[];
  /** Machines for images of flash memory, which only some branches of QEMU have, and the name of the program that may. */
  readonly chips?: Readonly<Record<string, string>>;
  /**
   * Images are programs of this machine. `guest` is the address of the appliance's first interface, which can be reached from inside of the namespace;
   * undefined if it has none.
   */
  readonly isolate?: (guest: string | undefined) => readonly IsolatedRun[];
  /** How containers hold such a program: the architecture as they call it, and what it is told there. */
  readonly container?: { readonly architecture: string; readonly args: readonly string[] };
}

/** One line each. */
export const backends: readonly Backend[] = [kvm, xen, linux, riscv, riscv32, esp32, esp32c3, host];

/** The same targets, each with the simulator in the place of its machine. */
export const simulatedBackends: readonly ImageMaker[] = backends.map(simulated);
