/** `appl simulate`: what is shown is what happens, again and again. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "./appliance.ts";
import { appl, applJson } from "./command.ts";

const example = "examples/ns1/ns1.appl";
const folder = temporaryFolder();
const at = (name: string) => join(folder, name);

interface Simulated {
  readonly ok: boolean;
  readonly simulation: {
    readonly fingerprint: string;
    readonly events: number;
    readonly consoles: readonly {
      readonly appliance: string;
      readonly time: number;
      readonly text: string;
    }[];
    readonly asks: readonly {
      readonly answered: boolean;
      readonly answer?: string;
      readonly after?: number;
      readonly tries: number;
    }[];
    readonly cables: readonly {
      readonly device: string;
      readonly sent: number;
      readonly lost: Record<string, number>;
    }[];
  };
}

/** The description of the manual. */
const [, two] = /```appl\n([\s\S]*?)```/.exec(readFileSync("docs/simulate.md", "utf8"))!;
writeFileSync(at("two.appl"), two!);

/** The words of a command line, some in quotes. */
const words = (line: string): string[] =>
  [...line.matchAll(/"([^"]*)"|\S+/g)].map(([word, quoted]) => quoted ?? word);

test("docs/simulate.md shows what its commands print", async () => {
  const page = readFileSync("docs/simulate.md", "utf8");
  let now = page;
  for (const [whole, line, shown] of page.matchAll(/```sh\nnpx appl (.*)\n```\n\n```text\n([^`]*)```/g)) {
    const { stdout } = await appl(...words(line!.replace("two.appl", at("two.appl"))));
    now = now.replace(whole, () => `${whole.slice(0, whole.length - shown!.length - 3)}${stdout}\`\`\``);
  }
  if (process.env["BLESS"] === "1") writeFileSync("docs/simulate.md", now);
  else
    expect(page, "rewrite it: BLESS=1 npx vitest run test/cli-simulate.test.ts; the diff is the review").toBe(
      now,
    );
  expect(now.match(/```text\n0\.0/g)?.length).toBe(3);
});

test("who asks for an address gets one, each appliance its own, and can be asked there", async () => {
  const two = readFileSync("test/dhcp.appl", "utf8").replace(
    /appliance asking \{([\s\S]*)\}/,
    (_, body: string) =>
      `fragment same {${body}}\nappliance one { include same }\nappliance other { include same }`,
  );
  writeFileSync(at("dhcp.appl"), two);
  const asks = ["dig www.example.com @other at 2s", "ping one at 100h", "ping 10.0.2.16 at 100h"];
  const { simulation } = await applJson<Simulated>(
    ...["simulate", `${at("dhcp.appl")}@kvm`, "--for", "101h"],
    ...asks.flatMap((ask) => ["--ask", ask]),
  );
  expect(simulation.asks.map(({ answered }) => answered)).toEqual([true, true, true]);
  expect(simulation.consoles.map(({ text }) => text).filter((text) => text.includes("by DHCP"))).toEqual(
    ["10.0.2.15", "10.0.2.16"].map(
      (address) => `eth0: ${address}/24 by DHCP from 10.0.2.2, router 10.0.2.2, for 86400 s`,
    ),
  );
});

test("questions are answered, and what is not is the exit code", async () => {
  const asks = ["--ask", "dig mail.example.com", "--ask", "dig nowhere.example.com", "--ask", "ping"];
  const { ok, simulation } = await applJson<Simulated>("simulate", example, ...asks, "--delay", "10ms");
  expect(ok).toBe(true);
  expect(simulation.asks.map(({ answer }) => answer)).toEqual([
    "mail.example.com. 3600 A 192.0.2.25",
    "NXDOMAIN",
    undefined,
  ]);
  // Once there and back for the address, and once for the question.
  expect(simulation.asks.map(({ after }) => after)).toEqual([0.04, 0.02, 0.02]);
  const cut = await appl("simulate", example, ...asks, "--cut", "0.5s..20s", "--json");
  expect(cut.code).toBe(1);
  expect(
    (JSON.parse(cut.stdout) as Simulated).simulation.asks.map(({ answered, tries }) => [answered, tries]),
  ).toEqual(Array.from({ length: 3 }, () => [false, 3]));
});

test("the same seed gives the same, another one not", async () => {
  const bad = ["--loss", "30%", "--jitter", "2ms", "--delay", "5ms", "--duplicate", "10%"];
  const run = async (seed: string) => {
    const asks = ["--ask", "dig example.com", "--ask", "ping", "--seed", seed, "--trace"];
    return (await appl("simulate", example, ...asks, ...bad)).stdout;
  };
  const first = await run("11");
  expect(await run("11")).toEqual(first);
  expect(first).toMatch(/x lost \(chance\)[\s\S]*fingerprint [0-9a-f]{8}/);
  expect(await run("12")).not.toBe(first);
});

test("two appliances are in one network, and a cable of one is cut", async () => {
  const { simulation, ok } = await applJson<Simulated>(
    ...([
      "simulate",
      at("two.appl"),
      "--ask",
      "ping ns1",
      "--ask",
      "dig www.example.org @ns2",
      "--cut",
      "ns2=3s..5s",
    ] as const),
    ...["--ask", "ping ns1 at 4s", "--ask", "dig www.example.org @ns2 at 4s"],
  );
  expect(ok).toBe(true);
  expect(simulation.consoles.map(({ appliance, text }) => `${appliance} ${text.split(" ")[1]}`)).toEqual([
    "ns1 192.0.2.1",
    "ns2 192.0.2.2",
  ]);
  expect(simulation.asks.map(({ answer, tries }) => [answer, tries])).toEqual([
    [undefined, 1],
    ["www.example.org. 3600 A 192.0.2.80", 1],
    [undefined, 1],
    ["www.example.org. 3600 A 192.0.2.80", 2],
  ]);
  const lost = simulation.cables.filter(({ lost }) => lost["cut"] !== undefined).map(({ device }) => device);
  expect(lost).toEqual(["ns2.0"]);
});

test("a capture is written, and read by others", async () => {
  const path = at("ns1.pcapng");
  await applJson("simulate", example, "--ask", "ping", "--pcap", path);
  const read = execFileSync("tcpdump", ["-nr", path], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  expect(read).toMatch(/ARP, Request who-has 10\.0\.2\.15[\s\S]*ICMP echo request[\s\S]*ICMP echo reply/);
});

test("an hour takes no longer than what happens in it", async () => {
  const ten = await applJson<Simulated>("simulate", example);
  const hour = await applJson<Simulated>("simulate", example, "--for", "1h");
  expect(hour.simulation.events).toBe(ten.simulation.events);
});

test.each<[readonly string[], number, RegExp]>([
  [[example, "--ask", "wget ns1"], 2, /no client can ask `wget ns1`[\s\S]*questions: `ping/],
  [[example, "--ask", "curl https://ns1/"], 2, /the client speaks no TLS[\s\S]*http:/],
  [[example, "--ask", "curl --data x /"], 2, /no question for a web server[\s\S]*for example `curl \/`/],
  [[example, "--ask", "ping -6 ns1"], 2, /ns1 has no address of IPv6/],
  [[example, "--ask", "ping -6 10.0.2.15"], 2, /10\.0\.2\.15 is no address of IPv6/],
  [[example, "--ask", "ping ns2"], 2, /no appliance `ns2`[\s\S]*appliances: ns1 \(10\.0\.2\.15\)/],
  [[example, "--ask", "ping 192.0.2.1"], 2, /nobody in the simulation can reach 192\.0\.2\.1/],
  [[example, "--ask", "dig a..b"], 2, /no question for a name server[\s\S]*types: A, /],
  [[example, "--ask", "ping at noon"], 2, /`at noon` is no time/],
  [[at("two.appl"), "--ask", "ping"], 2, /does not say whom[\s\S]*ns1 \(192\.0\.2\.1\), ns2/],
  [[example, "--loss", "1"], 2, /--loss wants 0% to 100%/],
  [[example, "--for", "101d"], 2, /--for wants a time/],
  [[example, "--bandwidth", "10"], 2, /--bandwidth wants one like 10Mbit\/s/],
  [[example, "--seed", "x"], 2, /--seed wants a whole number/],
  [[example, "--cut", "5s..2s"], 2, /--cut wants \[APPLIANCE=\]FROM\.\.TO/],
  [[example, "--cut", "ns2=2s..5s"], 2, /no such appliance[\s\S]*appliances: ns1/],
  [[example, "--pcap", at("no/x.pcapng")], 1, /there is no folder/],
  [[`${example}@nowhere`], 2, /no target `nowhere`/],
])("appl simulate %j is refused with %d", async (argv, wanted, says) => {
  const { code, stdout, stderr } = await appl("simulate", ...argv);
  expect({ code, stdout }).toEqual({ code: wanted, stdout: "" });
  expect(stderr).toMatch(says);
  expect(existsSync(at("no"))).toBe(false);
});

