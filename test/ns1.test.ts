/** The example, built and booted, asked by programs that are not ours. */
import { execFile, spawnSync } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { requireQemu } from "../tools/qemu.ts";
import { boot, imageOf, machines, onHost, onLinux, type Running } from "./appliance.ts";
import { dig } from "./dig.ts";

const example = "examples/ns1/ns1.appl";
const run = promisify(execFile);

const targets: readonly (readonly [string, () => Promise<Running>])[] = [
  ["host", async () => onHost(await imageOf(example, "host"))],
  ["linux", async () => onLinux(await imageOf(example, "linux"))],
  ["riscv", async () => boot(await imageOf(example, "riscv"), { system: "riscv64" })],
  ...Object.keys(machines).map(
    (machine) => [`kvm on ${machine}`, async () => boot(await imageOf(example, "kvm"), { machine })] as const,
  ),
];

describe.each(targets)("ns1 on %s", (_, start) => {
  let running: Running;
  beforeAll(async () => {
    requireQemu();
    running = await start();
  });
  afterAll(() => running?.stop());

  test.each([
    ["www.example.com A", "192.0.2.80"],
    ["www.example.com AAAA", "2001:db8:53::80"],
    ["example.com MX", "10 mail.example.com."],
    ["www.example.org A", "example.org.\n192.0.2.80"],
    ["anything.dyn.example.org A", "192.0.2.99"],
    ["_sip._tcp.example.org SRV", "0 5 5060 sip.example.org."],
    ["example.org TXT", '"v=spf1 mx -all"'],
  ])("dig finds %s", async (question, answer) => {
    expect((await dig(running.port, "+short", ...question.split(" "))).trim()).toBe(answer);
  });

  test("dig sees NXDOMAIN with the SOA, and REFUSED for what is not served", async () => {
    const missing = await dig(running.port, "missing.example.com", "A");
    expect(missing).toContain("status: NXDOMAIN");
    expect(missing).toMatch(/^example\.com\.\s+300\s+IN\s+SOA\s+ns1\.example\.com\./m);
    expect(await dig(running.port, "example.net", "A")).toContain("status: REFUSED");
  });

  test("a delegation answers with the servers below and their glue", async () => {
    const referral = await dig(running.port, "host.dev.example.org", "A");
    expect(referral).toMatch(/^dev\.example\.org\..*NS\s+ns1\.dev\.example\.org\./m);
    expect(referral).toMatch(/^ns1\.dev\.example\.org\..*A\s+192\.0\.2\.70/m);
  });

  test("a hundred questions at once are all answered", async () => {
    const names = Array.from({ length: 100 }, (_, n) => `h${n}.dyn.example.org`);
    const { stdout } = await run("dig", ["@127.0.0.1", "-p", String(running.port), "+short", ...names]);
    expect(stdout.trim().split("\n")).toEqual(names.map(() => "192.0.2.99"));
  });
});

test.each(Object.entries(machines))(
  "ping reaches it over a tap device on %s, in fragments too, and a closed port is reported",
  async (machine, device) => {
    const image = await imageOf("test/tap.appl", "kvm");
    const script = ["-rn", "sh", "test/ping.sh", machine, device];
    const { status, stdout, stderr } = spawnSync("unshare", script, {
      input: image,
      encoding: "utf8",
      timeout: 60_000,
    });
    expect(status, `${stdout}\n${stderr}`).toBe(0);
    expect(stdout).toMatch(/5 packets transmitted, 5 received/);
    expect(stdout).toMatch(/1400\(1428\) bytes[\s\S]*3 packets transmitted, 3 received/);
    expect(stdout).toMatch(/3000\(3028\) bytes[\s\S]*3 packets transmitted, 3 received/);
    expect(stdout).toMatch(/8000\(8028\) bytes[\s\S]*2 packets transmitted, 2 received/);
    expect(stdout).toMatch(/100 packets transmitted, 100 received/);
    expect(stdout).toContain("192.0.2.80");
    expect(stdout).toContain("port 9: refused");
  },
);
