/** Disks of virtual machines: an image writes, flushes and reads back, and what it wrote is looked at from outside. */
import { readFileSync, writeFileSync } from "node:fs";
import { createConnection } from "node:net";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { type Qemu, type QemuOptions, startQemu } from "../tools/qemu.ts";
import { temporaryFolder } from "./appliance.ts";
import { buildTrial, written } from "./disks/images.ts";

const PIECES = 120;
const PAGES = 4;
const SIZE = PIECES * PAGES * 4096;
const folder = temporaryFolder();

let image: Uint8Array;

beforeAll(async () => {
  image = await buildTrial("kvm", `requests = 40; pages = ${PAGES}; pieces = ${PIECES}`);
}, 120_000);

/** A disk's file: words for people at its beginning, zeros behind them. */
function disk(name: string, size = SIZE + 5 * 512): string {
  const path = join(folder, name);
  const bytes = Buffer.alloc(size);
  bytes.write("a disk of a test");
  writeFileSync(path, bytes);
  return path;
}

const drive = (path: string, device: string, more = "", n = 0) => [
  ...["-drive", `file=${path},format=raw,if=none,id=d${n}${more}`],
  ...["-device", `${device},drive=d${n}`],
];

async function tried(options: Partial<QemuOptions>, last = /disk0 refuses 1: .* differ/): Promise<string> {
  const qemu = await startQemu({ image, limit: 60_000, ...options });
  try {
    await qemu.waitFor(last, 50_000);
    return qemu.text.replaceAll("\r", "");
  } finally {
    await qemu.kill();
  }
}

/** What QEMU says of a block device that it has. */
async function statistics(socket: string): Promise<{ flush_operations: number; unmap_operations: number }> {
  const connection = createConnection(socket);
  try {
    let text = "";
    const answer = (wanted: string) =>
      new Promise<Record<string, unknown>>((resolve, reject) => {
        const look = () => {
          const line = text.split("\n").find((each) => each.includes(wanted));
          if (line !== undefined) resolve(JSON.parse(line));
        };
        connection.on("error", reject).on("data", (more) => {
          text += more;
          look();
        });
        look();
      });
    await answer("QMP");
    connection.write(`{"execute":"qmp_capabilities"}\n{"execute":"query-blockstats"}\n`);
    const [first] = (await answer('"flush_operations"'))["return"] as { stats: never }[];
    return first!.stats;
  } finally {
    connection.destroy();
  }
}

const read = (outcome: string) => `disk0 ${outcome}`;
const went = `${PIECES} ended, 0 failed, 0 gone, 0 differ`;

test("what was flushed is there when the machine is killed", async () => {
  const path = disk("flushed");
  const socket = join(folder, "qmp");
  const args = [...drive(path, "virtio-blk-device"), "-qmp", `unix:${socket},server=on,wait=off`];
  const qemu: Qemu = await startQemu({ image, args, limit: 60_000 });
  await qemu.waitFor("disk0 flushed 1: 1 ended, 0 failed", 50_000);
  const { flush_operations } = await statistics(socket);
  await qemu.kill();
  expect(flush_operations).toBe(1);
  expect(qemu.text).toContain(read("begins with a disk of a test"));
  expect(qemu.text).toContain(`disk0: ${SIZE / 512 + 5} sectors of 512/512, flush, discard`);
  const expected = Buffer.alloc(SIZE + 5 * 512);
  expected.write("a disk of a test");
  written(PIECES, PAGES, 512, 1, expected);
  expect(readFileSync(path).equals(expected)).toBe(true);
});

test("over PCI, with sectors of 4096 bytes, it reads what it wrote", async () => {
  const said = await tried({
    machine: "q35",
    args: drive(disk("large"), "virtio-blk-pci,logical_block_size=4096,physical_block_size=8192,discard=off"),
  });
  expect(said).toContain(`disk0: ${SIZE / 4096} sectors of 4096/8192, flush\n`);
  expect(said).toContain(`disk0 wrote 1: ${went}`);
  expect(said).toContain(`disk0 read 1: ${went}`);
});

test("what cannot be is refused, and a disk that is read only is not written", async () => {
  const path = disk("read-only");
  const before = readFileSync(path);
  const said = await tried({ args: drive(path, "virtio-blk-device", ",read-only=on") });
  expect(said).toMatch(/^disk0: \d+ sectors of 512\/512, read only/m);
  expect(said).toContain("disk0 refuses 1: 8 ended, 8 failed, 0 gone, 0 differ");
  expect(readFileSync(path).equals(before)).toBe(true);
});

test("an error of the medium is the error of its request, and of no other", async () => {
  const path = disk("broken");
  const said = await tried({
    args: [
      "-blockdev",
      `driver=blkdebug,node-name=d0,image.driver=file,image.filename=${path},inject-error.0.event=none,inject-error.0.iotype=write,inject-error.0.sector=${PAGES * 8 * 7}`,
      "-device",
      "virtio-blk-device,drive=d0,werror=report,request-merging=off",
    ],
  });
  expect(said).toContain(`disk0 wrote 1: ${PIECES} ended, 1 failed, 0 gone, 0 differ`);
  expect(said).toContain(`disk0 read 1: ${PIECES} ended, 0 failed, 0 gone, ${(PAGES * 4096) / 8} differ`);
});

test("disks are called in the order of the machine, on RISC-V as on x86-64", async () => {
  const two = await buildTrial("riscv", "count = 2; requests = 3; pieces = 10");
  const args = [
    ...drive(disk("first"), "virtio-blk-device", "", 0),
    ...drive(disk("second", 1 << 20), "virtio-blk-device", "", 1),
  ];
  const said = await tried({ system: "riscv64", image: two, memory: 64, args }, /disk1 read 1: .* differ/);
  expect(said).toContain(`disk0: ${SIZE / 512 + 5} sectors of 512/512`);
  expect(said).toContain("disk1: 2048 sectors of 512/512");
  expect(said).toContain("disk1 read 1: 10 ended, 0 failed, 0 gone, 0 differ");
});
