/** Every answer of a booted image and of the host target, compared with NSD's for the same master files. */
import { copyFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { compareWithNsd, oracleZones, questions, udpAsker, zoneFile } from "#tools/dns-oracle/index";
import { requireQemu } from "../tools/qemu.ts";
import { boot, imageOf, onHost, onLinux, type Running, temporaryFolder } from "./appliance.ts";

const zones = oracleZones();
const about = { identity: "appl", version: "1" };

/** A description in a folder of its own, with all zones that NSD serves. */
function description(): string {
  const folder = temporaryFolder();
  for (const { name } of zones) copyFileSync(zoneFile(name), join(folder, `${name}.zone`));
  const list = zones.map(({ name }) => `    zone "${name}" { primary { master = file "./${name}.zone" } }`);
  const path = join(folder, "oracle.appl");
  writeFileSync(
    path,
    `appl 1

use std/net
use std/dns

appliance oracle {
  net eth0 { address = 10.0.2.15/24; gateway = 10.0.2.2 }
  dns {
    identity = "${about.identity}"
    version  = "${about.version}"
${list.join("\n")}
  }
}
`,
  );
  return path;
}

const targets: readonly (readonly [string, (description: string) => Promise<Running>])[] = [
  ["the host target", async (path) => onHost(await imageOf(path, "host"))],
  ["a process of Linux", async (path) => onLinux(await imageOf(path, "linux"))],
  ["a booted image", async (path) => boot(await imageOf(path, "kvm"))],
];

describe("with all zones of the oracle", () => {
  let path: string;
  beforeAll(() => {
    requireQemu();
    path = description();
  });

  // The same questions and the same differences that are wanted (tools/dns-oracle/tolerances.ts) as for the program in V8.
  test.each(targets)("%s answers every generated question as NSD does", async (_, start) => {
    const list = questions(zones);
    expect(list.length).toBeGreaterThan(15_000);
    const running = await start(path);
    const { ask, close } = udpAsker("127.0.0.1", running.port);
    try {
      const result = await compareWithNsd(ask, { zones, questions: list, ...about });
      expect(result.differences.slice(0, 10).join("\n\n")).toBe("");
      for (const [name, count] of Object.entries(result.tolerated))
        expect(count, `${name} is not needed`).toBeGreaterThan(0);
    } finally {
      close();
      await running.stop();
    }
  });
});
