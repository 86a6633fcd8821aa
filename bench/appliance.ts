/** Builds appliances for benchmarks with the command that users have, in a folder and with a cache of their own. */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

export const folder = mkdtempSync(join(tmpdir(), "appl-bench-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

/** The bundled `appl`. */
export const command = resolve(import.meta.dirname, "../dist/appl.js");
const compiled = new Set<string>();

/** The path of one of the C programs in this folder, compiled. */
export function program(name: string): string {
  const path = join(folder, name);
  if (!compiled.has(name)) execFileSync("gcc", ["-O2", "-o", path, join(import.meta.dirname, `${name}.c`)]);
  compiled.add(name);
  return path;
}

/** A whole process, with the children it waited for. */
export interface Spent {
  /** Milliseconds on the clock. */
  readonly wall: number;
  /** Milliseconds of processors, in user and kernel mode. */
  readonly cpu: number;
  /** Resident memory of the largest process. */
  readonly mebibytes: number;
}

/** Runs Node with these arguments; a failure is an error. */
export const spent = (
  args: readonly string[],
  environment: NodeJS.ProcessEnv = {},
  fine: readonly number[] = [0],
): Spent => spentBy([process.execPath, ...args], environment, fine);

/** The same for any command, with what it has written. */
export function spentBy(
  command: readonly string[],
  environment: NodeJS.ProcessEnv = {},
  fine: readonly number[] = [0],
): Spent & { readonly output: string } {
  const report = join(folder, "spent.json");
  const { status, stdout, stderr } = spawnSync(program("measure"), [report, ...command], {
    encoding: "utf8",
    env: { ...process.env, ...environment },
    maxBuffer: 1 << 28,
  });
  if (!fine.includes(status!)) throw new Error(`${command.join(" ")} ended with ${status}:\n${stderr}`);
  return { ...(JSON.parse(readFileSync(report, "utf8")) as Spent), output: stdout };
}

interface Built {
  readonly image: Uint8Array;
  readonly spent: Spent;
}

/** `appl build`, with a cache that is empty or was used before. */
export function build(path: string, cache = "cache", target = "kvm"): Built {
  const out = join(folder, `image.${target}`);
  const args = [command, "build", `${path}@${target}`, "-o", out];
  return { spent: spent(args, { APPL_CACHE: join(folder, cache) }), image: readFileSync(out) };
}

interface ZoneOf {
  readonly path: string;
  /** The file with the names in it, in no order. */
  readonly names: string;
  /** Those names. */
  readonly records: readonly string[];
}

/** A description with one zone of `records` A records, and the names in it. */
export function zoneOf(records: number): ZoneOf {
  const lines = [
    "$ORIGIN bench.test.",
    "$TTL 3600",
    "@ IN SOA ns1 hostmaster 1 7200 900 1209600 300",
    "@ IN NS ns1",
    "ns1 IN A 10.77.0.2",
  ];
  const names: string[] = [];
  for (let n = 0; n < records; n++) {
    lines.push(`host-${n} IN A 192.0.${(n >> 8) & 255}.${n & 255}`);
    names.push(`host-${n}.bench.test`);
  }
  writeFileSync(join(folder, `zone-${records}.zone`), `${lines.join("\n")}\n`);
  const path = join(folder, `bench-${records}.appl`);
  writeFileSync(
    path,
    `appl 1
use std/net
use std/dns

appliance bench {
  net eth0 { address = 10.77.0.2/24; gateway = 10.77.0.1 }
  dns { zone "bench.test" { primary { master = file "./zone-${records}.zone" } } }
}
`,
  );
  const list = join(folder, `names-${records}`);
  writeFileSync(list, `${shuffled(names).join("\n")}\n`);
  return { path, names: list, records: names };
}

/** A fixed shuffle: the order of questions must not follow the order of the table. */
export function shuffled(names: readonly string[]): string[] {
  const out = [...names];
  let state = 1;
  for (let n = out.length - 1; n > 0; n--) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    const other = state % (n + 1);
    [out[n], out[other]] = [out[other]!, out[n]!];
  }
  return out;
}
