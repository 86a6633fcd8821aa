/** Processor time of a DNS query on `linux`, beside nsd and knot: the same zones, the same questions from dnsperf, the same kind of link. */
import { readFileSync, writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { build, folder, spentBy } from "./appliance.ts";
import { dnsQuestions, type Questions } from "./dns-questions.ts";
import { hasNetwork } from "./guest.ts";
import { answersDns, startKnot, startNsd } from "./name-servers.ts";
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
import { grouped, median, printTable, type Row } from "./table.ts";

const ROUNDS = 5;
/** Of one run, as fast as dnsperf can; and at a rate. */
const QUERIES = 200_000;
const FEWER = 50_000;
/** Of the better one's time. */
const MOST = 0.5;
/** Outstanding queries: dnsperf's own default. */
const OUTSTANDING = 100;
/** Queries a second of a server that has little to do. */
const SLOW = 20_000;

interface Measured {
  /** Microseconds a query: of the server's processes; of both ends and the kernel's threads for packets; of all processors, whoever used them. */
  readonly server: number;
  readonly both: number;
  readonly all: number;
  /** Queries a second. */
  readonly rate: number;
  readonly codes: string;
  readonly bytes: string;
}

interface Scenario {
  readonly what: string;
  /** dnsperf's processor receives what is for dnsperf; else the server's does that, too. */
  readonly apart: boolean;
  readonly questions: Questions;
  /** Queries a second; undefined: as fast as dnsperf can. */
  readonly rate?: number;
  /** The goal is for this. */
  readonly counts?: true;
}

export async function dns(): Promise<void> {
  if (!hasNetwork) throw new Error("this needs a network namespace: see docs/bench.md");
  if (cpus().length < 2) throw new Error("the servers and dnsperf need a processor each");
  const asked = dnsQuestions();
  const { small, large } = asked.questions;
  const images = [VETH, TAP].map((n) => {
    const { here, there } = subnet(n);
    const path = join(folder, `server-${n}`);
    writeFileSync(path, build(asked.description(there, here), "cache", "linux").image, { mode: 0o755 });
    return path;
  });
  const scenarios: readonly Scenario[] = [
    { what: "the zone of examples/ns1", apart: true, questions: small, counts: true },
    { what: "100,000 records", apart: true, questions: large, counts: true },
    {
      what: `the zone of examples/ns1, ${grouped(SLOW)} queries a second`,
      apart: true,
      questions: small,
      rate: SLOW,
    },
    {
      what: "the zone of examples/ns1; the server's processor receives for dnsperf",
      apart: false,
      questions: small,
    },
  ];
  for (const apart of [true, false]) {
    receiveAtClient(apart);
    const servers: Server[] = [];
    try {
      servers.push(
        await startAppliance(VETH, images[0]!, answersDns),
        await startOnTap(TAP, images[1]!, answersDns),
      );
      servers.push(await startNsd(NSD, asked.zones), await startKnot(KNOT, asked.zones));
      for (const scenario of scenarios) if (scenario.apart === apart) report(scenario, servers);
    } finally {
      await Promise.all(servers.map((server) => server.stop()));
    }
  }
}

/** Numbers of servers and of their networks: ours, then the peers. */
const [VETH, TAP, NSD, KNOT] = [0, 1, 2, 3] as const;

function report(scenario: Scenario, servers: readonly Server[]): void {
  const rounds = Array.from({ length: ROUNDS }, () => servers.map((server) => ask(server, scenario)));
  const codes = new Set(rounds.flat().map((run) => run.codes));
  if (codes.size > 1) throw new Error(`servers do not answer alike: ${[...codes].join("; ")}`);
  /** Of one round: the better peer's time. */
  const better = (round: readonly Measured[]) => Math.min(round[NSD]!.server, round[KNOT]!.server);
  const rows = servers.map(({ name }, n): Row => {
    const runs = rounds.map((round) => round[n]!);
    const middle = (what: (run: Measured) => number) => median(runs.map(what)).toFixed(2);
    const ratio = median(rounds.map((round) => round[n]!.server / better(round)));
    return {
      what: name,
      measured: `${middle(({ server }) => server)} µs`,
      ...(n === VETH &&
        scenario.counts && { goal: `<= ${MOST} of the better one's`, reached: ratio <= MOST }),
      beside: [
        `${ratio.toFixed(2)} of the better one's`,
        `with dnsperf ${middle(({ both }) => both)} µs`,
        `all processors ${middle(({ all }) => all)} µs`,
        `${grouped(Math.round(median(runs.map(({ rate }) => rate))))} a second`,
        `answers of ${runs[0]!.bytes} bytes`,
      ].join("; "),
    };
  });
  printTable(`Processor time of a query, medians of ${ROUNDS}: ${scenario.what}`, rows);
}

function ask(server: Server, { questions: { file, count }, rate }: Scenario): Measured {
  const times = Math.ceil((rate === undefined ? QUERIES : FEWER) / count);
  const before = { server: server.spent(), kernel: timeOf(packetThreads()), all: busy() };
  const { output, cpu } = spentBy([
    ...["taskset", "-c", String(CLIENT), "dnsperf", "-W", "-e", "-s", server.address, "-d", file],
    ...["-n", String(times), "-q", String(OUTSTANDING), ...(rate === undefined ? [] : ["-Q", String(rate)])],
  ]);
  const spent = server.spent() - before.server;
  const kernel = timeOf(packetThreads()) - before.kernel;
  const all = busy() - before.all;
  const number = (label: string) => Number(new RegExp(`${label}:\\s+([0-9.]+)`).exec(output)?.[1]);
  const [completed, lost] = [number("Queries completed"), number("Queries lost")];
  if (!(completed > 0) || lost > completed / 1000)
    throw new Error(`${server.name} loses queries:\n${output}`);
  const each = (ns: number) => ns / completed / 1000;
  return {
    server: each(spent),
    both: each(spent + kernel + cpu * 1e6),
    all: each(all),
    rate: number("Queries per second"),
    codes: /Response codes:\s+(.*)/.exec(output)![1]!,
    bytes: /response (\d+)/.exec(output)![1]!,
  };
}

/** Nanoseconds that processors were not idle: proc(5), /proc/stat. */
function busy(): number {
  const [user, nice, system, , , hard, soft] = readFileSync("/proc/stat", "utf8")
    .split("\n")[0]!
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return (user! + nice! + system! + hard! + soft!) * 1e7;
}
