/** Guests of a real Xen, asked from dom0 by other people's programs: `test/xen/run.sh`. Two machines do it, one of them nothing but many guests one after the other. */
import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { startNsd } from "../tools/dns-oracle/nsd.ts";
import { type Dom0Result, inDom0, makeDom0 } from "../tools/xen.ts";
import { imageOf, temporaryFolder } from "./appliance.ts";
import { dig } from "./dig.ts";
import { buildTrial, written } from "./disks/images.ts";
import { expectPair } from "./dns-pair.ts";
import { questions } from "./ns1-questions.ts";
import { builtSlip } from "./slip.ts";
import { buildProbe } from "./slots/images.ts";
import { atOnce, requests } from "./www-requests.ts";

const CYCLES = 100;
const example = "examples/ns1/ns1.appl";
const zone = readFileSync("examples/ns1/example.org.zone");

/** Answers to these are compared with NSD's. */
const compared = [
  "www.example.org A",
  "www.example.org AAAA",
  "example.org MX",
  "example.org TXT",
  "anything.dyn.example.org A",
  "_sip._tcp.example.org SRV",
  "missing.example.org A",
  "host.dev.example.org A",
].map((question) => ["+noall", "+answer", "+authority", ...question.split(" ")]);

const large = Buffer.from(Uint8Array.from({ length: 300_000 }, (_, n) => (n * 7919) >> 5));

/** A description beside a folder with the file. */
function largeDescription(): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "site"));
  writeFileSync(join(folder, "site/large.bin"), large);
  const path = join(folder, "large.appl");
  writeFileSync(
    path,
    `appl 1
use std/net
use std/http
appliance large {
  net eth0 { address = dhcp }
  http { listen { plain = *:80 }; server main { files "/" { root = dir "./site" } } }
}
`,
  );
  return path;
}

const probeKey = Buffer.alloc(20, 1).toString("base64");
const words = `appl.net/address=10.0.0.2/24 appl.probe/key=${probeKey} appl.probe/pass=hunter2hunter2 appl.probe/count=12`;

const PIECES = 100;
const diskBefore = Buffer.alloc(PIECES * 4 * 4096 + 512);
diskBefore.write("a disk of a test");
const diskAfter = Buffer.from(diskBefore);
written(PIECES, 4, 512, 1, diskAfter);

const inFolder = (folder: string): Readonly<Record<string, Uint8Array>> =>
  Object.fromEntries(
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".sh"))
      .map((name) => [name, readFileSync(join(folder, name))]),
  );

async function images(): Promise<Readonly<Record<string, Uint8Array>>> {
  return {
    "www.xen": await imageOf("examples/www/www.appl", "xen"),
    "pair1.xen": await imageOf("examples/dns/dns.appl:ns1", "xen"),
    "pair2.xen": await imageOf("examples/dns/dns.appl:ns2", "xen"),
    "large.xen": await imageOf(largeDescription(), "xen"),
    "networks.xen": await imageOf("test/interfaces.appl", "guest"),
    "slots.xen": (await buildProbe("xen")).built!.image,
    "crash.xen": (await builtSlip("xen")).image,
    "disk.xen": await buildTrial("xen", `count = 2; requests = 40; pages = 4; pieces = ${PIECES}`),
    "rounds.xen": await buildTrial("xen", `requests = 40; pages = 4; pieces = ${PIECES}; rounds = 1000`),
  };
}

/** What one machine does; the other one does `cycles`. */
const PARTS = [
  ...["ns1", "attach", "control", "www", "large", "pair", "networks"],
  ...["values", "store", "seed", "disk", "disk-attach", "crash"],
];

let result: Dom0Result;
let statuses: readonly (number | undefined)[];
let parts: ReadonlyMap<string, string>;

/** One machine with Xen does these parts. */
const machine = (parts: readonly string[], files: Readonly<Record<string, string | Uint8Array>>) =>
  inDom0({
    limit: 560_000,
    files: { ...inFolder("test/xen"), ...files, steps: parts.join(" ") },
  });

