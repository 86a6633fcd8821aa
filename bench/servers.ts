/**
 * Servers for benchmarks of processor time: the appliance and its peers, each as processes in a network namespace of its own, at one end of a pair of
 * veth devices (the appliance also behind a tap). All run on the processor `SERVER`.
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** Processors: servers on one, who asks on the other. */
export const SERVER = 0;
export const CLIENT = 1;

export interface Server {
  readonly name: string;
  readonly address: string;
  /** Nanoseconds that all its processes have spent on a processor, in user and kernel mode. */
  readonly spent: () => number;
  /** The same of those that run now, with the memory that they hold alone, in KiB. */
  readonly memory: () => number;
  readonly stop: () => Promise<void>;
}

/** Whether a server at this address answers as it should. */
export type Probe = (address: string) => boolean;

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
export async function startServer(
  name: string,
  n: number,
  command: readonly string[],
  probe: Probe,
  set = withAddress(subnet(n).there),
): Promise<Server> {
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
  return ready({ name, address: there, device: `s${n}`, process, log, all: () => processesIn(space) }, probe);
}

/** The appliance, on a packet socket of a device that has no address. */
export function startAppliance(n: number, image: string, probe: Probe): Promise<Server> {
  const command = [image, "--interface", "there", "--quiet"];
  return startServer("appl, veth", n, command, probe, "ip link set there up");
}

/** The appliance behind a tap device of this namespace. */
export function startOnTap(n: number, image: string, probe: Probe): Promise<Server> {
  const { here, there } = subnet(n);
  const device = `s${n}`;
  ip("tuntap", "add", device, "mode", "tap");
  ip("address", "add", `${here}/24`, "dev", device);
  ip("link", "set", device, "up");
  const process = spawn("taskset", ["-c", String(SERVER), image, "--tap", device, "--quiet"], {
    stdio: "pipe",
  });
  const all = () => [String(process.pid)];
  return ready({ name: "appl, tap", address: there, device, process, log: collected(process), all }, probe);
}

const withAddress = (address: string) => `ip address add ${address}/24 dev there; ip link set there up`;

function collected(process: ChildProcess): () => string {
  let text = "";
  for (const stream of [process.stdout!, process.stderr!]) stream.on("data", (more) => (text += more));
  return () => text;
}

interface Started extends Pick<Server, "name" | "address"> {
  /** This end of its link. */
  readonly device: string;
  readonly process: ChildProcess;
  readonly log: () => string;
  readonly all: () => readonly string[];
}

/** Waits until the server answers. */
async function ready({ process, log, device, all, name, address }: Started, probe: Probe): Promise<Server> {
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
      if (probe(address))
        return { name, address, spent: () => timeOf(all()), memory: () => memoryOf(all()), stop };
    } catch {}
    await sleep(100);
  }
  await stop();
  throw new Error(`${name} does not answer:\n${log()}`);
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

/** KiB of pages that only these processes have: proc(5), smaps_rollup. */
function memoryOf(processes: readonly string[]): number {
  const own = (pid: string) =>
    [...readFileSync(`/proc/${pid}/smaps_rollup`, "utf8").matchAll(/^Private_\w+:\s+(\d+) kB/gm)].reduce(
      (sum, [, kib]) => sum + Number(kib),
      0,
    );
  return processes.reduce((sum, pid) => sum + own(pid), 0);
}

/** The kernel's own threads that deal with packets which came faster than they could be dealt with at once. */
export function packetThreads(): string[] {
  return readdirSync("/proc").filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/comm`, "utf8").startsWith("ksoftirqd/");
    } catch {
      return false;
    }
  });
}
