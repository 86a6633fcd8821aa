/** Size of the image, time to the first answer, and the memory it needs. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { startQemu } from "../tools/qemu.ts";
import { build, folder, zoneOf } from "./appliance.ts";
import { answersWith, hasNetwork, network, timeToAnswer } from "./guest.ts";
import { linuxFirstAnswer, linuxSize } from "./linux.ts";
import { peers } from "./peers.ts";
import { atMost, grouped, median, printTable, type Row, times } from "./table.ts";

const EXAMPLE = "examples/ns1/ns1.appl";
const BOOTS = 11;

export async function size(): Promise<void> {
  const { image } = build(EXAMPLE);
  printTable("Image of examples/ns1 on kvm", [
    atMost("whole file, with its zones", image.length, "bytes", 65_536),
    ...linuxSize(image.length),
    ...peers.map(({ name, imageBytes }) => ({
      what: `  ${name} (recorded)`,
      measured: `${grouped(imageBytes)} bytes`,
      beside: times(imageBytes, image.length),
    })),
  ]);
}

/** 64 KiB that write one byte to the serial port at the reset vector: what QEMU itself costs. */
export function floorRom(): string {
  const rom = Buffer.alloc(65_536);
  rom.set([0xba, 0xf8, 0x03, 0xb0, 0x21, 0xee, 0xf4], 0xfff0); // mov dx, 0x3f8; mov al, '!'; out dx, al; hlt
  const path = join(folder, "floor.rom");
  writeFileSync(path, rom);
  return path;
}

export async function first(): Promise<void> {
  if (!hasNetwork) throw new Error("this needs a network namespace: see docs/bench.md");
  const { image } = build(zoneOf(20).path);
  const rom = floorRom();
  const [floor, answer]: [number[], number[]] = [[], []];
  for (let n = 0; n < BOOTS; n++) {
    floor.push(await timeToByte(rom, image));
    answer.push(await timeToAnswer(() => startQemu({ image, args: network }), "host-0.bench.test"));
  }
  const best = (values: readonly number[]) => Math.min(...values);
  const shown = (what: string, values: readonly number[]): Row => ({
    what,
    measured: `${median(values).toFixed(1)} ms`,
    beside: `best ${best(values).toFixed(1)} ms`,
  });
  const over = best(answer) - best(floor);
  printTable(`Spawn to first answer, microvm, ${BOOTS} boots each, alternating`, [
    shown("QEMU's own floor, first byte", floor),
    shown("first answer to a query", answer),
    atMost("above the floor, medians", median(answer) - median(floor), "ms", 40),
    atMost("above the floor, best of each", over, "ms", 40),
    ...(await linuxFirstAnswer(median(answer))),
    ...peers.map(({ name, firstAnswerMs }) => ({
      what: `  ${name} (recorded, q35 or pc)`,
      measured: `${grouped(firstAnswerMs)} ms`,
      beside: times(firstAnswerMs, median(answer)),
    })),
  ]);
}

/** From spawning QEMU with this ROM to the first byte on the serial port, in milliseconds. */
export async function timeToByte(rom: string, image: Uint8Array): Promise<number> {
  const begin = performance.now();
  const machine = await startQemu({ image, args: ["-bios", rom] });
  await machine.waitFor("!");
  const ms = performance.now() - begin;
  await machine.kill();
  return ms;
}

export async function memory(): Promise<void> {
  const { image } = build(EXAMPLE);
  let smallest = Number.NaN;
  for (const mebibytes of [8, 6, 5, 4, 3, 2]) {
    if (!(await answersWith(image, mebibytes))) break;
    smallest = mebibytes;
  }
  printTable("Smallest memory with an answer", [
    atMost("examples/ns1", smallest, "MiB", 4),
    ...peers.map(({ name, memoryMebibytes }) => ({
      what: `  ${name} (recorded)`,
      measured: `${memoryMebibytes} MiB`,
      beside: times(memoryMebibytes, smallest),
    })),
  ]);
}
