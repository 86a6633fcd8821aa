/** What a person waits for while writing: `appl check` of examples and of large descriptions, and `appl diff`. Whole processes of the bundled command. */
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { command, folder, type Spent, spent } from "./appliance.ts";
import { large } from "./large.ts";
import { atMost, printTable, type Row, times } from "./table.ts";

const TIMES = 7;
const WARM = 40;
const BYTES = 250_000;
const environment = { APPL_CACHE: join(folder, "front") };

type Time = Pick<Spent, "wall" | "cpu">;

export async function front(): Promise<void> {
  cpSync("examples", join(folder, "examples"), { recursive: true });
  const node = best(TIMES, () => spent(["-e", "0"]));
  const row = (what: string, time: Time, most: number, beside = ""): Row =>
    atMost(
      what,
      time.wall,
      "ms",
      most,
      `processors ${Math.round(time.cpu)} ms, ${times(time.cpu, node.cpu)} as much as Node alone${beside}`,
    );
  const examples = readdirSync("examples", { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => ({ name, path: join(folder, "examples", name, `${name}.appl`) }))
    .filter(({ path }) => existsSync(path));
  printTable(`Checks of examples, best of ${TIMES}`, [
    {
      what: "Node that does nothing",
      measured: `${Math.round(node.wall)} ms`,
      beside: `processors ${Math.round(node.cpu)} ms`,
    },
    ...examples.map(({ name, path }) => row(name, checked(path), 350)),
    ...examples.map(({ name, path }) => row(`${name}, the program being loaded`, warm(path), 60)),
  ]);

  const peer = typescript();
  printTable(`Checks of ${BYTES / 1000} KB, best of ${TIMES}`, [
    ...Object.entries(large).map(([name, text], n) => {
      const path = join(folder, `large-${n}.appl`);
      writeFileSync(path, text(BYTES));
      return row(name, checked(path), 1000);
    }),
    {
      what: "peer: TypeScript, a list of typed objects",
      measured: `${Math.round(peer.wall)} ms`,
      beside: `processors ${Math.round(peer.cpu)} ms; \`tsc --noEmit\`, machine code from Go`,
    },
  ]);

  const [older, newer] = images();
  const difference = best(TIMES, () => spent([command, "diff", older, newer], environment, [0, 1]));
  printTable(`appl diff of two builds of examples/ns1, best of ${TIMES}`, [
    row(
      "two images",
      difference,
      500,
      "; no peer: who else compares images does not know what they are made of",
    ),
  ]);
}

/** Once before, so that set-up code is compiled: that is a build's work, and measured there. */
function checked(path: string): Time {
  const check = () => spent([command, "check", path], environment, [0, 1]);
  check();
  return best(TIMES, check);
}

function warm(path: string): Time {
  const text = execFileSync(
    process.execPath,
    [join(import.meta.dirname, "warm.mjs"), command, path, String(WARM)],
    { encoding: "utf8", env: { ...process.env, ...environment } },
  );
  const runs = JSON.parse(text) as Time[];
  return best(WARM / 2, (n) => runs[n + WARM / 2]!);
}

/** Two images that differ in one address. */
function images(): readonly [string, string] {
  const description = join(folder, "examples/ns1/ns1.appl");
  const make = (name: string): string => {
    const image = join(folder, name);
    spent([command, "build", `${description}@kvm`, "-o", image], environment);
    return image;
  };
  const older = make("older.elf");
  writeFileSync(description, readFileSync(description, "utf8").replace("10.0.2.15/24", "10.0.2.16/24"));
  return [older, make("newer.elf")];
}

/** The same list in a language of which the checker is known to be fast. */
function typescript(): Time {
  const path = join(folder, "list.ts");
  const list = /\[\n([\s\S]*)\]/.exec(large["a long list"]!(BYTES))![1]!;
  const objects = list.replaceAll(" = ", ": ").replaceAll(/address: ([\d.]+)/g, 'address: "$1"');
  writeFileSync(
    path,
    `interface Host { name: string; address: string; port: number }\nexport const all: Host[] = [\n${objects}];\n`,
  );
  const tsc = resolve("node_modules/typescript/bin/tsc");
  return best(TIMES, () => spent([tsc, "--noEmit", "--skipLibCheck", "--types", "", "--ignoreConfig", path]));
}

/** The least of each figure. */
function best(count: number, run: (n: number) => Time): Time {
  const runs = Array.from({ length: count }, (_, n) => run(n));
  return {
    wall: Math.min(...runs.map(({ wall }) => wall)),
    cpu: Math.min(...runs.map(({ cpu }) => cpu)),
  };
}
