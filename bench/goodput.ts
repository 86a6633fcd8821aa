/** How much arrives where frames are lost: TCP of the appliance and of this kernel, with CUBIC both, over links of the same kind at the same time. */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build, folder, program } from "./appliance.ts";
import { siteOf, text } from "./site.ts";
import { grouped, printTable } from "./table.ts";

/** Transfers at once: each meets losses of its own, so that together they are an average. */
const [FLOWS, SECONDS, ROUNDS] = [12, 40, 3];
const FILE = 24_000_000;
const LEAST = 0.9;

export async function goodput(): Promise<void> {
  const root = join(folder, "lossy-site");
  mkdirSync(root, { recursive: true });
  writeFileSync(join(root, "large.bin"), text(FILE));
  const built = join(folder, "lossy.linux");
  writeFileSync(built, build(siteOf(root, "10.88.0.2", "10.88.0.1"), "cache", "linux").image);
  chmodSync(built, 0o755);
  const script = join(import.meta.dirname, "goodput.sh");
  const link = program("lossy-link");
  let [ours, theirs] = [0, 0];
  for (let seed = 1; seed <= ROUNDS; seed++) {
    const args = [script, built, root, link, FLOWS, SECONDS, seed].map(String);
    const { status, stdout, stderr } = spawnSync("unshare", ["-rn", "sh", ...args], { encoding: "utf8" });
    const [one, other] = stdout.trim().split("\n").map(Number);
    if (status !== 0 || !one || !other)
      throw new Error(`goodput.sh ended with ${status}: ${stdout}${stderr}`);
    ours += one;
    theirs += other;
  }
  const rate = (bytes: number) => grouped(Math.round(bytes / 1000 / (ROUNDS * SECONDS * FLOWS)));
  printTable("Bytes that arrive over 50 ms each way with 1 % loss (linux, 12 transfers at once)", [
    {
      what: "kB a second of one transfer",
      measured: rate(ours),
      goal: `>= ${LEAST} of Linux`,
      reached: ours / theirs >= LEAST,
      beside: `nginx on this kernel with CUBIC ${rate(theirs)}: ${(ours / theirs).toFixed(2)} times`,
    },
  ]);
}
