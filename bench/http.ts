/** Processor time of HTTP requests on `linux`, beside nginx: the same files, the same questions from wrk, the same kind of link. */
import { chmodSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { build, folder, program, spentBy } from "./appliance.ts";
import { hasNetwork } from "./guest.ts";
import {
  CLIENT,
  packetThreads,
  receiveAtClient,
  type Server,
  startAppliance,
  startOnTap,
  subnet,
  timeOf,
} from "./servers.ts";
import { LARGE, siteFolder, siteOf } from "./site.ts";
import { grouped, median, printTable, type Row } from "./table.ts";
import { answersHttp, startNginx } from "./web-servers.ts";

const ROUNDS = 3;
const SECONDS = 2;
/** So long wrk waits for an answer. */
const PATIENCE = 20;
/** Numbers of servers and of their networks: ours, then the peer. */
const [VETH, TAP, NGINX] = [0, 1, 2] as const;

interface Measured {
  /** Nanoseconds of the server's processes, of both ends, and seconds on the clock. */
  readonly server: number;
  readonly both: number;
  readonly wall: number;
  readonly requests: number;
  /** All that came, heads included. */
  readonly bytes: number;
}

interface Asked extends Pick<Measured, "requests" | "bytes" | "wall"> {
  /** Milliseconds of who asks. */
  readonly cpu: number;
}

interface Scenario {
  readonly what: string;
  /** Nanoseconds are for each of these: a request, or a kilobyte. */
  readonly unit: "request" | "kB";
  /** Of nginx's time. */
  readonly most: number;
  readonly ask: (server: Server) => Asked;
}

/** As fast as wrk can, on so many connections. */
const wrk =
  (path: string, connections: number, ...more: readonly string[]): Scenario["ask"] =>
  ({ address }) => {
    const options = ["-t1", `-c${connections}`, `-d${SECONDS}s`, `--timeout=${PATIENCE}s`, ...more];
    const command = ["taskset", "-c", String(CLIENT), "wrk", ...options, `http://${address}${path}`];
    const { output, cpu, wall } = spentBy(command);
    const requests = Number(/(\d+) requests in/.exec(output)?.[1]);
    const [, amount, unit] = /, ([0-9.]+)([KMG])B read/.exec(output) ?? [];
    const bytes = Number(amount) * 1024 ** " KMG".indexOf(unit!);
    const wrong = /Non-2xx|Socket errors: connect [^0]|timeout [^0]/.exec(output);
    if (!(requests > 0) || wrong !== null)
      throw new Error(`${address} does not answer as it should:\n${output}`);
    return { requests, bytes, cpu, wall };
  };

/** One request after the other on one connection. */
const kept =
  (path: string, requests: number): Scenario["ask"] =>
  ({ address }) => {
    const load = [program("http-load"), "kept", address, "80", path, String(requests), "-"];
    const { cpu, wall } = spentBy(["taskset", "-c", String(CLIENT), ...load]);
    return { requests, bytes: LARGE * requests, cpu, wall };
  };

const CLOSE = ["-H", "Connection: close"];
const scenarios: readonly Scenario[] = [
  { what: "128 bytes, 64 connections", unit: "request", most: 0.5, ask: wrk("/", 64) },
  { what: "10 KiB, 64 connections", unit: "request", most: 0.5, ask: wrk("/10k.css", 64) },
  { what: "100 KiB, 64 connections", unit: "request", most: 1, ask: wrk("/100k.js", 64) },
  { what: "128 bytes, one at a time", unit: "request", most: 1, ask: kept("/", 20_000) },
  {
    what: "128 bytes, a new connection each",
    unit: "request",
    most: 1,
    ask: wrk("/", 64, ...CLOSE),
  },
  { what: "100 MB, one after the other", unit: "kB", most: 1, ask: kept("/large.bin", 10) },
  { what: "64 transfers of 10 MB at once", unit: "kB", most: 1, ask: wrk("/large.bin", 64) },
];

export async function http(): Promise<void> {
  if (!hasNetwork) throw new Error("this needs a network namespace: see docs/bench.md");
  if (cpus().length < 2) throw new Error("the servers and wrk need a processor each");
  const root = siteFolder(true);
  const images = [VETH, TAP].map((n) => {
    const { here, there } = subnet(n);
    const path = join(folder, `site-${n}`);
    writeFileSync(path, build(siteOf(root, there, here), "cache", "linux").image);
    chmodSync(path, 0o755);
    return path;
  });
  for (const apart of [true, false]) {
    receiveAtClient(apart);
    const servers: Server[] = [];
    try {
      servers.push(await startAppliance(VETH, images[0]!, answersHttp));
      servers.push(await startOnTap(TAP, images[1]!, answersHttp));
      servers.push(await startNginx(NGINX, root));
      const title = apart ? "" : "; the server's processor receives for the client, too";
      for (const scenario of apart ? scenarios : scenarios.slice(0, 1))
        printTable(
          `Processor time of HTTP, medians of ${ROUNDS}: ${scenario.what}${title}`,
          measured(scenario, servers, apart),
        );
    } finally {
      await Promise.all(servers.map((server) => server.stop()));
    }
  }
}

function measured(scenario: Scenario, servers: readonly Server[], counts: boolean): Row[] {
  const rounds = Array.from({ length: ROUNDS }, () => servers.map((server) => once(server, scenario)));
  const { unit, most } = scenario;
  const each = ({ requests, bytes }: Measured) => (unit === "request" ? requests : bytes / 1000);
  return servers.map(({ name }, n): Row => {
    const runs = rounds.map((round) => round[n]!);
    const middle = (what: (run: Measured) => number) => median(runs.map((run) => what(run) / each(run)));
    const time = (ns: number) =>
      unit === "request" ? `${(ns / 1000).toFixed(2)} µs` : `${ns.toFixed(0)} ns`;
    const ratio = median(
      rounds.map(
        (round) => round[n]!.server / each(round[n]!) / (round[NGINX]!.server / each(round[NGINX]!)),
      ),
    );
    const rate = median(runs.map((run) => each(run) / (run.wall / 1000)));
    const speed =
      unit === "request"
        ? `${grouped(Math.round(rate))} a second`
        : `${((rate * 8000) / 1e9).toFixed(1)} Gbit/s`;
    return {
      what: name,
      measured: `${time(middle(({ server }) => server))} a ${unit}`,
      ...(counts && n === VETH && { goal: `<= ${most} of nginx's`, reached: ratio <= most }),
      beside: `${ratio.toFixed(2)} of nginx's; both ends ${time(middle(({ both }) => both))}; ${speed}`,
    };
  });
}

function once(server: Server, { ask }: Scenario): Measured {
  const before = { server: server.spent(), kernel: timeOf(packetThreads()) };
  const { cpu, ...asked } = ask(server);
  const spent = server.spent() - before.server;
  const kernel = timeOf(packetThreads()) - before.kernel;
  return { server: spent, both: spent + kernel + cpu * 1e6, ...asked };
}
