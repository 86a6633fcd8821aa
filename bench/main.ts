/**
 * `npm run bench [PART…]`: measures what docs/bench.md says, prints a table for each part and names the goals that were missed. That is no failure:
 * it exits with 1 only if something could not be measured.
 */
import { loadavg } from "node:os";
import { missed } from "./table.ts";

/** Each is loaded when it is its turn. */
const parts: Readonly<Record<string, () => Promise<void>>> = {
  size: async () => (await import("./boot.ts")).size(),
  first: async () => (await import("./boot.ts")).first(),
  instructions: async () => (await import("./instructions.ts")).instructions(),
  memory: async () => (await import("./boot.ts")).memory(),
  builds: async () => (await import("./builds.ts")).builds(),
  front: async () => (await import("./front.ts")).front(),
  lsp: async () => (await import("./lsp.ts")).lsp(),
  kernels: async () => (await import("./kernels.ts")).kernels(),
  compile: async () => (await import("./compile.ts")).compiling(),
  riscv: async () => (await import("./riscv.ts")).riscv(),
  xtensa: async () => (await import("./xtensa.ts")).xtensa(),
  esp32: async () => (await import("./esp32.ts")).esp32(),
  passes: async () => (await import("./passes.ts")).passValues(),
  dns: async () => (await import("./dns.ts")).dns(),
  requests: async () => (await import("./requests.ts")).httpRequests(),
  site: async () => (await import("./requests.ts")).httpSize(),
  "first-byte": async () => (await import("./requests.ts")).httpFirst(),
  connections: async () => (await import("./connections.ts")).connections(),
  goodput: async () => (await import("./goodput.ts")).goodput(),
  xen: async () => (await import("./xen.ts")).xenGuests(),
  http: async () => (await import("./http.ts")).http(),
};
const timed = new Set([
  "first",
  "builds",
  "front",
  "lsp",
  "kernels",
  "compile",
  "dns",
  "http",
  "first-byte",
  "xen",
]);
/** Our own processes alone make a load of about 1. */
const BUSY = 1.5;
const wanted = process.argv.slice(2);
for (const name of wanted) {
  if (parts[name] !== undefined) continue;
  console.error(`there is no part \`${name}\`; parts: ${Object.keys(parts).join(" ")}`);
  process.exit(2);
}
const unmeasured: string[] = [];
for (const [name, run] of Object.entries(parts)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  const load = loadavg()[0]!;
  if (timed.has(name) && load > BUSY)
    console.log(`\nOther programs are running (load ${load.toFixed(1)}): the next times are too long.`);
  try {
    await run();
  } catch (error) {
    unmeasured.push(`${name}: ${error instanceof Error ? error.message : error}`);
  }
}
console.log("");
list("NOT MEASURED", unmeasured);
list("Goals that were MISSED", missed);
if (missed.length + unmeasured.length === 0) console.log("Every goal is reached.");
process.exitCode = unmeasured.length === 0 ? 0 : 1;

function list(title: string, lines: readonly string[]): void {
  if (lines.length > 0) console.log([`${title}:`, ...lines].join("\n  "));
}
