/** DNS over TCP of images, asked by clients that we did not write. */
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { requireQemu } from "../tools/qemu.ts";
import { boot, imageOf, onHost, type Running, temporaryFolder } from "./appliance.ts";
import { appl, applJson } from "./command.ts";
import { digShort } from "./dig.ts";

/** A zone with answers of 32 and of 64 KB. */
function description(address: string, board: string): string {
  const folder = temporaryFolder();
  const host = (name: string, count: number) =>
    Array.from({ length: count }, (_, n) => `${name} A 10.1.${n >> 8}.${n & 255}`);
  const head = ["$TTL 3600", "@ SOA ns hostmaster 1 7200 900 1209600 300", "@ NS ns", "ns A 10.77.0.2"];
  const lines = [...head, ...host("many", 2000), ...host("most", 4000)];
  writeFileSync(join(folder, "big.test.zone"), `${lines.join("\n")}\n`);
  const path = join(folder, "big.appl");
  writeFileSync(
    path,
    `appl 1

use std/net
use std/dns
${board}
appliance big {
  net eth0 { address = ${address} }
  dns { zone "big.test" { primary { master = file "./big.test.zone" } } }
}
`,
  );
  return path;
}

test("dig, kdig and dnsperf get whole answers from an image on a tap device, one after another and at once", async () => {
  const image = join(temporaryFolder(), "dns.linux");
  await applJson("build", `${description("10.77.0.2/24", "")}@linux`, "-o", image);
  const { stdout, stderr } = spawnSync("unshare", ["-Urn", "sh", "test/dns-tcp.sh", image], {
    encoding: "utf8",
    timeout: 60_000,
  });
  const said = stdout.split("\n");
  expect(said.slice(0, 9), stderr).toEqual([
    "dig: 10.77.0.2",
    "truncated: 1",
    "fallen back: 2000",
    "largest: ;; MSG SIZE  rcvd: 64042",
    "keepalive: ; TCP KEEPALIVE: 10.0 secs",
    "kept open: 4002",
    "kdig: 4002",
    "  Queries completed:    10000 (100.00%)",
    "  Queries lost:         0 (0.00%)",
  ]);
  expect(stdout).not.toContain("restart");
});

const targets: readonly (readonly [string, (path: string) => Promise<Running>])[] = [
  ["the host target", async (path) => onHost(await imageOf(path, "host"), [53], ["udp", "tcp"])],
  ["a booted image", async (path) => boot(await imageOf(path, "kvm"))],
];

describe.each(targets)("%s", (_, start) => {
  let running: Running;
  beforeAll(async () => {
    requireQemu();
    running = await start(description("10.0.2.15/24", ""));
  });
  afterAll(() => running?.stop());

  test("answers dig over TCP, also when it was asked over UDP first", async () => {
    expect(await digShort(running.port, "+tcp", "ns.big.test")).toBe("10.77.0.2");
    expect((await digShort(running.port, "most.big.test")).split("\n").length).toBe(4000);
  });
});

test("an image whose description wants no TCP has none of it", async () => {
  const folder = temporaryFolder();
  const path = join(folder, "small.appl");
  writeFileSync(
    path,
    `appl 1
use std/net
use std/dns
appliance small {
  net eth0 { address = 10.0.2.15/24 }
  dns {
    tcp = false
    zone "small.test" { primary { soa { mname = "ns"; rname = "a@small.test"; serial = at(1) }; ns = ["ns"]; host "ns" { address = [10.0.2.15] } } }
  }
}
`,
  );
  const { stdout } = await appl("why", `${path}@kvm`, "--largest");
  expect(stdout).toContain("std/dns");
  expect(stdout).not.toContain("std/net/tcp");
});
