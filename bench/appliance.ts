/** Builds appliances for benchmarks with the command that users have, in a folder and with a cache of their own. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

export const folder = mkdtempSync(join(tmpdir(), "appl-bench-"));
process.on("exit", () => rmSync(folder, { recursive: true, force: true }));

const command = resolve(import.meta.dirname, "../dist/appl.js");

export interface Run {
  readonly stdout: string;
  readonly milliseconds: number;
}

/** Runs `appl` with an empty or kept cache; the time is that of the whole process. */
export function appl(args: readonly string[], cache = "cache"): Run {
  const begin = performance.now();
  const { status, stdout, stderr } = spawnSync(process.execPath, [command, ...args], {
    encoding: "utf8",
    env: { ...process.env, APPL_CACHE: join(folder, cache) },
    maxBuffer: 1 << 28,
  });
  if (status !== 0) throw new Error(`appl ${args.join(" ")} ended with ${status}:\n${stderr}`);
  return { stdout, milliseconds: performance.now() - begin };
}

/** A description with one zone of `records` A records, and the names in it. */
export function zoneOf(records: number): { readonly path: string; readonly names: string } {
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
  return { path, names: list };
}

/** A fixed shuffle: the order of questions must not follow the order of the table. */
function shuffled(names: readonly string[]): string[] {
  const out = [...names];
  let state = 1;
  for (let n = out.length - 1; n > 0; n--) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    const other = state % (n + 1);
    [out[n], out[other]] = [out[other]!, out[n]!];
  }
  return out;
}

export interface Built {
  readonly image: Uint8Array;
  readonly milliseconds: number;
}

export function build(path: string, cache?: string): Built {
  const out = join(folder, "image.elf");
  const { milliseconds } = appl(["build", `${path}@kvm`, "-o", out], cache);
  return { image: readFileSync(out), milliseconds };
}
