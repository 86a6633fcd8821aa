/** `appl simulate`: what is shown is what happens, again and again. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
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

const server = (name: string, address: string) => `
appliance ${name} {
  net lan { address = ${address}/24 }
  dns {
    zone "example.org" {
      primary {
        ttl = 1h
        soa { mname = "${name}"; rname = "h@example.org"; serial = at(1) }
        ns = ["${name}"]
        host "${name}" { address = [${address}] }
      }
    }
  }
}`;
writeFileSync(
  at("two.appl"),
  `appl 1\nuse std/net\nuse std/dns\n${server("one", "192.0.2.1")}\n${server("two", "192.0.2.2")}\n`,
);

/** The words of a command line, some in quotes. */
const words = (line: string): string[] =>
  [...line.matchAll(/"([^"]*)"|\S+/g)].map(([word, quoted]) => quoted ?? word);

test("docs/simulate.md shows what its commands print", async () => {
  const page = readFileSync("docs/simulate.md", "utf8");
  let now = page;
  for (const [whole, line, shown] of page.matchAll(/```sh\nnpx appl (.*)\n```\n\n```text\n([^`]*)```/g)) {
    const { stdout } = await appl(...words(line!));
    now = now.replace(whole, () => `${whole.slice(0, whole.length - shown!.length - 3)}${stdout}\`\`\``);
  }
  if (process.env["BLESS"] === "1") writeFileSync("docs/simulate.md", now);
  else expect(page).toBe(now);
  expect(now.match(/```text\n0\.0/g)?.length).toBe(3);
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
      "ping one",
      "--ask",
      "dig two.example.org @two",
      "--cut",
      "two=3s..5s",
    ] as const),
    ...["--ask", "ping one at 4s", "--ask", "dig two.example.org @two at 4s"],
  );
  expect(ok).toBe(true);
  expect(simulation.consoles.map(({ appliance, text }) => `${appliance} ${text.split(" ")[1]}`)).toEqual([
    "one 192.0.2.1",
    "two 192.0.2.2",
  ]);
  expect(simulation.asks.map(({ answer, tries }) => [answer, tries])).toEqual([
    [undefined, 1],
    ["two.example.org. 3600 A 192.0.2.2", 1],
    [undefined, 1],
    ["two.example.org. 3600 A 192.0.2.2", 2],
  ]);
  const lost = simulation.cables.filter(({ lost }) => lost["cut"] !== undefined).map(({ device }) => device);
  expect(lost).toEqual(["two.0"]);
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
  [[example, "--ask", "curl ns1"], 2, /--ask cannot ask `curl ns1`/],
  [[example, "--ask", "ping ns2"], 2, /no appliance `ns2`[\s\S]*appliances: ns1 \(10\.0\.2\.15\)/],
  [[example, "--ask", "ping 192.0.2.1"], 2, /nobody in the simulation can reach 192\.0\.2\.1/],
  [[example, "--ask", "dig a..b"], 2, /no question for a name server[\s\S]*types: A, /],
  [[example, "--ask", "ping at noon"], 2, /`at noon` is no time/],
  [[at("two.appl"), "--ask", "ping"], 2, /does not say whom[\s\S]*one \(192\.0\.2\.1\), two/],
  [[example, "--loss", "1"], 2, /--loss wants 0% to 100%/],
  [[example, "--for", "101d"], 2, /--for wants a time/],
  [[example, "--bandwidth", "10"], 2, /--bandwidth wants one like 10Mbit\/s/],
  [[example, "--seed", "x"], 2, /--seed wants a whole number/],
  [[example, "--cut", "5s..2s"], 2, /--cut wants \[APPLIANCE=\]FROM\.\.TO/],
  [[example, "--cut", "ns2=2s..5s"], 2, /--cut names no appliance[\s\S]*appliances: ns1/],
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
