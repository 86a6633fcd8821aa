/** What the other side of a disk says is not believed: whatever it does costs at most that disk. */
import { describe, expect, test } from "vitest";
import { bounded } from "./test-bound.ts";
import { dice, wild } from "./test-dice.ts";
import { type DiskGuest, operation, withDisk } from "./test-disk.ts";

const { read, write, flush, discard } = operation;

type Roll = (sides: number) => number;

const deeds: readonly ((guest: DiskGuest, roll: Roll) => void)[] = [
  // Indexes that jump, and more answers than requests.
  ({ back }, roll) => {
    const at = [0, 4, 8, 8, 8, 12][roll(6)]!;
    const ring = back.page(0);
    ring.setUint32(at, wild(roll, ring.getUint32(at, true)), true);
  },
  // Anything in the ring, and in the pages of requests.
  ({ back }, roll) => {
    const page = back.page(roll(back.rings!.references.length));
    for (let n = 0; n < 64; n++) page.setUint8(64 + roll(4032), roll(256));
  },
  ({ back, xen }, roll) => {
    for (const { pieces } of back.held)
      for (const { reference } of pieces) xen.granted(reference, back.domain, true).fill(roll(256));
  },
  // Answers to what was not asked, to what was answered already, of another kind, and with any status.
  ({ back }, roll) => {
    for (let n = roll(40); n > 0; n--)
      back.say(
        [roll(16), roll(64), 16, 15, 2 ** 31, -1, 2 ** 32][roll(7)]!,
        roll(8),
        [0, 0, -1, -2, 1, -32768][roll(6)]!,
      );
  },
  ({ back }) => back.release(),
  ({ back }, roll) => {
    back.holding = roll(2) === 0;
    back.work();
  },
  // What XenStore has of it.
  ({ store, back }, roll) =>
    store.set(
      `${back.path}/${["state", "state", "sectors", "sector-size", "info", "max-ring-page-order", "feature-discard", "physical-sector-size"][roll(8)]}`,
      [0, 1, 2, 3, 4, 4, 5, 6, 7, 511, 512, 4096, 8192, "x", "-1", "99999999999999999999", "", 2048][
        roll(18)
      ]!,
    ),
  ({ store, back }, roll) =>
    store.set(
      `${back.front}/${["backend", "backend-id", "state"][roll(3)]}`,
      ["", "x", "/".repeat(3000), "65536", "32752", "\0\0", 0, 4, 6][roll(9)]!,
    ),
  ({ back }) => back.vanish(),
];

/** The other side starts again and is honest. */
function behave(guest: DiskGuest): void {
  const { store, back } = guest;
  back.holding = false;
  back.unmap();
  for (const [name, value] of [
    ["max-ring-page-order", 4],
    ["feature-discard", undefined],
    ["physical-sector-size", undefined],
    ["online", 1],
    ["state", 6],
  ] as const)
    store.set(`${back.path}/${name}`, value);
  back.appear();
  bounded(guest);
  store.set(`${back.path}/state`, 6);
  bounded(guest);
  guest.ended();
}

describe("blkback may do what it wants", () => {
  test.each(Array.from({ length: 16 }, (_, n) => n + 1))("with seed %i", async (seed) => {
    const roll = dice(seed * 7919);
    const guest = await withDisk(
      { features: { "feature-discard": 1 } },
      { requests: seed % 2 === 0 ? 40 : 16 },
    );
    const size = guest.xen.memory!.buffer.byteLength;
    for (let round = 0; round < 60; round++) {
      for (let n = roll(8); n > 0; n--) {
        const what = [read, write, flush, discard, 9][roll(5)]!;
        guest.ask(what, roll(4) === 0 ? roll(2 ** 31) : roll(2048), roll(20), BigInt(roll(1000)));
      }
      bounded(guest);
      for (let n = 1 + roll(4); n > 0; n--)
        try {
          deeds[roll(deeds.length)]!(guest, roll);
        } catch {
          // What the guest does not grant any more cannot be written to.
        }
      if (guest.back.rings !== undefined) guest.back.tell();
      bounded(guest);
      guest.ended();
      if (round % 20 !== 19) continue;
      behave(guest);
      const value = BigInt(1 + roll(1000));
      expect(guest.tried(write, 100, 3, value)).toMatchObject({ outcome: "done" });
      expect(guest.tried(read, 100, 3)).toMatchObject({ outcome: "done", value });
    }
    expect(guest.xen.memory!.buffer.byteLength).toBe(size);
  });

  test("an answer is read once", async () => {
    const guest = await withDisk();
    guest.back.holding = true;
    guest.ask(read, 0, 1);
    guest.settle();
    const ring = guest.xen.addressOf(guest.back.page(0));
    let reads = 0;
    guest.xen.watch = (at, length) => {
      if (at + length > ring + 64 && at < ring + 64 + 16) reads++;
    };
    guest.back.release();
    guest.settle();
    // Its two words.
    expect(reads).toBe(2);
    expect(guest.ended()).toMatchObject([{ outcome: "done" }]);
  });

  test("what was read is not what the page becomes afterwards", async () => {
    const guest = await withDisk();
    guest.back.disk.fill(7);
    guest.back.holding = true;
    guest.ask(read, 0, 16);
    guest.settle();
    const [request] = guest.back.held;
    const pages = request!.pieces.map(({ reference }) => guest.xen.granted(reference, 0, true));
    guest.back.release();
    // Another processor writes to all pages as soon as the guest tells the test of it.
    guest.xen.meddle = (address) => {
      if (address === 0x7000) for (const page of pages) page.fill(0xee);
    };
    guest.settle();
    expect(guest.ended()).toMatchObject([{ outcome: "done", value: 0x0707_0707_0707_0707n }]);
    expect(pages[0]![0]).toBe(0xee);
  });

  test("one answered twice ends once; an answer of no request ends none", async () => {
    const guest = await withDisk();
    guest.back.holding = true;
    for (let n = 0; n < 4; n++) guest.ask(read, n, 1);
    guest.settle();
    const { id } = guest.back.held[0]!;
    for (const other of [id, id, 16, 2 ** 32 + 1]) guest.back.say(other, 0, 0);
    bounded(guest);
    expect(guest.ended().length).toBe(1);
  });

  test("more answers than requests are no answers", async () => {
    const guest = await withDisk();
    guest.back.holding = true;
    guest.ask(read, 0, 1);
    guest.settle();
    guest.back.page(0).setUint32(8, 33, true);
    guest.back.tell();
    bounded(guest);
    expect(guest.ended()).toEqual([]);
  });

  test.each(["0", "256", "513", "8192", "x"])("sectors of `%s` bytes make no disk", async (size) => {
    const guest = await withDisk({ features: { "sector-size": size } });
    expect(guest.disk.ready).toBe(false);
    expect(guest.store.get(`${guest.back.front}/state`)).toBe("3");
  });
});
