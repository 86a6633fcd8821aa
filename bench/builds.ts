/** Builds as whole processes of the bundled command: on the clock, in processor time and in memory. */
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build, folder, type Spent, spent, zoneOf } from "./appliance.ts";
import { atMost, median, printTable, type Row } from "./table.ts";

const COLD = 3;
const WARM = 9;
const LARGE = 3;
const RECORDS = 100_000;

export async function builds(): Promise<void> {
  cpSync("examples/ns1", join(folder, "ns1"), { recursive: true });
  const description = join(folder, "ns1/ns1.appl");
  const cold = repeat(COLD, (n) => build(description, `cold-${n}`).spent);
  const same = repeat(WARM, () => build(description, "cold-0").spent);
  const changed = repeat(WARM, (n) => {
    edit(description, /address = 10\.0\.2\.\d+\/24/, `address = 10.0.2.${100 + n}/24`);
    return build(description, "cold-0").spent;
  });
  const node = repeat(WARM, () => spent(["-e", ""]));
  const large = zoneOf(RECORDS);
  const whole = repeat(LARGE, (n) => {
    edit(large.path, /gateway = 10\.77\.0\.\d+/, `gateway = 10.77.0.${100 + n}`);
    return build(large.path, "cold-0").spent;
  });
  const [least, most] = [zoneOf(1), large].map(({ path }) => build(path, "cold-0").image.length);
  printTable("Builds of examples/ns1 on kvm, whole processes, medians", [
    { what: "Node alone", measured: shown(node), beside: detail(node) },
    timed(`nothing cached (${COLD} times)`, cold, 15_000),
    timed(`a setting changed (${WARM} times)`, changed, 1000),
    timed(`nothing changed (${WARM} times)`, same, 500),
    timed(`a zone of 100,000 records, modules cached (${LARGE} times)`, whole, 10_000),
    atMost("image for each record of it", (most! - least!) / (RECORDS - 1), "bytes", 200),
  ]);
}

const repeat = (times: number, run: (n: number) => Spent): readonly Spent[] =>
  Array.from({ length: times }, (_, n) => run(n));

function edit(path: string, pattern: RegExp, text: string): void {
  const before = readFileSync(path, "utf8");
  const after = before.replace(pattern, text);
  if (after === before) throw new Error(`nothing to edit in ${path}`);
  writeFileSync(path, after);
}

const walls = (runs: readonly Spent[]): readonly number[] => runs.map(({ wall }) => wall);
const shown = (runs: readonly Spent[]): string => `${Math.round(median(walls(runs)))} ms`;
const timed = (what: string, runs: readonly Spent[], most: number): Row =>
  atMost(what, median(walls(runs)), "ms", most, detail(runs));

function detail(runs: readonly Spent[]): string {
  const best = Math.round(Math.min(...walls(runs)));
  const cpu = Math.round(median(runs.map((run) => run.cpu)));
  const memory = Math.max(...runs.map(({ mebibytes }) => mebibytes));
  return `best ${best} ms; processors ${cpu} ms; ${memory} MiB`;
}
