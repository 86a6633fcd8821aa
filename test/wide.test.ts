/** What dig sees of EDNS, truncation, classes and ports. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Booted, boot, imageOf, onHost, type Running } from "./appliance.ts";
import { dig, digShort } from "./dig.ts";

const description = "test/wide.appl";
const networks = [
  { address: "10.0.2.15", ports: [53] },
  { address: "10.0.3.15", ports: [53, 5353, 9] },
];
type Started = Running & Pick<Booted, "ports">;
const targets: readonly (readonly [string, () => Promise<Started>])[] = [
  ["host", async () => onHost(await imageOf(description, "host"), [53, 5353], ["udp", "tcp"])],
  ["kvm", async () => boot(await imageOf(description, "kvm"), { networks })],
];

describe.each(targets)("on %s", (target, start) => {
  let running: Started;
  beforeAll(async () => {
    running = await start();
  });
  afterAll(() => running?.stop());
  const ask = (question: string) => dig(running.port, ...question.split(" "));

  test.each([
    ["version.bind", '"2.7"'],
    ["version.server", '"2.7"'],
    ["hostname.bind", '"wide-1"'],
    ["id.server", '"wide-1"'],
  ])("%s in class CH is what the description says", async (name, text) => {
    expect(await digShort(running.port, name, "TXT", "CH")).toBe(text);
  });

  test("what it does not say of itself, and other classes, are refused", async () => {
    expect(await ask("authors.bind TXT CH")).toContain("status: REFUSED");
    expect(await ask("www.example.com A HS")).toContain("status: REFUSED");
  });

  // flags as dig prints them; how many records; the largest size.
  test.each([
    ["some.example.com TXT +noedns +ignore", "qr aa tc", 0, 512],
    ["some.example.com TXT +bufsize=512 +ignore", "qr aa tc", 0, 512],
    ["some.example.com TXT +bufsize=100 +ignore", "qr aa tc", 0, 512],
    ["some.example.com TXT +bufsize=1232", "qr aa", 10, 1232],
    ["many.example.com TXT +bufsize=1232 +ignore", "qr aa tc", 0, 1232],
    ["many.example.com TXT +bufsize=4096", "qr aa", 40, 4096],
    ["many.example.com TXT +bufsize=16384", "qr aa", 40, 4096],
    ["large.example.com TXT +bufsize=16384 +ignore", "qr aa tc", 0, 4096],
    ["www.example.com A +noedns", "qr aa", 1, 512],
    ["www.example.com A +noedns +rec", "qr aa rd", 1, 512],
    ["www.example.com A +edns=0 +dnssec +cd +ad", "qr aa", 1, 1232],
  ])("%s", async (question, flags, records, most) => {
    const text = await ask(`+norec ${question}`);
    expect(text).toContain("status: NOERROR");
    expect(text).toContain(`;; flags: ${flags}; QUERY: 1, ANSWER: ${records},`);
    expect(Number(/MSG SIZE {2}rcvd: (\d+)/.exec(text)![1])).toBeLessThanOrEqual(most);
    expect(text.includes("; EDNS: version: 0")).toBe(!question.includes("+noedns"));
  });

  test("a truncated answer makes dig ask over TCP", async () => {
    const text = await ask("large.example.com TXT");
    expect(text).toContain(";; Truncated, retrying in TCP mode.");
    expect(text).toContain("status: NOERROR");
  });

  test("a later version of EDNS is told which one there is", async () => {
    const text = await ask("www.example.com A +edns=7 +noednsnegotiation");
    expect(text).toContain("status: BADVERS");
    expect(text).toContain("; EDNS: version: 0");
    expect(text).toContain("ANSWER: 0");
  });

  test("options and flags of EDNS that it does not know change nothing", async () => {
    const text = await ask(
      "www.example.com A +nsid +cookie +subnet=192.0.2.0/24 +ednsopt=65001:00ff +ednsflags=0x4000",
    );
    expect(text).toContain("status: NOERROR");
    expect(text).toMatch(/192\.0\.2\.80/);
    expect(text).not.toMatch(/COOKIE|NSID|CLIENT-SUBNET|OPT=65001/);
  });

  test("the case of the question comes back as it was sent", async () => {
    expect(await ask("wWw.eXample.COM A")).toMatch(/^;wWw\.eXample\.COM\.\s+IN\s+A$/m);
  });

  test("every port that the description names is answered on", async () => {
    const ports = running.ports.filter((_, n) => target === "host" || n < 3);
    expect(ports.length).toBeGreaterThan(1);
    for (const port of ports) expect(await digShort(port, "www.example.com", "A")).toBe("192.0.2.80");
  });
});
