/** Zones that go from server to server, with servers that we did not write and between the appliances of the example. */
import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { requireQemu } from "../tools/qemu.ts";
import { imageOf, imageOfText, temporaryFolder } from "./appliance.ts";
import { expectPair } from "./dns-pair.ts";

const folder = temporaryFolder();
const inFolder = (name: string, content: string | Uint8Array): string => {
  writeFileSync(join(folder, name), content, { mode: 0o755 });
  return join(folder, name);
};
const key = inFolder("key", randomBytes(32).toString("base64"));

function ran(script: string, ...args: readonly string[]): { said: string[]; errors: string } {
  const { stdout, stderr } = spawnSync("unshare", ["-Urn", "sh", script, ...args], {
    encoding: "utf8",
    timeout: 120_000,
  });
  return { said: stdout.replaceAll("\r", "").split("\n"), errors: stderr };
}

const between = `appl 1

use std/net
use std/dns

secret xfr : dns.TsigKey from boot "tsig/xfr"

appliance between {
  net eth0 { address = 10.77.0.2/24 }
  dns {
    tsig "xfr." { key = xfr }
    zone "n.test" { secondary { from = [10.77.0.1]; key = "xfr." } }
    zone "k.test" { secondary { from = [10.77.0.3]; key = "xfr." } }
    zone "p.test" {
      primary {
        soa { mname = "ns"; rname = "hostmaster@p.test"; serial = at(1) }
        ns = ["ns"]
        host "ns"  { address = [10.77.0.2] }
        host "www" { address = [10.9.9.9] }
        for n in 1..1000 { host "host\${n}" { address = [10.1.0.1]; mx = [{ prio = 10, host = "www" }] } }
      }
      transfer { to = [10.77.0.1, 10.77.0.3]; key = "xfr." }
    }
  }
}
`;

test("NSD and Knot copy a zone from an image, and an image copies theirs, each signed; changes go through at once", async () => {
  const image = inFolder("between", await imageOfText(between, "linux"));
  const { said, errors } = ran("test/transfers.sh", image, key);
  expect(said.slice(0, 12), errors).toEqual([
    "before: status: SERVFAIL",
    "from nsd: 10.0.0.1",
    "from knot: 10.0.0.1",
    "to nsd: 10.9.9.9",
    "to knot: 10.9.9.9",
    "records of a copy: 2004",
    "changed by nsd: 10.0.0.2",
    "changed by knot: 10.0.0.2",
    "by steps: 1",
    "all of it: 10 www.k.test. 10.1.0.1",
    "signed question: 1",
    "another secret: status: NOTAUTH",
  ]);
  const console = said.slice(12).join("\n");
  expect(console).toContain("dns: k.test: serial 2 from 10.77.0.3, 403 names, ");
  expect(console).not.toContain("restart");
}, 180_000);

/** A machine that does not know the time signs nothing. */
const unsigned = () =>
  readFileSync("examples/dns/dns.appl", "utf8")
    .replace(/^secret xfr .*$/m, "")
    .replace(/^ *tsig "xfr\." .*$/m, "")
    .replaceAll('; key = "xfr."', "");

test.each([
  ["kvm", (name: string) => imageOf(`examples/dns/dns.appl:${name}`, "kvm")],
  ["esp32", (name: string) => imageOf(`${inFolder("unsigned.appl", unsigned())}:${name}`, "esp32")],
])(
  "both appliances of the example work together in QEMU, on %s",
  async (target, imageNamed) => {
    requireQemu();
    const image = async (name: string) => inFolder(name, await imageNamed(name));
    const { said, errors } = ran("test/dns-pair.sh", await image("ns1"), await image("ns2"), key, target);
    expectPair(said, errors);
  },
  240_000,
);
