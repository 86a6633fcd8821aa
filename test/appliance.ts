/** Appliances built and running, for tests that ask them. */
import { createSocket } from "node:dgram";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { networkArguments as xtensaNetwork } from "../backends/esp32/run.ts";
import { linux } from "../backends/linux/backend.ts";
import { networkArguments } from "../backends/riscv/run.ts";
import { startHost } from "../cli/run/host.ts";
import { startIsolated } from "../cli/run/isolated.ts";
import { type Qemu, type System, startQemu } from "../tools/qemu.ts";
import { applJson } from "./command.ts";

const folders: string[] = [];
process.once("exit", () => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A folder that is gone when the tests are. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "appl-test-"));
  folders.push(folder);
  return folder;
}

export async function imageOf(description: string, target: string): Promise<Uint8Array> {
  const path = join(temporaryFolder(), `image.${target}`);
  await applJson("build", `${description}@${target}`, "-o", path);
  return readFileSync(path);
}

/** Builds what is written here instead of in a file. */
export function imageOfText(description: string, target: string): Promise<Uint8Array> {
  const path = join(temporaryFolder(), "appliance.appl");
  writeFileSync(path, description);
  return imageOf(path, target);
}

export interface Running {
  /** On 127.0.0.1: leads to the first port that was asked for. */
  readonly port: number;
  readonly console: () => string;
  stop(): Promise<void>;
}

/** One that is free for UDP and for TCP. */
export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const socket = createSocket("udp4");
    socket.bind(0, "127.0.0.1", () => {
      const { port } = socket.address();
      const server = createServer();
      const close = (then: () => void) => socket.close(then);
      server.once("error", () => close(() => freePort().then(resolve)));
      server.listen(port, "127.0.0.1", () => server.close(() => close(() => resolve(port))));
    });
  });
}

/** How each machine of QEMU gets its network device. */
export const machines: Readonly<Record<string, string>> = {
  "microvm,acpi=off": "virtio-net-device",
  "microvm,acpi=on": "virtio-net-device",
  q35: "virtio-net-pci",
  pc: "virtio-net-pci",
};

/** A network of QEMU's own, and the appliance's ports in it that are to be reached from outside. */
export interface Network {
  readonly address: string;
  readonly ports: readonly number[];
  /** What the console says when the address is there, if not just the address. */
  readonly said?: string;
  /** Of all of them, on `linux`; UDP if nothing is said. */
  readonly protocol?: "udp" | "tcp";
}

export interface BootOptions {
  /** Which processor's QEMU. */
  readonly system?: System;
  /** The image wants no firmware below it. */
  readonly bare?: boolean;
  /** One of `machines`. */
  readonly machine?: string;
  /** MiB. */
  readonly memory?: number;
  readonly cpu?: string;
  /** A network device for each. */
  readonly networks?: readonly Network[];
  /** Properties of the network devices, as QEMU writes them: `event_idx=off`. */
  readonly properties?: string;
  /** Further arguments of QEMU. */
  readonly args?: readonly string[];
}

export interface Booted extends Running {
  /** Every port that was asked for, in that order, as ports of 127.0.0.1. */
  readonly ports: readonly number[];
  readonly qemu: Qemu;
}

export const MICROVM = "microvm,acpi=off";
const network: Network = { address: "10.0.2.15", ports: [53] };

/** Boots the image, with port 53 published if nothing else is said. It is up when its console has said every address. */
export async function boot(image: Uint8Array, options: BootOptions = {}): Promise<Booted> {
  const { system = "x86_64", networks = [network], properties, args = [], machine: _, ...rest } = options;
  const machine = options.machine ?? (system === "x86_64" ? MICROVM : undefined);
  const more = properties === undefined ? "" : `,${properties}`;
  for (let tries = 1; ; tries++) {
    const ports: number[] = [];
    const devices: string[] = [];
    for (const [n, { address, ports: guests }] of networks.entries()) {
      const forwards: string[] = [];
      for (const guest of guests) {
        const port = await freePort();
        ports.push(port);
        for (const protocol of ["udp", "tcp"])
          forwards.push(`,hostfwd=${protocol}:127.0.0.1:${port}-${address}:${guest}`);
      }
      const net = address.replace(/\d+$/, "0/24");
      const how = `,net=${net}${forwards.join("")}`;
      if (system === "xtensa") devices.push(...xtensaNetwork(`n${n}`, how));
      else if (system !== "x86_64") devices.push(...networkArguments(machine ?? "virt", `n${n}`, how));
      else
        devices.push(
          "-netdev",
          `user,id=n${n}${how}`,
          "-device",
          `${machines[machine ?? MICROVM]},netdev=n${n}${more}`,
        );
    }
    const qemu = await startQemu({
      image,
      system,
      ...(machine !== undefined && { machine }),
      args: [...devices, ...args],
      limit: 300_000,
      ...rest,
    });
    try {
      for (const { address, said = `: ${address} ` } of networks) await qemu.waitFor(said);
    } catch (error) {
      await qemu.kill();
      // Between finding a free port and opening it another test may have taken it.
      if (tries < 4 && qemu.errors.includes("host forwarding")) continue;
      throw error;
    }
    return { port: ports[0] ?? 0, ports, qemu, console: () => qemu.text, stop: () => qemu.kill() };
  }
}

/** Runs the program of the `host` target here, with the ports of the description published. */
export async function onHost(
  wasm: Uint8Array,
  guests: readonly number[] = [53],
  protocols: readonly ("udp" | "tcp")[] = ["udp"],
): Promise<Running & Pick<Booted, "ports">> {
  const ports = await Promise.all(guests.map(freePort));
  let text = "";
  const write = (more: string) => {
    text += more;
  };
  const publications = guests.flatMap((guest, n) =>
    protocols.map((protocol) => ({ address: "127.0.0.1", host: ports[n]!, guest, protocol })),
  );
  const host = await startHost({ wasm, publications, write });
  return { port: ports[0]!, ports, console: () => text, stop: async () => host.stop() };
}

/** Runs the program of the `linux` target in a network namespace of its own, with the ports of the description published. */
export async function onLinux(
  image: Uint8Array,
  { address, ports: guests, protocol = "udp" }: Network = network,
): Promise<Running & Pick<Booted, "ports">> {
  const path = join(temporaryFolder(), "image");
  writeFileSync(path, image, { mode: 0o755 });
  const ports = await Promise.all(guests.map(freePort));
  const publish = guests.map(
    (guest, n) => ({ address: "127.0.0.1", host: ports[n]!, guest, protocol }) as const,
  );
  const running = await startIsolated({
    image: path,
    isolate: linux.isolate!,
    guest: address,
    publish,
  });
  let text = "";
  for (const stream of [running.output, running.errors])
    stream.on("data", (more: Buffer) => {
      text += more.toString();
    });
  return {
    port: ports[0]!,
    ports,
    console: () => text,
    stop: async () => {
      running.stop();
      await running.ended;
    },
  };
}
