import { type ChildProcess, spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { tcpAsker } from "./tcp.ts";
import { type Ask, udpAsker } from "./udp.ts";

export interface OracleZone {
  readonly name: string;
  readonly text: Uint8Array;
}

export interface NsdOptions {
  /** Leave out of answers what a resolver does not need: nsd.conf(5), `minimal-responses`. */
  readonly minimal: boolean;
  readonly identity?: string;
  readonly version?: string;
  /** Largest answer, `ipv4-edns-size`. */
  readonly size?: number;
  /** Everybody here may copy its zones. */
  readonly copied?: boolean;
  /** It is asked over TCP. */
  readonly overTcp?: boolean;
}

export interface Nsd {
  readonly ask: Ask;
  readonly port: number;
  stop(): Promise<void>;
}

/** Starts NSD (Debian package `nsd`) in the foreground on a free port of the loopback interface, with files in a folder of its own. */
export async function startNsd(zones: readonly OracleZone[], options: NsdOptions): Promise<Nsd> {
  const folder = await mkdtemp(join(tmpdir(), "appl-nsd-"));
  const port = await freePort();
  for (const zone of zones) await writeFile(join(folder, `${zone.name}.zone`), zone.text);
  await writeFile(join(folder, "nsd.conf"), configuration(folder, port, zones, options));
  let log = "";
  const process = spawn("nsd", ["-d", "-c", join(folder, "nsd.conf")], {
    env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  process.stdout.on("data", (text) => (log += text));
  process.stderr.on("data", (text) => (log += text));
  const failed = new Promise<never>((_, reject) => {
    process.once("error", (error) =>
      reject(new Error(`nsd does not start (apt-get install nsd): ${error.message}`)),
    );
    process.once("exit", (code) => reject(new Error(`nsd ended with ${code}:\n${log}`)));
  });
  failed.catch(() => {});
  const udp = udpAsker("127.0.0.1", port);
  await Promise.race([answers(udp.ask), failed]);
  const { ask, close } = options.overTcp ? tcpAsker("127.0.0.1", port) : udp;
  return {
    ask,
    port,
    stop: async () => {
      close();
      await end(process);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function configuration(
  folder: string,
  port: number,
  zones: readonly OracleZone[],
  options: NsdOptions,
): string {
  const server = [
    "server:",
    `  ip-address: 127.0.0.1@${port}`,
    "  server-count: 1",
    '  username: ""',
    '  database: ""',
    `  zonesdir: "${folder}"`,
    `  pidfile: "${join(folder, "pid")}"`,
    `  zonelistfile: "${join(folder, "zone.list")}"`,
    `  xfrdfile: "${join(folder, "xfrd.state")}"`,
    `  xfrdir: "${folder}"`,
    "  rrl-ratelimit: 0",
    "  rrl-whitelist-ratelimit: 0",
    `  minimal-responses: ${options.minimal ? "yes" : "no"}`,
    `  ipv4-edns-size: ${options.size ?? 1232}`,
    options.identity === undefined ? "  hide-identity: yes" : `  identity: "${options.identity}"`,
    options.version === undefined ? "  hide-version: yes" : `  version: "${options.version}"`,
    "remote-control:",
    "  control-enable: no",
  ];
  const list = zones.flatMap((zone) => [
    "zone:",
    `  name: "${zone.name}"`,
    `  zonefile: "${zone.name}.zone"`,
    ...(options.copied === true ? ["  provide-xfr: 127.0.0.1 NOKEY"] : []),
  ]);
  return `${[...server, ...list].join("\n")}\n`;
}

async function freePort(): Promise<number> {
  const socket = createSocket("udp4");
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(() => resolve()));
  return port;
}

/** Waits until the server answers anything. */
async function answers(ask: Ask): Promise<void> {
  const query = Uint8Array.from([0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 1]);
  for (let tries = 0; tries < 100; tries++) {
    if ((await ask(query)) !== null) return;
    await sleep(50);
  }
  throw new Error("nsd does not answer");
}

async function end(process: ChildProcess): Promise<void> {
  if (process.exitCode !== null) return;
  const ended = new Promise<void>((resolve) => process.once("exit", () => resolve()));
  process.kill("SIGTERM");
  await ended;
}
