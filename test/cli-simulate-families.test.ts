/** `appl simulate` asks over both families, UDP and TCP, and what it says of a site is what the site says. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { temporaryFolder } from "./appliance.ts";
import { appl, applJson } from "./command.ts";

interface Simulated {
  readonly ok: boolean;
  readonly simulation: {
    readonly fingerprint: string;
    readonly asks: readonly {
      readonly ask: string;
      readonly from: string;
      readonly answered: boolean;
      readonly answer?: string;
      readonly tries: number;
    }[];
  };
}

const folder = temporaryFolder();
const at = (name: string) => join(folder, name);
const long = "x".repeat(40_000);
const site = `appl 1
use std/net
use std/http
use std/dns
use std/board/qemu
fragment site {
  http {
    listen { plain = *:80 }
    server main {
      reply "/" { body = "hello\\n" }
      reply "/long" { body = "${long}" }
      redirect "/old" { to = "/new"; status = 301 }
    }
    server other { names = ["other.example"]; reply "/" { body = "another\\n" } }
  }
  dns { zone "example.org" { primary { soa { mname = "ns1"; rname = "h@example.org"; serial = at(1) }; ns = ["ns1"]; host "ns1" { address = [192.0.2.1] } } } }
}
appliance both { include site; net lan { address = [192.0.2.1/24, 2001:db8:53::1/64] } }
appliance asks { include site; net lan { address = dhcp; dhcp6 = true } }
appliance told { include site; net lan { address = slaac } }
appliance only6 { include site; net lan { address = 2001:db8:53::4/64 } }
target kvm { board = qemu.x86_64 }
`;
const description = at("both.appl");
writeFileSync(description, site);

const simulated = async (asks: readonly string[], ...options: readonly string[]) => {
  const argv = asks.flatMap((ask) => ["--ask", ask]);
  return (await applJson<Simulated>("simulate", description, "--for", "60s", ...argv, ...options)).simulation;
};

test("each appliance is asked over the family that is wanted, and else over IPv4 if it has it", async () => {
  const rows: readonly (readonly [ask: string, from: RegExp, answer: string | undefined])[] = [
    ["ping both", /^192\.0\.2\.2$/, undefined],
    ["ping -6 both", /^2001:db8:53::2$/, undefined],
    ["curl / @both", /^192\.0\.2\.2$/, "200 OK, text/plain, 6 bytes"],
    ["curl -6 http://asks/", /^2001:db8:1:1::2$/, "200 OK, text/plain, 6 bytes"],
    ["curl http://asks/long", /^10\.0\.2\.1$/, "200 OK, text/plain, 40000 bytes"],
    ["curl http://told/old", /^2001:db8:1:1::2$/, "301 Moved Permanently, /new"],
    ["curl -I / @only6", /^2001:db8:53::2$/, "200 OK, text/plain, 0 bytes"],
    ["curl http://other.example/ @both", /^192\.0\.2\.2$/, "200 OK, text/plain, 8 bytes"],
    ["curl http://[2001:db8:53::1]/none", /^2001:db8:53::2$/, "404 Not Found"],
    ["dig ns1.example.org @told", /^2001:db8:1:1::2$/, "ns1.example.org. 3600 A 192.0.2.1"],
    ["ping 2001:db8:1:1::1:0", /^2001:db8:1:1::2$/, undefined],
    ["dig +tcp ns1.example.org @both", /^192\.0\.2\.2$/, "ns1.example.org. 3600 A 192.0.2.1"],
    ["dig +tcp -6 example.org SOA @both", /^2001:db8:53::2$/, "example.org. 3600 SOA"],
  ];
  const { asks } = await simulated(rows.map(([ask]) => ask));
  for (const [n, [ask, from, answer = ""]] of rows.entries()) {
    expect(asks[n]).toMatchObject({ ask, answered: true });
    expect(asks[n]!.from, ask).toMatch(from);
    expect(asks[n]!.answer ?? "", ask).toContain(answer);
  }
});

test("connections bring everything over networks that lose, repeat and disorder, and the same every time", async () => {
  const asks = Array.from({ length: 20 }, (_, n) => `curl http://both/long at ${n + 2}s`);
  const bad = ["--loss", "5%", "--duplicate", "2%", "--reorder", "5%", "--delay", "20ms"];
  const one = await simulated(asks, ...bad, "--seed", "3");
  expect(one.asks.map(({ answer }) => answer)).toEqual(asks.map(() => "200 OK, text/plain, 40000 bytes"));
  expect((await simulated(asks, ...bad, "--seed", "3")).fingerprint).toBe(one.fingerprint);
});

test("what nobody listens to is asked again, and not answered", async () => {
  const { code, stdout } = await appl(
    "simulate",
    description,
    "--for",
    "60s",
    "--ask",
    "curl http://both:81/",
  );
  expect(code).toBe(1);
  expect(stdout).toMatch(/client -> curl http:\/\/both:81\/\n[\s\S]*client <- no answer after 3 tries/);
});

describe("tests that simulate", () => {
  const judged = (body: string) => {
    const path = at("tested.appl");
    writeFileSync(path, `${site}test "t" {\n  simulate {\n    ${body}\n  }\n}\n`);
    return appl("test", path);
  };

  test("an answer of a web server is its status, its fields and its content", async () => {
    const asks = [
      `ask "curl / @both" { answer = "hello" }`,
      `ask "curl -I /old @told" { answer = "Location: /new" }`,
      `ask "curl -6 /none @only6" { answer = "404" }`,
      `ask "curl / @both at 4s" { answered = false; tries = 1 }`,
      `cut "both" { from = 3s; to = 20s }`,
    ];
    expect(await judged(asks.join("\n    "))).toMatchObject({ code: 0 });
  });

  test.each<[string, RegExp]>([
    [`ask "curl / @both" { answer = "bye" }`, /does not hold `bye`[\s\S]*200 OK, text\/plain, 6 bytes/],
    [`ask "curl / @both" { answered = false }`, /is answered, and must not be[\s\S]*200 OK/],
    [`ask "curl http://both:81/" {}`, /is not answered/],
  ])("%s: fails, and says why", async (body, says) => {
    const { code, stderr } = await judged(body);
    expect(code).toBe(1);
    expect(stderr).toMatch(says);
  });
});
