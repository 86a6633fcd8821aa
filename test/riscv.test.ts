/** The DNS example on the boards of RISC-V that QEMU emulates: a few questions each, and what their network devices may do to a driver. */
import { createSocket } from "node:dgram";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Booted, boot, imageOf } from "./appliance.ts";
import { digShort } from "./dig.ts";

const image = imageOf("examples/ns1/ns1.appl", "riscv");

describe.concurrent.each(["sifive_u", "microchip-icicle-kit"])("%s, which has a Cadence GEM", (machine) => {
  let running: Booted;
  beforeAll(async () => {
    running = await boot(await image, { system: "riscv64", machine });
  });
  afterAll(() => running?.stop());

  test.sequential("answers", () => answers(running.port));

  test.sequential("a hundred questions at once are all answered", async () => {
    const names = Array.from({ length: 100 }, (_, n) => `h${n}.dyn.example.org`);
    const found = await digShort(running.port, ...names);
    expect(found.split("\n")).toEqual(names.map(() => "192.0.2.99"));
  });

  test.sequential("more frames than there are buffers, to none of which it answers, do not stop it", async () => {
    const socket = createSocket("udp4");
    const response = Buffer.from([1, 2, 0x80, 0, 0, 0]);
    process.kill(running.qemu.pid, "SIGSTOP");
    for (let n = 0; n < 200; n++)
      await new Promise((sent) => socket.send(response, running.port, "127.0.0.1", sent));
    process.kill(running.qemu.pid, "SIGCONT");
    socket.close();
    expect(await digShort(running.port, "www.example.com")).toBe("192.0.2.80");
  });
});

async function answers(port: number): Promise<void> {
  for (const [question, answer] of [
    ["www.example.com A", "192.0.2.80"],
    ["www.example.com AAAA", "2001:db8:53::80"],
    ["_sip._tcp.example.org SRV", "0 5 5060 sip.example.org."],
    ["missing.example.com A", ""],
  ] as const)
    expect(await digShort(port, ...question.split(" "))).toBe(answer);
}
