/**
 * Name servers for `npm run bench dns`: the appliance, nsd and knot, each as processes in a network namespace of its own, at one end of a pair of
 * veth devices (the appliance also behind a tap). All run on the processor `SERVER`.
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { folder } from "./appliance.ts";

/** Processors: servers on one, dnsperf on the other. */
export const SERVER = 0;
export const CLIENT = 1;

export interface NameServer {
  readonly name: string;
  readonly address: string;
  /** Nanoseconds that all its processes have spent on a processor, in user and kernel mode. */
  readonly spent: () => number;
  readonly stop: () => Promise<void>;
}

/** A zone: its name and the file in `folder` that has it. */
export interface Zone {
  readonly name: string;
  readonly file: string;
}

/**
 * From now on the client's processor receives what is for the client, as if there were a wire, or else the processor of who sends, which is what the
 * kernel does by itself with such devices. Then a large part of any server's time is that of its client's reception.
 */
export function receiveAtClient(yes: boolean): void {
  const mask = yes ? 1 << CLIENT : 0;
  writeFileSync("/proc/sys/net/core/rps_default_mask", mask.toString(16));
}

/** Addresses of the `n`th pair: this end's, and the server's. */
export const subnet = (n: number) => ({ here: `10.78.${n}.1`, there: `10.78.${n}.2` });

const ip = (...args: string[]) => execFileSync("ip", args, { stdio: ["ignore", "ignore", "inherit"] });

/** The command in a namespace of its own, with the `n`th pair of devices between here and there. */
async function start(name: string, n: number, command: readonly string[], set: string): Promise<NameServer> {
  const { here, there } = subnet(n);
  const script = `echo ready; read _; ip link set lo up; ${set}; exec taskset -c ${SERVER} "$@"`;
  const process = spawn("unshare", ["-n", "sh", "-c", script, "sh", ...command], { stdio: "pipe" });
  const log = collected(process);
  await Promise.race([new Promise((resolve) => process.stdout.once("data", resolve)), sleep(5000)]);
  ip("link", "add", `s${n}`, "type", "veth", "peer", "name", "there", "netns", String(process.pid));
  ip("address", "add", `${here}/24`, "dev", `s${n}`);
  ip("link", "set", `s${n}`, "up");
  process.stdin.end("\n");
  const space = readlinkSync(`/proc/${process.pid}/ns/net`);
  const spent = () => timeOf(processesIn(space));
  return ready({ name, address: there, device: `s${n}`, process, log, spent });
}

/** The appliance, on a packet socket of a device that has no address. */
export function startAppliance(n: number, image: string): Promise<NameServer> {
  return start("appl, veth", n, [image, "--interface", "there", "--quiet"], "ip link set there up");
}

/** The appliance behind a tap device of this namespace. */
export function startOnTap(n: number, image: string): Promise<NameServer> {
  const { here, there } = subnet(n);
  const device = `s${n}`;
  ip("tuntap", "add", device, "mode", "tap");
  ip("address", "add", `${here}/24`, "dev", device);
  ip("link", "set", device, "up");
  const process = spawn("taskset", ["-c", String(SERVER), image, "--tap", device, "--quiet"], {
    stdio: "pipe",
  });
  const spent = () => timeOf([String(process.pid)]);
  return ready({ name: "appl, tap", address: there, device, process, log: collected(process), spent });
}

export function startNsd(n: number, zones: readonly Zone[]): Promise<NameServer> {
  const { there } = subnet(n);
  const file = join(folder, "nsd.conf");
  const listed = zones.map(({ name, file }) => `zone:\n  name: "${name}"\n  zonefile: "${file}"\n`);
  writeFileSync(
    file,
    `server:
  ip-address: ${there}
  server-count: 1
  username: ""
  database: ""
  zonesdir: "${folder}"
  xfrdfile: ""
  pidfile: "${join(folder, "nsd.pid")}"
  zonelistfile: "${join(folder, "nsd.zones")}"
  xfrdir: "${folder}"
  rrl-ratelimit: 0
  minimal-responses: yes
remote-control:
  control-enable: no
${listed.join("")}`,
  );
  return start("nsd", n, ["nsd", "-d", "-c", file], withAddress(there));
}

export function startKnot(n: number, zones: readonly Zone[]): Promise<NameServer> {
  const { there } = subnet(n);
  const file = join(folder, "knot.conf");
  const listed = zones.map(({ name, file }) => `  - domain: ${name}\n    file: ${join(folder, file)}\n`);
  writeFileSync(
    file,
    `server:
  rundir: ${folder}
  listen: ${there}@53
  udp-workers: 1
  tcp-workers: 1
  background-workers: 1
database:
  storage: ${folder}
template:
  - id: default
    journal-content: none
zone:
${listed.join("")}`,
  );
  return start("knot", n, ["knotd", "-c", file], withAddress(there));
}

const withAddress = (address: string) => `ip address add ${address}/24 dev there; ip link set there up`;

function collected(process: ChildProcess): () => string {
  let text = "";
  for (const stream of [process.stdout!, process.stderr!]) stream.on("data", (more) => (text += more));
  return () => text;
}

interface Started extends Omit<NameServer, "stop"> {
  /** This end of its link. */
  readonly device: string;
  readonly process: ChildProcess;
  readonly log: () => string;
}

/** Waits until the server answers. */
async function ready({ process, log, device, ...server }: Started): Promise<NameServer> {
  const ended = new Promise<void>((resolve) => process.once("exit", () => resolve()));
  const stop = async () => {
    process.kill("SIGTERM");
    await ended;
    // One end of a pair is gone with the other's namespace, sooner or later.
    spawnSync("ip", ["link", "del", device], { stdio: "ignore" });
  };
  for (let tries = 0; tries < 60; tries++) {
    if (process.exitCode !== null) break;
    try {
      const asked = ["+time=1", "+tries=1", "+short", `@${server.address}`, "example.org", "SOA"];
      if (/\d/.test(execFileSync("dig", asked, { encoding: "utf8" }))) return { ...server, stop };
    } catch {}
    await sleep(100);
  }
  await stop();
  throw new Error(`${server.name} does not answer:\n${log()}`);
}

function processesIn(space: string): string[] {
  return readdirSync("/proc").filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readlinkSync(`/proc/${pid}/ns/net`) === space;
    } catch {
      return false;
    }
  });
}

/** Nanoseconds that all threads of these processes have run: Linux, Documentation/scheduler/sched-stats.rst. */
export function timeOf(processes: readonly string[]): number {
  let sum = 0;
  for (const pid of processes)
    for (const thread of readdirSync(`/proc/${pid}/task`))
      sum += Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ")[0]);
  return sum;
}
