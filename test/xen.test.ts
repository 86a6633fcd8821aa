/** Guests of a real Xen, asked from dom0 by other people's programs. One boot of Xen does it all: `test/xen/run.sh`. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { startNsd } from "../tools/dns-oracle/nsd.ts";
import { type Dom0Result, inDom0 } from "../tools/xen.ts";
import { imageOf, imageOfText, temporaryFolder } from "./appliance.ts";
import { dig } from "./dig.ts";
import { builtSlip } from "./slip.ts";
import { buildProbe } from "./slots/images.ts";

const CYCLES = 100;
const example = "examples/ns1/ns1.appl";
const zone = readFileSync("examples/ns1/example.org.zone");

const questions = [
  "www.example.org A",
  "www.example.org AAAA",
  "example.org MX",
  "example.org TXT",
  "anything.dyn.example.org A",
  "_sip._tcp.example.org SRV",
  "missing.example.org A",
  "host.dev.example.org A",
];

const site: Readonly<Record<string, Uint8Array>> = {
  "index.html": Buffer.from("<h1>hello</h1>\n".repeat(20)),
  "assets/site.css": Buffer.from("a {}\n"),
  "large.bin": Buffer.from(Uint8Array.from({ length: 300_000 }, (_, n) => (n * 7919) >> 5)),
};

/** A description beside a folder with these files. */
function siteDescription(): string {
  const folder = temporaryFolder();
  for (const [name, bytes] of Object.entries(site)) {
    mkdirSync(dirname(join(folder, "site", name)), { recursive: true });
    writeFileSync(join(folder, "site", name), bytes);
  }
  const path = join(folder, "site.appl");
  writeFileSync(
    path,
    `appl 1
use std/net
use std/http
appliance site {
  net eth0 { address = [10.0.2.16/24, 2001:db8::16/64] }
  http { listen { plain = *:80 }; server main { files "/" { root = dir "./site" } } }
}
`,
  );
  return path;
}

const key = Buffer.alloc(20, 1).toString("base64");
const words = `appl.net/address=10.0.0.2/24 appl.probe/key=${key} appl.probe/pass=hunter2hunter2 appl.probe/count=12`;

let result: Dom0Result;
let parts: ReadonlyMap<string, string>;

beforeAll(async () => {
  const ns1 = await imageOf(example, "xen");
  const dynamic = readFileSync(example, "utf8")
    .replace("address = 10.0.2.15/24; gateway = 10.0.2.2", "address = dhcp; autoconf = false")
    .replace('zone "example.org" { primary { master = file "./example.org.zone" } }', "");
  const probe = await buildProbe("xen");
  result = await inDom0({
    limit: 560_000,
    files: {
      "run.sh": readFileSync("test/xen/run.sh"),
      "ns1.xen": ns1,
      "site.xen": await imageOf(siteDescription(), "xen"),
      "dhcp.xen": await imageOfText(dynamic, "xen"),
      "slots.xen": probe.built!.image,
      "crash.xen": (await builtSlip("xen")).image,
      questions: questions.map((question) => `${question}\n`).join(""),
      words,
      cycles: String(CYCLES),
      ...Object.fromEntries(Object.entries(site).map(([name, bytes]) => [`site/${name}`, bytes])),
    },
  });
  parts = new Map(
    result.said
      .split(/^## /m)
      .slice(1)
      .map((part) => [part.slice(0, part.indexOf(" ")), part.slice(part.indexOf("\n") + 1)]),
  );
}, 600_000);

const part = (name: string): string => {
  const text = parts.get(name);
  if (text === undefined)
    throw new Error(`dom0 did not get to \`${name}\`:\n${result.said}\n${result.console}`);
  return text;
};
const lines = (name: string): string[] => part(name).trimEnd().split("\n");

/** What follows a line `? QUESTION`. */
const answerOf = (question: string): string[] =>
  part("ns1").split(`? ${question}\n`)[1]!.split("? ")[0]!.trim().split("\n").sort();

test("a guest of 8 MiB is reached through netback", () => {
  const said = lines("ns1");
  expect(said).toContain("reached");
  expect(said).toContain("3");
});

test("its answers are NSD's, and it answers over TCP", async () => {
  const nsd = await startNsd([{ name: "example.org", text: zone }], { minimal: true });
  try {
    for (const question of questions) {
      const words = ["+noall", "+answer", "+authority", ...question.split(" ")];
      const wanted = (await dig(nsd.port, ...words))
        .replaceAll(/[ \t]+/g, " ")
        .trim()
        .split("\n")
        .sort();
      expect(answerOf(question), question).toEqual(wanted);
    }
  } finally {
    await nsd.stop();
  }
  expect(answerOf("tcp")).toEqual(["192.0.2.80"]);
});

test("a network device goes and comes back, and the guest goes on", () => {
  const said = lines("attach");
  expect(said).not.toContain("still there");
  expect(said.slice(-2)).toEqual(["reached", "192.0.2.80"]);
});

test("the toolstack's power-off is obeyed, suspend refused", () => {
  const said = lines("control");
  expect(said[0]).toBe("state ---s-- reason 0");
  expect(said).toContain("net: eth0 has lost vif 0");
  expect(said).toContain("control: suspend and migration are not supported; the request is refused");
  expect(said.at(-1)).toBe("power-off requested");
});

test("a site comes as it is, over IPv4 and IPv6", () => {
  const said = lines("site");
  for (const name of Object.keys(site))
    for (const host of ["10.0.2.16", "[2001:db8::16]"]) expect(said).toContain(`same http://${host}/${name}`);
  expect(said).toContain("HTTP/1.1 206 Partial Content");
  expect(said).toContain("Content-Range: bytes 0-4/300000");
  expect(said.at(-1)).toBe("2");
});

test("an address comes from dnsmasq", () => {
  expect(part("dhcp")).toMatch(/lease 10\.0\.2\.5\d\nreached\n192\.0\.2\.80\n/);
});

test("values for slots come on the command line; a guest without them has crashed, for the toolstack", () => {
  const said = part("slots");
  expect(said).toContain("probe key=20/20 pass=14 level=0 count=12 address=10.0.0.2/24");
  expect(said).toContain("boot: `probe/key` is missing");
  expect(said).toContain("appl.SLOT=VALUE in the guest's `extra`");
  expect(said).toMatch(/^state \S+ reason 3$/m);
});

test("a guest that traps again and again has crashed, and says where", () => {
  const said = part("crash");
  expect(said).toMatch(/^state \S+ reason 3$/m);
  expect(said).toMatch(/restart 1: unreachable in function \d+ \+ 0x/);
  expect(said).toMatch(/appl: trap .*; it fails again and again; stopped/);
});

test(`${CYCLES} guests one after the other leave nothing behind`, () => {
  const said = part("cycles");
  const [, cycles, before, after, domains, vifs] =
    /^cycles (\d+), memory of the hypervisor (\d+) (\d+), domains (\d+), vifs (\d+)$/m.exec(said)!;
  expect([cycles, domains, vifs]).toEqual([String(CYCLES), "2", "0"]);
  expect(after).toBe(before);
  const free = [...said.matchAll(/MemFree:(\d+) Slab:(\d+)/g)].map(([, free, slab]) => [
    Number(free),
    Number(slab),
  ]);
  // KiB: what a leak of one page in each cycle would be is 400.
  expect(free[0]![0]! - free[1]![0]!).toBeLessThan(2048);
});

test("dom0 came to the end of it", () => {
  expect(part("end")).toBe("");
  expect(result.status).toBe(0);
});
