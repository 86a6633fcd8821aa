/** Xen's block devices on a model of the hypervisor, of XenStore and of Linux's blkback. */
import { describe, expect, test } from "vitest";
import { operations } from "./test-blkback.ts";
import { type DiskGuest, operation, withDisk } from "./test-disk.ts";

const { read, write, flush, discard } = operation;
const done = { outcome: "done" };

/** One sector is written and read back. */
function works(guest: DiskGuest, value: bigint): void {
  expect(guest.tried(write, 8, 1, value)).toMatchObject(done);
  expect(guest.tried(read, 8, 1)).toMatchObject({ ...done, value });
}

describe("a disk", () => {
  test("is connected: a ring, a port, what it is like, and state 4 on both sides", async () => {
    const guest = await withDisk({ features: { "physical-sector-size": 4096, "feature-discard": 1 } });
    expect(guest.disk).toEqual({
      ready: true,
      readOnly: false,
      flushes: true,
      discards: true,
      life: 1,
      sectorSize: 512,
      physicalSize: 4096,
      sectors: 2048,
    });
    expect(guest.back.state).toBe(4);
    expect(guest.store.get(`${guest.back.front}/state`)).toBe("4");
    expect(guest.store.get(`${guest.back.front}/feature-persistent`)).toBe("1");
    expect(guest.xen.readConsole()).toContain("disk0 is connected to vbd 51712");
  });

  test("holds what was written, sector by sector", async () => {
    const guest = await withDisk();
    guest.back.disk.fill(7);
    expect(guest.tried(write, 3, 5, 0x0102_0304_0506_0708n)).toMatchObject(done);
    expect(guest.tried(read, 3, 5)).toMatchObject({ ...done, value: 0x0102_0304_0506_0708n });
    expect([...guest.back.disk.subarray(3 * 512 - 2, 3 * 512 + 2)]).toEqual([7, 7, 8, 7]);
    expect([...guest.back.disk.subarray(8 * 512 - 2, 8 * 512 + 2)]).toEqual([2, 1, 7, 7]);
  });

  test("may have larger sectors; places in requests are in units of 512 bytes all the same", async () => {
    const guest = await withDisk({ sectorSize: 4096 });
    expect(guest.disk).toMatchObject({ sectorSize: 4096, sectors: 256 });
    expect(guest.tried(write, 2, 2, 9n)).toMatchObject(done);
    expect(guest.back.asked.at(-1)).toMatchObject({
      sector: 16,
      pieces: [
        { first: 0, last: 7 },
        { first: 0, last: 7 },
      ],
    });
    expect(guest.tried(write, 255, 2, 9n)).toMatchObject({ outcome: "refused" });
  });

  test.each([
    [40, 4, 2],
    [40, 0, 1],
    [32, 4, 1],
  ])(
    "has for %i requests, where the other side takes 2^%i pages, a ring of %i",
    async (requests, order, pages) => {
      const guest = await withDisk({ features: { "max-ring-page-order": order } }, { requests, pages: 1 });
      expect(guest.back.rings!.references.length).toBe(pages);
      // Many times around it.
      for (let round = 0; round < 12; round++) {
        for (let n = 0; n < 30; n++) guest.ask(write, n, 1, BigInt(round * 30 + n));
        guest.settle();
        expect(guest.ended().filter(({ outcome }) => outcome === "done").length).toBe(30);
      }
      expect(guest.tried(read, 29, 1)).toMatchObject({ value: 359n });
    },
  );

  test("gets no more requests than its ring has places; the others wait", async () => {
    const guest = await withDisk({ features: { "max-ring-page-order": 0 } }, { requests: 48, pages: 1 });
    guest.back.holding = true;
    for (let n = 0; n < 30; n++) guest.ask(read, n, 1);
    guest.settle();
    for (let n = 0; n < 18; n++) guest.ask(read, n, 1);
    guest.settle();
    expect(guest.back.held.length).toBe(32);
    guest.back.holding = false;
    for (const each of guest.back.held.splice(0, 16)) guest.back.answer(each);
    guest.settle();
    expect(guest.ended().length).toBe(32);
    guest.back.release();
    guest.settle();
    expect(guest.ended().length).toBe(16);
  });

  test("flushes; without that feature by a barrier, and else refuses", async () => {
    const guest = await withDisk();
    expect(guest.tried(flush, 0, 0)).toMatchObject(done);
    expect(guest.back.asked.at(-1)).toMatchObject({ operation: operations.flush, pieces: [] });
    const old = await withDisk({ features: { "feature-flush-cache": undefined, "feature-barrier": 1 } });
    expect(old.tried(flush, 0, 0)).toMatchObject(done);
    expect(old.back.asked.at(-1)).toMatchObject({ operation: operations.barrier, pieces: [] });
    const bare = await withDisk({ features: { "feature-flush-cache": 0 } });
    expect(bare.disk.flushes).toBe(false);
    expect(bare.tried(flush, 0, 0)).toMatchObject({ outcome: "refused" });
  });

  test("discards", async () => {
    const guest = await withDisk({ sectorSize: 1024, features: { "feature-discard": 1 } });
    guest.tried(write, 0, 4, 5n);
    expect(guest.tried(discard, 1, 2)).toMatchObject(done);
    expect(guest.back.asked.at(-1)).toMatchObject({ operation: operations.discard, sector: 2, units: 4 });
    expect([guest.tried(read, 1, 2)?.value, guest.tried(read, 3, 1)?.value]).toEqual([0n, 5n]);
    // It may say at any time that it does not do that after all.
    guest.back.holding = true;
    guest.ask(discard, 0, 1);
    guest.settle();
    guest.back.say(guest.back.held.pop()!.id, operations.discard, -2);
    guest.settle();
    expect(guest.ended()).toMatchObject([{ outcome: "refused" }]);
    expect(guest.disk.discards).toBe(false);
  });

  test("that is read only is not written", async () => {
    const guest = await withDisk({ readOnly: true, features: { "feature-discard": 1 } });
    expect(guest.disk.readOnly).toBe(true);
    expect(guest.tried(write, 0, 1)).toMatchObject({ outcome: "refused" });
    expect(guest.tried(discard, 0, 1)).toMatchObject({ outcome: "refused" });
    expect(guest.tried(read, 0, 1)).toMatchObject(done);
    expect(guest.back.asked.length).toBe(1);
  });

  test.each([
    [read, 2048, 1],
    [read, 2047, 2],
    [write, 0xffff_ffff_ffff_ffffn, 1],
    [read, 0, 0],
    [read, 0, 17],
    [read, 0, 0xffff_ffff],
    [9, 0, 1],
    [discard, 0, 1],
  ])(
    "is not asked for what it does not have: operation %i, sector %s, %i sectors",
    async (what, sector, count) => {
      const guest = await withDisk();
      expect(guest.tried(what, sector, count)).toMatchObject({ outcome: "refused" });
      expect(guest.back.asked.length).toBe(0);
    },
  );

  test("that fails is the failure of that request", async () => {
    const guest = await withDisk();
    guest.back.holding = true;
    const token = guest.ask(write, 0, 1);
    guest.ask(write, 1, 1);
    guest.settle();
    const [first, second] = guest.back.held.splice(0);
    guest.back.say(second!.id, second!.operation, 0);
    guest.back.say(first!.id, first!.operation, -1);
    guest.settle();
    expect(guest.ended()).toEqual([
      expect.objectContaining({ token: token + 1, outcome: "done" }),
      expect.objectContaining({ token, outcome: "failed" }),
    ]);
  });

  test("may grow", async () => {
    const guest = await withDisk();
    guest.store.set(`${guest.back.path}/sectors`, 4096);
    guest.store.set(`${guest.back.path}/state`, 4);
    guest.settle();
    expect(guest.disk).toMatchObject({ ready: true, life: 1, sectors: 4096 });
  });

  test("of which there are several has always the device of the same number", async () => {
    const guest = await withDisk({ device: 51728 });
    guest.back.vanish();
    guest.settle();
    expect(guest.disk.ready).toBe(false);
    guest.store.set("/local/domain/1/device/vbd/51712/backend-id", 0);
    guest.store.set("/local/domain/1/device/vbd/51712/backend", guest.back.path);
    guest.settle();
    expect(guest.disk.ready).toBe(false);
  });
});

