/** What connections cost the appliance in memory on `linux`: many that are open and silent, and very many one after the other. */
import { spawn } from "node:child_process";
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build, folder, program, spentBy } from "./appliance.ts";
import { hasNetwork } from "./guest.ts";
import { startAppliance, subnet } from "./servers.ts";
import { siteFolder, siteOf } from "./site.ts";
import { atMost, grouped, printTable } from "./table.ts";
import { answersHttp } from "./web-servers.ts";

const OPEN = 10_000;
const MANY = 1_000_000;
/** So many that every pool has been come to everywhere. */
const WARM = 1_000_000;
const MOST_KIB = 16 * 1024;

export async function connections(): Promise<void> {
  if (!hasNetwork) throw new Error("this needs a network namespace: see docs/bench.md");
  const { here, there } = subnet(0);
  const image = join(folder, "site-connections");
  // One address may have half of all connections.
  const limits = `; connections = ${2 * OPEN}; idle = 10min`;
  writeFileSync(image, build(siteOf(siteFolder(), there, here, limits), "cache", "linux").image);
  chmodSync(image, 0o755);
  const server = await startAppliance(0, image, answersHttp);
  try {
    const load = program("http-load");
    const count = (n: number) => spentBy([load, "new", there, "80", "/", String(n), "-"]);
    const open = spawn(load, ["open", there, "80", "/", String(OPEN)], { stdio: "pipe" });
    let said = "";
    open.stderr.on("data", (more) => (said += more));
    const isOpen = await new Promise<boolean>((resolve) => {
      open.stdout.once("data", () => resolve(true));
      open.once("exit", () => resolve(false));
    });
    if (!isOpen) throw new Error(`not all connections could be opened: ${said}`);
    const idle = server.memory();
    open.stdin.end();
    await new Promise((resolve) => open.once("exit", resolve));
    // As many as there may be wait out their time then.
    count(WARM);
    const before = server.memory();
    const { wall } = count(MANY);
    const after = server.memory();
    printTable("Memory that only the process has (linux, all pools and buffers included)", [
      atMost(`${grouped(OPEN)} connections open and silent`, idle, "KiB", MOST_KIB),
      {
        ...atMost(`growth over ${grouped(MANY)} connections`, after - before, "KiB", 0),
        beside: `${before} KiB before; ${grouped(Math.round(MANY / (wall / 1000)))} a second, one after the other`,
      },
    ]);
  } finally {
    await server.stop();
  }
}
