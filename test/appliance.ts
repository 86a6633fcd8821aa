/** Appliances built and running, for tests that ask them. */
import { createSocket } from "node:dgram";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startHost } from "../cli/run/host.ts";
import { type Qemu, startQemu } from "../tools/qemu.ts";
import { applJson } from "./command.ts";

/** A folder that is gone when the tests are. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "appl-test-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export async function imageOf(description: string, target: string): Promise<Uint8Array> {
  const path = join(temporaryFolder(), `image.${target}`);
  await applJson("build", `${description}@${target}`, "-o", path);
  return readFileSync(path);
}

export interface Running {
  /** On 127.0.0.1. */
  readonly port: number;
  readonly console: () => string;
  stop(): Promise<void>;
}

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const socket = createSocket("udp4");
    socket.bind(0, "127.0.0.1", () => {
      const { port } = socket.address();
      socket.close(() => resolve(port));
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

/** Boots the image with port 53 published. It is up when its console says the address. */
export async function boot(image: Uint8Array, machine: string, memory = 64): Promise<Running> {
  const port = await freePort();
  const args = [
    "-netdev",
    `user,id=n0,hostfwd=udp:127.0.0.1:${port}-:53`,
    "-device",
    `${machines[machine]},netdev=n0`,
  ];
  const qemu: Qemu = await startQemu({ image, machine, memory, args, limit: 300_000 });
  await qemu.waitFor(/10\.0\.2\.15/);
  return { port, console: () => qemu.text, stop: () => qemu.kill() };
}

export async function onHost(wasm: Uint8Array): Promise<Running> {
  const port = await freePort();
  let text = "";
  const write = (more: string) => {
    text += more;
  };
  const host = await startHost({
    wasm,
    publications: [{ address: "127.0.0.1", host: port, guest: 53, protocol: "udp" }],
    write,
  });
  return {
    port,
    console: () => text,
    stop: async () => host.stop(),
  };
}
