/** The example, built and booted, asked by programs that are not ours. */
import { spawnSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { requireQemu } from "../tools/qemu.ts";
import { boot, imageOf, machines, onHost, onLinux, type Running } from "./appliance.ts";
import { dig } from "./dig.ts";
import { questions } from "./ns1-questions.ts";

const example = "examples/ns1/ns1.appl";

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

  test.each(questions)("dig finds $what", async ({ words, check }) => {
    check(await dig(running.port, ...words));
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