describe("when the other side goes", () => {
  test("and comes back, what it had not answered is done then", async () => {
    const guest = await withDisk();
    works(guest, 1n);
    guest.back.holding = true;
    const tokens = [guest.ask(write, 4, 2, 44n), guest.ask(read, 8, 1), guest.ask(write, 6, 1, 66n)];
    guest.settle();
    expect(guest.back.held.length).toBe(3);
    guest.back.holding = false;
    guest.back.rise();
    guest.settle();
    expect(guest.disk).toMatchObject({ ready: true, life: 2 });
    const ended = guest.ended();
    expect(ended.map(({ token, outcome }) => [token, outcome]).sort()).toEqual(
      tokens.map((token) => [token, "done"]),
    );
    expect(ended.find(({ token }) => token === tokens[1])!.value).toBe(1n);
    expect(guest.tried(read, 4, 2)).toMatchObject({ value: 44n });
    expect(guest.xen.readConsole()).toContain("disk0 has lost vbd 51712");
  });

  test("with writes that no flush has kept, the next flush fails, and the one after it does not", async () => {
    const guest = await withDisk();
    works(guest, 1n);
    expect(guest.tried(flush, 0, 0)).toMatchObject(done);
    guest.back.rise();
    guest.settle();
    expect(guest.tried(flush, 0, 0)).toMatchObject(done);
    works(guest, 2n);
    guest.back.rise();
    guest.settle();
    expect(guest.tried(flush, 0, 0)).toMatchObject({ outcome: "failed" });
    expect(guest.tried(flush, 0, 0)).toMatchObject(done);
  });

  test("for good, requests end as gone, and so do later ones", async () => {
    const guest = await withDisk();
    guest.back.holding = true;
    guest.ask(write, 4, 2, 44n);
    guest.settle();
    guest.back.vanish();
    guest.settle();
    expect(guest.ended()).toMatchObject([{ outcome: "gone" }]);
    expect(guest.disk.ready).toBe(false);
    expect(guest.tried(read, 0, 1)).toMatchObject({ outcome: "gone" });
  });

  test("when it is asked to, it answers first what it has", async () => {
    const guest = await withDisk();
    guest.back.holding = true;
    guest.back.leaves = true;
    guest.ask(write, 4, 2, 44n);
    guest.settle();
    guest.back.setState(5);
    guest.settle();
    expect([guest.disk.ready, guest.back.state]).toEqual([false, 5]);
    guest.back.release();
    guest.settle();
    expect(guest.ended()).toMatchObject([{ outcome: "done" }]);
    expect(guest.back.state).toBe(6);
    expect(guest.back.rings).toBeUndefined();
  });

  test.each([
    [false, "it gets the pages, and nobody else has them"],
    [true, "it gets none of the pages that the former one has not let go"],
  ])("and is another domain: %s", async (isKept) => {
    const guest = await withDisk();
    const [reference] = guest.back.rings!.references;
    guest.back.deaf = true;
    guest.xen.unbind(guest.back.rings!.port);
    if (!isKept) for (const each of guest.back.rings!.references) guest.xen.use(each, false);
    for (const [name, value] of [
      ["state", 2],
      ["sectors", 1000],
      ["sector-size", 512],
    ] as const)
      guest.store.set(`/local/domain/5/backend/vbd/1/51712/${name}`, value);
    guest.store.set(`${guest.back.path}/state`, 6);
    guest.settle();
    guest.store.set(`${guest.back.front}/backend-id`, 5);
    guest.store.set(`${guest.back.front}/backend`, "/local/domain/5/backend/vbd/1/51712");
    guest.settle();
    expect(guest.store.get(`${guest.back.front}/state`)).toBe(isKept ? "1" : "3");
    const use = (domain: number) => () => guest.xen.granted(reference!, domain, true);
    if (isKept) expect(use(5)).toThrow();
    else {
      expect(use(5)).not.toThrow();
      expect(use(0)).toThrow();
    }
  });

  test("a warm restart finds its disk again", async () => {
    const guest = await withDisk();
    works(guest, 1n);
    guest.guest.restart();
    guest.xen.view(0x7000, 4096).setBigUint64(0, 0n, true);
    guest.settle();
    expect(guest.disk).toMatchObject({ ready: true, life: 1 });
  });
});