test("a description with mistakes says them, and nothing is simulated", async () => {
  writeFileSync(
    at("wrong.appl"),
    "appl 1\nuse std/net\nappliance a { net eth0 { adress = 10.0.2.15/24 } }\n",
  );
  const { code, stderr, stdout } = await appl("simulate", at("wrong.appl"));
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toMatch(/adress[\s\S]*address/);
});

describe("tests that simulate", () => {
  const judged = (body: string) => {
    const path = at("tested.appl");
    const appliances = readFileSync(at("two.appl"), "utf8").replace(/test [\s\S]*/, "");
    writeFileSync(
      path,
      `${appliances}test "t" {\n  assert len(ns1.dns.zone) == 1\n  simulate {\n    ${body}\n  }\n}\n`,
    );
    return appl("test", path);
  };

  test.each<[string, RegExp]>([
    [`ask "ping ns1" { answered = false }`, /`ping ns1` is answered, and must not be, with seed 1/],
    [
      `ask "ping ns1" {}; cut "ns1" { from = 0s; to = 10s }`,
      /`ping ns1` is not answered, with seed 1[\s\S]*asked 3 times/,
    ],
    [
      `ask "dig www.example.org @ns1" { answer = "192.0.2.81" }`,
      /does not hold `192\.0\.2\.81`[\s\S]*192\.0\.2\.80/,
    ],
    [`ask "ping ns1" { within = 30ms }; delay = 10ms`, /comes too late[\s\S]*after 0\.04 s/],
    [`ask "ping ns1 at 20s" {}`, /it was over before this was asked/],
    [`ask "ping ns1" { tries = 1 }; loss = 20%; seeds = 100`, /`ping ns1` is not answered, with seed \d+\n/],
    [`ask "ping ns3" {}`, /there is no appliance `ns3`[\s\S]*appliances: ns1/],
    [`cut "ns3" { from = 1s; to = 2s }; ask "ping ns1" {}`, /there is no such appliance/],
  ])("%s: fails, and says why", async (body, says) => {
    const { code, stdout, stderr } = await judged(body);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "FAILED  t  (kvm)\n0 passed, 1 failed\n" });
    expect(stderr).toMatch(/^error\[E0705\]/);
    expect(stderr).toMatch(says);
  });

  test.each<[string, string]>([
    ["loss = 1", "E02"],
    ["loss = 101%", "E03"],
    [`cut "ns1" { from = 2s; to = 1s }; ask "ping" {}`, "E0700"],
    ["seeds = 2", "E0"],
    [`aks "ping" {}`, "E01"],
  ])("%s is a mistake of the description", async (body, wanted) => {
    const { code, stderr } = await judged(body);
    expect(code).toBe(1);
    expect(stderr).toContain(`error[${wanted}`);
  });
});
