/** Network devices: what is granted to whom and for how long, frames in several pieces, long segments. */
import { describe, expect, test } from "vitest";
import { answers, connected, everything, frame, type Program, startGuest } from "./test-guest.ts";
import { Asleep } from "./test-hypervisor.ts";
import { sent, TestNetback } from "./test-netback.ts";

/** Where the guest has its grant table. */
const GRANTS = 0xfef0_1000;

describe("what is granted", () => {
  test("is nobody's when the other side has gone", async () => {
    const guest = await connected();
    expect(guest.xen.grantCount).toBeGreaterThan(90);
    guest.back.leaves = true;
    guest.back.close();
    guest.settle();
    expect(guest.xen.grantCount).toBe(0);
  });

  test("is as much after a thousand connections as after the first, and so are ports", async () => {
    const guest = await connected();
    const { back, xen, settle } = guest;
    const open = () => [...xen.ports.values()].filter(({ status }) => status !== 0).length;
    const [granted, ports] = [xen.grantCount, open()];
    for (let n = 0; n < 1000; n++) {
      back.close();
      settle();
      expect(answers(guest, n & 63)).toBe(true);
    }
    expect([xen.grantCount, open()]).toEqual([granted, ports]);
  });

  test("is not given to the next side while a former one still uses it", async () => {
    const guest = await connected();
    const { xen, settle } = guest;
    // It has died with both rings, a page of received frames and a buffer of sent ones in its hands.
    const rings = guest.back.rings!.references;
    const page = guest.back.receiveReference(0);
    guest.back.holding = true;
    guest.back.receive(frame(1));
    settle();
    const buffer = guest.back.sentReference(0);
    const held = [...rings, page, buffer];
    const addresses = held.map((each) => xen.grantedFrame(each));
    for (const each of held) xen.use(each, true);
    guest.back.die({ unmaps: false });
    settle();
    for (let n = 1; n < 50; n++) {
      const next = new TestNetback(xen, guest.store, { device: n, domain: 5 });
      settle();
      for (let m = 0; m < 130; m++) expect(answers({ ...guest, back: next }, m & 63)).toBe(true);
      const now = xen.grantedFrames(5);
      for (const each of addresses) expect(now).not.toContain(each);
      next.die();
      settle();
    }
    // Now they let go: the rings' first pages are there again.
    for (const each of held) xen.use(each, false);
    const last = new TestNetback(xen, guest.store, { device: 50, domain: 5 });
    settle();
    expect(xen.grantedFrames(5)).toEqual(expect.arrayContaining(addresses));
    expect(answers({ ...guest, back: last }, 3)).toBe(true);
  });

  test("in the moment in which it is taken back is not given again", async () => {
    const guest = await connected();
    const { xen, back, settle } = guest;
    const page = back.receiveReference(0);
    const address = xen.grantedFrame(page);
    // Between the guest's look at the grant and its end somebody begins to use it.
    const entry = GRANTS + 8 * page;
    xen.watch = (at, length) => {
      if (at === entry && length === 8) xen.use(page, true);
    };
    back.die();
    settle();
    xen.watch = () => {};
    new TestNetback(xen, guest.store, { device: 1, domain: 5 });
    settle();
    expect(xen.grantedFrames(5)).not.toContain(address);
  });

  test("to two former sides with both rings leaves none for a third, until one lets go", async () => {
    const guest = await connected();
    const { xen, store, settle } = guest;
    const sides = [guest.back, undefined, undefined];
    const held: number[][] = [];
    for (const device of [1, 2]) {
      held.push([...sides[device - 1]!.rings!.references]);
      sides[device - 1]!.die({ unmaps: false });
      settle();
      sides[device] = new TestNetback(xen, store, { device, domain: 5 + device });
      settle();
    }
    expect(sides[2]!.rings).toBeUndefined();
    for (const each of held[0]!) xen.use(each, false);
    sides[2]!.die();
    settle();
    const back = new TestNetback(xen, store, { device: 3, domain: 9 });
    settle();
    expect(answers({ ...guest, back }, 3)).toBe(true);
  });
});

