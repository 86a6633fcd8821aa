/** The DNS example on machines of RISC-V: a few questions on each, and what a network device may do to its driver. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { networkArguments } from "../backends/riscv/run.ts";
import { type System, startQemu } from "../tools/qemu.ts";
import { type Booted, boot, freePort, imageOf, temporaryFolder } from "./appliance.ts";
import { digShort } from "./dig.ts";
import { floodWhileStopped } from "./flood.ts";

const example = "examples/ns1/ns1.appl";
/**
 * Made before anything is booted: a machine that shares its processor with compilers may take long to answer. One after the other, since the first two are one
 * program, which is compiled once then.
 */
const images = imagesOf(
  [example, "riscv"],
  ["test/riscv.appl", "bare"],
  [example, "riscv32"],
  ["test/riscv.appl", "bits"],
);

async function imagesOf(...descriptions: readonly (readonly [string, string])[]): Promise<Uint8Array[]> {
  const made: Uint8Array[] = [];
  for (const [description, target] of descriptions) made.push(await imageOf(description, target));
  return made;
}

type Questions = readonly (readonly [question: string, answer: string])[];
const common: Questions = [
  ["www.example.com A", "192.0.2.80"],
  ["www.example.com AAAA", "2001:db8:53::80"],
  ["missing.example.com A", ""],
];
const further: Questions = [
  ["_sip._tcp.example.org SRV", "0 5 5060 sip.example.org."],
  ["anything.dyn.example.org A", "192.0.2.99"],
];

describe.concurrent.each(["sifive_u", "microchip-icicle-kit"])("%s, which has a Cadence GEM", (machine) => {
  let running: Booted;
  beforeAll(async () => {
    running = await boot((await images)[0]!, { system: "riscv64", machine });
  });
  afterAll(() => running?.stop());

  test.sequential.each([...common, ...further])("answers %s", async (question, answer) => {
    expect(await digShort(running.port, ...question.split(" "))).toBe(answer);
  });

  test.sequential("a hundred questions at once are all answered", async () => {
    const names = Array.from({ length: 100 }, (_, n) => `h${n}.dyn.example.org`);
    const found = await digShort(running.port, ...names);
    expect(found.split("\n")).toEqual(names.map(() => "192.0.2.99"));
  });

  test.sequential("more frames than there are buffers, to none of which it answers, do not stop it", async () => {
    await floodWhileStopped(running);
    expect(await digShort(running.port, "www.example.com")).toBe("192.0.2.80");
  });
});

const virtual: readonly (readonly [string, System, number, Questions])[] = [
  ["virt without firmware", "riscv64", 1, common],
  ["virt with 32 bits", "riscv32", 2, [...common, ...further]],
  ["virt with Zba and Zbb", "riscv64", 3, common],
];

describe.concurrent.each(virtual)("%s", (_, system, image, questions) => {
  let running: Booted;
  beforeAll(async () => {
    running = await boot((await images)[image]!, { system, bare: image !== 3 });
  });
  afterAll(() => running?.stop());

  test.sequential.each(questions)("answers %s", async (question, answer) => {
    expect(await digShort(running.port, ...question.split(" "))).toBe(answer);
  });
});

test("U-Boot's booti loads the image where it likes, with its own device tree", async () => {
  const path = join(temporaryFolder(), "ns1.img");
  writeFileSync(path, (await images)[0]!);
  const port = await freePort();
  const qemu = await startQemu({
    image: readFileSync("/usr/lib/u-boot/qemu-riscv64_smode/uboot.elf"),
    system: "riscv64",
    memory: 256,
    args: [
      ...["-device", `loader,file=${path},addr=0x84000000`],
      ...networkArguments("virt", "n", `,hostfwd=udp:127.0.0.1:${port}-10.0.2.15:53`),
    ],
  });
  try {
    await qemu.waitFor("Hit any key to stop autoboot");
    qemu.write("\n");
    await qemu.waitFor("\n=> ");
    qemu.write("booti 0x84000000 - ${fdtcontroladdr}\n");
    await qemu.waitFor("Moving Image from 0x84000000 to 0x80200000");
    await qemu.waitFor(": 10.0.2.15 ");
    expect(await digShort(port, "www.example.com")).toBe("192.0.2.80");
  } finally {
    await qemu.kill();
  }
});
