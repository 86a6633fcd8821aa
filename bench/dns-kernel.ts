/**
 * The DNS answer as a kernel: the server's own modules, assembled and prepared as a build does it, and what memory then holds as data segments. So the
 * same WebAssembly can be given to this code generator and to another compiler.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { encode } from "cborg";
import { type Asc, embedSnapshot, runAsc, runPrepare } from "#compiler";
import { message, type OracleZone, oracleZones, questions, wireName } from "#tools/dns-oracle/index";
import { closure } from "../compiler/assemble/closure.ts";

const needs = {
  clock: "net/simulation/clock",
  log: "dns/testing/log",
  random: "net/simulation/random",
  tcp: "net/simulation/tcp",
  udp: "dns/testing/udp",
  wall: "net/simulation/wall",
} as const;
const parts = [
  ...["access", "chance", "digest", "measured", "notify", "rate"],
  ...["secondary", "sha512", "tcp", "transfer", "tsig"],
] as const;
/** What the build would generate for a server of its own zones over UDP. */
const generated: Readonly<Record<string, string>> = {
  "stdlib/dns/config.ts": 'export * from "./testing/config";\n',
  "stdlib/dns/parts.ts": parts.map((part) => `export const ${part}: bool = false;\n`).join(""),
  ...Object.fromEntries(
    Object.entries(needs).map(([need, from]) => [
      `stdlib/dns/needs/${need}.ts`,
      `export * from "../../${from}";\n`,
    ]),
  ),
};
const folder = "bench/kernels/dns";
const NAMES = 1000;

export interface DnsKernel {
  readonly wasm: Uint8Array;
  /** What `run` is called with first: the number of a set of questions. */
  readonly sets: readonly { readonly what: string; readonly questions: number }[];
}

export async function dnsKernel(): Promise<DnsKernel> {
  const { default: asc } = await import("assemblyscript/asc");
  const [entry, setUp] = [`${folder}/main.ts`, `${folder}/prepare.ts`];
  const outcome = await runAsc(asc as unknown as Asc, {
    entry,
    setUp,
    sources: closure([entry, setUp], (path) => generated[path] ?? onDisk(path)),
    keep: ["run", "finish", "outputAddress"],
  });
  if (outcome.kind !== "done") throw new Error(`the kernel does not compile: ${JSON.stringify(outcome)}`);
  const { program, runtime, facts } = outcome;
  const zones = [...oracleZones(), manyNames()];
  const sets = [
    { what: "A records", messages: addressQuestions() },
    { what: "all sorts", messages: questions(zones.slice(0, -1)).map(({ bytes }) => bytes) },
  ];
  const files = zones.map(({ name, text }) => ({ path: `${name}.zone`, bytes: text }));
  const settings = encode([
    zones.map(({ name }, n) => [name, [n, `${name}.zone`]]),
    ...sets.map(({ messages }) => packed(messages)),
  ]);
  const prepared = { program, facts, settings: [settings], files, include: () => undefined };
  const { snapshot, reports } = await runPrepare(prepared);
  if (snapshot === undefined) throw new Error(`the zones are faulty: ${JSON.stringify(reports[0])}`);
  return {
    wasm: embedSnapshot(runtime, snapshot),
    sets: sets.map(({ what, messages }) => ({ what, questions: messages.length })),
  };
}

function onDisk(path: string): string | undefined {
  try {
    return readFileSync(join(import.meta.dirname, "..", path), "utf8");
  } catch {
    return undefined;
  }
}

function manyNames(): OracleZone {
  const lines = ["$TTL 3600", "@ SOA ns1 hostmaster 1 7200 900 1209600 300", "@ NS ns1", "ns1 A 192.0.2.1"];
  for (let n = 0; n < NAMES; n++) lines.push(`host-${n} A 198.51.${n >> 8}.${n & 255}`);
  return { name: "bench.test", text: Buffer.from(`${lines.join("\n")}\n`) };
}

/** In an order that has nothing to do with that of the zone: 611 has no factor in common with 1000. */
function addressQuestions(): Uint8Array[] {
  return Array.from({ length: NAMES }, (_, n) =>
    message(wireName(`host-${(n * 611) % NAMES}.bench.test.`), 1, {}),
  );
}

function packed(messages: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(
    messages.flatMap((bytes) => [Uint8Array.of(bytes.length >> 8, bytes.length & 255), bytes]),
  );
}