describe("frames in several pieces", () => {
  test("are put together, with whatever extra information between them", async () => {
    const guest = await connected();
    for (const [length, size] of [
      [1514, 100],
      [1514, 1513],
      [60, 1],
      [200, 199],
    ] as const) {
      const bytes = frame(7, length).map((byte, n) => (n < 15 ? byte : n & 255));
      expect(guest.back.receive(bytes, 0, size)).toBe(true);
      guest.settle();
      const answer = guest.back.sent.at(-1)!.bytes;
      expect(answer.length).toBe(length);
      expect([...answer.subarray(15)]).toEqual([...bytes.subarray(15)]);
    }
    guest.back.receive(frame(5), sent.extra);
    guest.back.answerReceived(1, 0, 0);
    guest.settle();
    expect(guest.back.sent.at(-1)!.bytes[14]).toBe(6);
    expect(answers(guest, 9)).toBe(true);
  });

  test("that no buffer takes, or with an error in one, are nothing; and the next one comes", async () => {
    const guest = await connected();
    const before = guest.back.sent.length;
    guest.back.receive(frame(1, 3000), 0, 500);
    guest.back.answerReceived(0, sent.more, 100);
    guest.back.answerReceived(0, 0, 0xffff);
    guest.settle();
    expect(guest.back.sent.length).toBe(before);
    expect(answers(guest, 9)).toBe(true);
  });

  test("that end with the connection are not put before the next one's", async () => {
    const guest = await connected();
    guest.back.answerReceived(0, sent.more, 100);
    guest.settle();
    guest.back.close();
    guest.settle();
    expect(answers(guest, 9)).toBe(true);
    expect(guest.back.sent.at(-1)!.bytes.length).toBe(60);
  });
});

describe("long segments", () => {
  /** Segments with tails of many lengths, from many places. */
  const sends: Program = {
    use: everything,
    hooks: ["prepare", "poll"],
    own: `import { link } from "./link";
import * as log from "./log";
import { Bytes } from "../stdlib/core/bytes";
import { HEADROOM } from "../stdlib/core/packet";
import { Link } from "../stdlib/net/link";
let eth: Link | null = null;
const file = new StaticArray<u8>(70000);
const all = new Bytes(file, 0, 70000);
let length: u32 = 1;
let from: u32 = 0;
export function prepare(): void {
  eth = link(0);
  for (let n = 0; n < 70000; n++) file[n] = <u8>((n * 7) ^ (n >> 8));
}
export function poll(now: u64): void {
  if (!eth!.gathers || length > eth!.cuts) return;
  const packet = eth!.allocate();
  if (packet == null) { eth!.flush(); return; }
  packet.bytes.fill(HEADROOM, 54, 0);
  packet.bytes.setBe16(HEADROOM + 12, 0x0800);
  packet.bytes.setU8(HEADROOM + 46, 0x50);
  packet.bytes.setBe32(HEADROOM + 30, from);
  packet.checksumStart = 34;
  packet.checksumOffset = 16;
  packet.length = 54 + length;
  packet.tail.window(all, from, length);
  packet.tailLength = length;
  if (length > 1460) packet.segmentSize = 1460;
  eth!.transmit(packet);
  eth!.flush();
  from = (from + 997) % 12000;
  length += length < 3000 ? 61 : 1511;
  if (length > eth!.cuts && length < eth!.cuts + 1511) length = eth!.cuts;
}
`,
  };
  const features = {
    "feature-sg": 1,
    "feature-gso-tcpv4": 1,
    "feature-gso-tcpv6": 1,
    "feature-ipv6-csum-offload": 1,
  };

  test("go out whole, in pages that are granted while they are on their way, and only whole ones", async () => {
    let back: TestNetback | undefined;
    const { xen, settle } = await startGuest(sends, (xen, store) => {
      back = new TestNetback(xen, store, { features });
    });
    let rounds = 0;
    settle();
    const before = xen.grantCount;
    xen.idle = () => {
      if (rounds++ === 400) throw new Asleep();
      xen.raise(1);
    };
    settle();
    const { sent } = back!;
    expect(sent.at(-1)!.bytes.length).toBe(54 + 13 * 4096);
    for (const { bytes, cut, slots } of sent) {
      const from = new DataView(bytes.buffer).getUint32(30);
      const wrong = bytes
        .subarray(54)
        .findIndex((byte, n) => byte !== (((from + n) * 7) ^ ((from + n) >> 8)) % 256);
      expect(wrong).toBe(-1);
      expect(cut).toEqual(bytes.length > 1514 ? { size: 1460, type: 1 } : undefined);
      expect(slots).toBeLessThanOrEqual(18);
    }
    expect(xen.grantCount - before).toBeLessThan(128);
  });

  test.each([
    ["what is cut", { ...features, "feature-gso-tcpv6": 0 }],
    ["what is gathered", { ...features, "feature-sg": 0 }],
    ["checksums of IPv6", { ...features, "feature-ipv6-csum-offload": 0 }],
    ["checksums", { ...features, "feature-no-csum-offload": 1 }],
  ])("are not sent to who does not offer %s", async (_, features) => {
    let back: TestNetback | undefined;
    const { settle } = await startGuest(sends, (xen, store) => {
      back = new TestNetback(xen, store, { features });
    });
    settle();
    expect(back!.sent.length).toBe(0);
  });
});