/** The parts of what was said, by name. */
const partsOf = ({ said }: Dom0Result) =>
  said
    .split(/^## /m)
    .slice(1)
    .map((part) => [part.slice(0, part.indexOf(" ")), part.slice(part.indexOf("\n") + 1)] as const);

const rows = (all: readonly (readonly string[])[]) => all.map((each) => `${each.join(" ")}\n`).join("");

beforeAll(async () => {
  // Packages are fetched while the first image is made, and further ones while guests come and go.
  const [first] = await Promise.all([imageOf(example, "xen"), makeDom0()]);
  const ns1 = { "ns1.xen": first };
  const cycling = machine(["cycles"], { ...ns1, cycles: String(CYCLES) });
  const asking = images().then((others) =>
    machine(PARTS, {
      "dns-pair-asked.sh": readFileSync("test/dns-pair-asked.sh"),
      ...ns1,
      ...others,
      questions: rows([...questions.map(({ words }) => words), ...compared]),
      requests: rows([...requests, atOnce].map(({ words }) => words)),
      key: randomBytes(32).toString("base64"),
      words,
      values: `probe/key ${probeKey}\nprobe/pass hunter2hunter2\nprobe/count 12\n`,
      "disk.before": diskBefore,
      "disk.after": diskAfter,
      "site/large.bin": large,
    }),
  );
  const [asked, cycled] = await Promise.all([asking, cycling]);
  result = asked;
  statuses = [asked.status, cycled.status];
  parts = new Map([...partsOf(asked), ...partsOf(cycled)]);
}, 600_000);

const part = (name: string): string => {
  const text = parts.get(name);
  if (text === undefined)
    throw new Error(`dom0 did not get to \`${name}\`:\n${result.said}\n${result.console}`);
  return text;
};
const lines = (name: string): string[] => part(name).trimEnd().split("\n");

/** What follows a line `? WORDS`. */
const answerTo = (words: readonly string[]): string =>
  part("ns1")
    .split(`? ${words.join(" ")}\n`)[1]!
    .split(/^\? /m)[0]!;

const sorted = (text: string): string[] =>
  text
    .replaceAll(/[ \t]+/g, " ")
    .trim()
    .split("\n")
    .sort();

test("a guest of 8 MiB is reached through netback", () => {
  expect(lines("ns1").slice(0, 3)).toEqual(["reached", "3", "1"]);
});

test.each(questions)("dig finds $what", ({ words, check }) => check(answerTo(words)));

test("answers are NSD's, and come over TCP", async () => {
  const nsd = await startNsd([{ name: "example.org", text: zone }], { minimal: true });
  try {
    for (const words of compared)
      expect(sorted(answerTo(words)), words.join(" ")).toEqual(sorted(await dig(nsd.port, ...words)));
  } finally {
    await nsd.stop();
  }
  expect(answerTo(["tcp"])).toBe("192.0.2.80\n");
});

test.each([...requests, atOnce].map((request, n) => ({ ...request, n })))(
  "curl gets $what",
  ({ n, check }) => {
    const [, uptime, text] = /^(\S+)\n([\s\S]*)/.exec(part("www").split(/^\? /m)[n + 1]!)!;
    check({ answer: Buffer.from(text!, "base64"), time: result.begun + Number(uptime) * 1000 });
  },
);

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

test("addresses come from dnsmasq, and a large file over IPv4 and IPv6, in segments that the other side cuts", () => {
  const said = part("large");
  expect(said).toMatch(/^lease 10\.0\.2\.5\d$/m);
  const sizes = [...said.matchAll(/^in a packet (\d+)$/gm)].map(([, size]) => Number(size));
  expect(sizes).toHaveLength(2);
  for (const size of sizes) expect(size).toBeGreaterThan(3000);
  expect(said).toMatch(/^same http:\/\/10\.0\.2\.5\d$/m);
  expect(said).toMatch(/^same http:\/\/\[2001:db8:.*\]$/m);
  expect(lines("large").at(-1)).toBe("2");
});

test("two guests on one bridge: a secondary gets its zones from the primary, signed", () => {
  expectPair(lines("pair"), part("pair"));
});

test("a guest with two devices is in all its networks, and sends long segments with a tag, too", () => {
  const answers = Array.from({ length: 6 }, () => ["2 packets received", "10.77.0.2", "three"]).flat();
  const said = lines("networks");
  expect(said.slice(0, 18)).toEqual(answers);
  expect(said.slice(18, 21)).toEqual(["1048576", "1048576", "3 lines of devices"]);
});

test("values for slots come on the command line; a guest without them has crashed, for the toolstack", () => {
  const said = part("values");
  expect(said).toContain("probe key=20/20 pass=14 level=0 count=12 address=10.0.0.2/24");
  expect(said).toContain("boot: `probe/key` is missing");
  expect(said).toContain("appl.SLOT=VALUE in the guest's `extra`");
  expect(said).toMatch(/^state \S+ reason 3$/m);
});

test("values for slots come from XenStore, and are gone there then", () => {
  const said = part("store");
  expect(said).toContain("probe key=20/20 pass=14 level=0 count=12 address=10.0.0.2/24");
  expect(said).not.toContain("hunter2");
  // RDRAND is there: the seed is not touched.
  expect(said).toMatch(/appl-seed = "0123/);
  expect(said).not.toMatch(/appl = /);
});

test("without RDRAND the console says what to do, and a seed does", () => {
  const [before, after] = part("seed").split("random numbers can be guessed: ");
  expect(before).toMatch(/^reached$/m);
  expect(after).toMatch(/vm-data\/appl-seed in its folder of XenStore\nreached\n$/);
});

test("what a guest has flushed is on its disk when it is destroyed; one that is read only stays as it is", () => {
  const said = lines("disk");
  const sectors = diskBefore.length / 512;
  expect(said).toContain(`disk0: ${sectors} sectors of 512/512, flush, discard`);
  expect(said.find((line) => line.startsWith("disk1: "))).toMatch(
    new RegExp(`^disk1: ${sectors} sectors of 512/512, read only`),
  );
  expect(said).toContain("disk1 begins with a disk of a test");
  expect(said).toContain("disk1 refuses 1: 8 ended, 8 failed, 0 gone, 0 differ");
  expect(said.slice(-2)).toEqual(["as it was written", "as it was"]);
});

test("a disk goes and comes back while it is written to: nothing is lost that was not said to be", () => {
  const said = lines("disk-attach");
  expect(said.filter((line) => line === "disk0 is connected to vbd 51712").length).toBe(2);
  const rounds = said.filter((line) => / (?:wrote|read) \d+: /.test(line));
  expect(rounds.length).toBeGreaterThan(6);
  for (const line of rounds)
    expect(line).toMatch(new RegExp(`: ${PIECES} ended, 0 failed, \\d+ gone, 0 differ$`));
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
  expect(statuses).toEqual([0, 0]);
});
