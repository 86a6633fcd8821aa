/** Runs an image in the network namespace that this process was started in, and carries datagrams and connections between it and the sockets that it is given. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import type { Socket } from "node:dgram";
import { closeSync, openSync } from "node:fs";
import type { Server } from "node:net";
import type { Begin, Door, Said } from "../run/isolated-messages.ts";
import { Relay } from "../run/relay.ts";
import { TcpRelay } from "../run/tcp-relay.ts";

const relays: (Relay | TcpRelay)[] = [];
let image: ChildProcess | undefined;

function say(said: Said, then: () => void = () => undefined): void {
  if (process.connected) process.send!(said, then);
}

/** The last thing that is said. */
function leave(said: Said): void {
  for (const relay of relays) relay.close();
  say(said, () => process.disconnect());
}

function usable(device: string | undefined): boolean {
  if (device === undefined) return true;
  try {
    closeSync(openSync(device, "r+"));
    return true;
  } catch {
    return false;
  }
}

/** What went wrong, or undefined. */
function carryOut([program, ...args]: Begin["ways"][number]["setup"][number]): string | undefined {
  const { error, status, stderr } = spawnSync(program, args, { encoding: "utf8" });
  if ((error as NodeJS.ErrnoException | undefined)?.code === "ENOENT") return `${program} is not here`;
  return status === 0 ? undefined : `${[program, ...args].join(" ")}: ${(error?.message ?? stderr).trim()}`;
}

function begin({ image: path, ways, doors }: Begin): void {
  const way = ways.find(({ device }) => usable(device));
  if (way === undefined) return leave({ kind: "refused", message: "no network can be made here", help: "" });
  for (const command of [["ip", "link", "set", "lo", "up"] as const, ...way.setup]) {
    const message = carryOut(command);
    if (message !== undefined)
      return leave({ kind: "refused", message, help: "install iproute2: apt-get install -y iproute2" });
  }
  image = spawn(path, way.args, { stdio: ["ignore", "inherit", "inherit"] });
  image.once("spawn", () => {
    if (doors === 0) say({ kind: "started" });
  });
  image.once("error", ({ message }) => leave({ kind: "refused", message, help: "" }));
  image.once("close", (code, signal) => leave({ kind: "ended", code, signal }));
}

let started: Begin | undefined;
process.on("message", (message: Begin | Door, socket) => {
  if ("port" in message) {
    const { port, protocol } = message;
    const guest = started!.guest!;
    relays.push(
      protocol === "udp"
        ? new Relay(socket as Socket, guest, port)
        : new TcpRelay(socket as unknown as Server, guest, port),
    );
    if (relays.length === started!.doors) say({ kind: "started" });
  } else {
    started = message;
    begin(message);
  }
});
// The image gets the terminal's Ctrl-C itself, and says how it ended.
process.on("SIGINT", () => undefined);
process.on("SIGTERM", () => image?.kill("SIGTERM"));
process.on("disconnect", () => {
  if (image?.exitCode === null) image.kill("SIGKILL");
  process.exit();
});
say({ kind: "here" });
