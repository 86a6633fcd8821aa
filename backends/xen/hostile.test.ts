/** What the other sides say is not believed (the class of bugs of Xen Security Advisory 155): whatever they do costs at most their own link. */
import { describe, expect, test } from "vitest";
import { BOUND, bounded } from "./test-bound.ts";
import { dice, wild } from "./test-dice.ts";
import {
  answers,
  type Connected,
  connected,
  echo,
  everything,
  frame,
  type Program,
  startGuest,
} from "./test-guest.ts";
import { TestNetback } from "./test-netback.ts";

/** The other side starts again and is honest. */
function behave(guest: Connected): void {
  const { store, back } = guest;
  store.set(`${guest.back.path}/feature-rx-copy`, 1);
  store.set(`${back.front}/backend`, back.path);
  store.set(`${back.front}/backend-id`, back.domain);
  store.set(`${back.front}/mac`, "00:16:3e:00:00:02");
  back.unmap();
  store.set(`${back.path}/state`, 6);
  bounded(guest);
  back.sent.length = 0;
}

const deeds: readonly ((guest: Connected, roll: (sides: number) => number) => void)[] = [
  // Indexes that jump, and more answers than requests.
  ({ back }, roll) => {
    const ring = back.ring(roll(2) as 0 | 1);
    const at = [0, 4, 8, 8, 8, 12][roll(6)]!;
    ring.setUint32(at, wild(roll, ring.getUint32(at, true)), true);
  },
  // Anything in the rings.
  ({ back }, roll) => {
    const ring = back.ring(roll(2) as 0 | 1);
    for (let n = 0; n < 64; n++) ring.setUint8(64 + roll(4032), roll(256));
  },
  // Answers for what was sent: ids that there are not, or that were answered already.
  ({ back }, roll) => {
    for (let n = roll(20); n > 0; n--)
      back.answerSent([roll(64), roll(65536), 63, 64, 0xffff][roll(5)]!, roll(3) - 1);
  },
  // Frames of which everything is said: offsets, sizes and flags.
  ({ back }, roll) => {
    const some = [0, 1, 60, 1984, 1985, 4095, 4096, 4097, 0x7fff, 0x8000, 0xffff];
    for (let n = roll(20); n > 0; n--)
      back.answerReceived(some[roll(11)]!, roll(2) * roll(65536) + roll(16), some[roll(11)]!, roll(65536));
  },
  ({ back }, roll) => void back.receive(frame(roll(64), 60 + roll(1400)), roll(16)),
  ({ back }, roll) => {
    back.holding = roll(2) === 0;
    back.work();
  },
  // What XenStore has of it.
  ({ store, back }, roll) =>
    store.set(
      `${back.path}/state`,
      [0, 1, 2, 3, 4, 5, 6, 7, "x", "-1", "99999999999999999999", ""][roll(12)]!,
    ),
  ({ store, back }, roll) =>
    store.set(
      `${back.front}/${["mac", "backend", "backend-id", "state"][roll(4)]}`,
      [
        "",
        "x",
        "00:16:3e:00:00:0g",
        "00:16:3e:00:00:02:03",
        "/".repeat(3000),
        "65536",
        "32752",
        "\0\0",
        `/${"y".repeat(255)}`,
      ][roll(9)]!,
    ),
  ({ store, back }, roll) => store.set(`${back.path}/feature-rx-copy`, ["0", "", "2", undefined][roll(4)]),
];

/** Says what is in a frame, and what is in it a moment later. */
const holder: Program = {
  use: everything,
  hooks: ["prepare", "poll"],
  own: `import { link } from "./link";
import * as log from "./log";
import { load64 } from "../backends/xen/drivers/hw";
import { HEADROOM } from "../stdlib/core/packet";
import { Link } from "../stdlib/net/link";
let eth: Link | null = null;
export function prepare(): void { eth = link(0); }
export function poll(now: u64): void {
  const packet = eth!.receive();
  if (packet == null) return;
  log.text("before "); log.number(packet.bytes.u8(HEADROOM + 14));
  load64(0x5000);
  log.text(" after "); log.number(packet.bytes.u8(HEADROOM + 14)); log.end();
  eth!.release(packet);
}
`,
};

/** Says what was counted of the link whenever that has changed: nonsense, refused, lost. */
const counting: Program = {
  use: everything,
  hooks: ["prepare", "poll"],
  own: `import { link } from "./link";
import * as log from "./log";
import { Counter, counted } from "../stdlib/net/counters";
import { Link } from "../stdlib/net/link";
let eth: Link | null = null;
let last: u64 = 0;
export function prepare(): void { eth = link(0); }
export function poll(now: u64): void {
  for (let n = 0; n < 64; n++) {
    const packet = eth!.receive();
    if (packet == null) break;
    const answer = eth!.allocate();
    if (answer != null) { answer.length = packet.length; answer.bytes.fill(64, 60, 1); eth!.transmit(answer); }
    eth!.release(packet);
  }
  eth!.flush();
  const sum = counted(Counter.linkNonsense) * 1000000 + counted(Counter.linkRefused) * 1000 + counted(Counter.linkLost);
  if (sum == last) return;
  last = sum;
  log.text("counted "); log.number(sum); log.end();
}
`,
};

describe("netback may do what it wants", () => {
  test("and each such thing is counted", async () => {
    let back: TestNetback | undefined;
    const guest = await startGuest(counting, (xen, store) => {
      back = new TestNetback(xen, store);
    });
    guest.settle();
    const counted = (does: (back: TestNetback) => void): string => {
      does(back!);
      back!.tell();
      guest.settle();
      return guest.xen.readConsole().match(/counted (\d+)\r?\n$/)?.[1] ?? "none";
    };
    back!.holding = true;
    for (let n = 0; n < 64; n++) expect(counted((it) => it.receive(frame(1)))).toBe("none");
    // An id that there is not, and one that is answered twice; a sender that has no buffer left looks at answers.
    const answered = (...ids: readonly number[]) =>
      counted((it) => {
        for (const id of ids) it.answerSent(id, 0);
        it.receive(frame(1));
      });
    expect(answered(9999)).toBe("1000000");
    expect(answered(5, 5)).toBe("2000000");
    // Frames that are too long, begin behind their page, or have an error.
    expect(counted((it) => it.answerReceived(0, 0, 4000))).toBe("2001000");
    expect(counted((it) => it.answerReceived(4090, 0, 60))).toBe("2002000");
    expect(counted((it) => it.answerReceived(0, 0, 0xffff))).toBe("2003000");
    // More answers than requests.
    expect(counted((it) => it.ring(1).setUint32(8, 0x7fff_ffff, true))).toMatch(/^\d+003000$/);
  });

  test.each(Array.from({ length: 12 }, (_, n) => n + 1))("with seed %i", async (seed) => {
    const roll = dice(seed * 7919);
    const guest = await connected();
    const size = guest.xen.memory!.buffer.byteLength;
    for (let round = 0; round < 60; round++) {
      for (let n = 1 + roll(4); n > 0; n--)
        try {
          deeds[roll(deeds.length)]!(guest, roll);
        } catch {
          // What the guest does not grant any more cannot be written to.
        }
      if (guest.back.rings !== undefined) guest.back.tell();
      bounded(guest);
      if (round % 20 !== 19) continue;
      behave(guest);
      expect(answers(guest, roll(64))).toBe(true);
    }
    expect(guest.xen.memory!.buffer.byteLength).toBe(size);
  });

  test("a page that changes after its answer changes no frame", async () => {
    let back: TestNetback | undefined;
    const guest = await startGuest(holder, (xen, store) => {
      back = new TestNetback(xen, store);
    });
    guest.settle();
    const pages = back!.receivePages();
    // Another processor writes to all pages while the guest holds the frame.
    guest.xen.meddle = (address) => {
      if (address === 0x5000) for (const page of pages) page.fill(0xee);
    };
    back!.receive(frame(5));
    guest.settle();
    expect(guest.xen.readConsole()).toMatch(/before 5 after 5\r?\n/);
  });

  test("an answer is read once: what it becomes afterwards changes nothing", async () => {
    const guest = await connected();
    const { xen, back } = guest;
    back.receive(frame(5));
    const ring = back.ring(1);
    let reads = 0;
    const entry = back.lastAnswer();
    xen.watch = (at, length) => {
      if (at < entry + 8 && at + length > entry) reads++;
    };
    guest.settle();
    expect(reads).toBe(1);
    expect(ring.getUint32(8, true)).toBe(1);
    expect(back.sent.at(-1)!.bytes[14]).toBe(6);
  });

  test("more answers than requests are no answers; the link works again when the index is right", async () => {
    const guest = await connected();
    const ring = guest.back.ring(1);
    ring.setUint32(8, 65, true);
    guest.back.tell();
    bounded(guest);
    expect(guest.back.sent.length).toBe(0);
    ring.setUint32(8, 0, true);
    expect(answers(guest, 3)).toBe(true);
  });

  test("one buffer answered twice is one free buffer", async () => {
    const guest = await connected();
    expect(answers(guest, 1)).toBe(true);
    guest.back.holding = true;
    for (let n = 0; n < 80; n++) {
      guest.back.receive(frame(n));
      guest.settle();
    }
    for (let n = 0; n < 64; n++) guest.back.answerSent(7, 0);
    guest.back.tell();
    bounded(guest);
    const before = guest.back.sent.length;
    for (let n = 0; n < 5; n++) guest.back.receive(frame(n));
    guest.settle();
    expect(guest.back.sent.length - before).toBeLessThanOrEqual(1);
    behave(guest);
    guest.back.holding = false;
    expect(answers(guest, 3)).toBe(true);
  });
});

describe("XenStore may say what it wants", () => {
  test.each(Array.from({ length: 25 }, (_, n) => n + 1))("with seed %i", async (seed) => {
    const roll = dice(seed * 104729);
    const guest = await startGuest(echo, (xen, store) => {
      new TestNetback(xen, store);
      let left = 5 + roll(40);
      store.forge = (message) => {
        if (left-- > 0) return message;
        const forged = message.slice();
        const view = new DataView(forged.buffer);
        for (let n = roll(3); n > 0; n--) {
          const at = [0, 4, 8, 12, 12][roll(5)]!;
          view.setUint32(at, wild(roll, view.getUint32(at, true)), true);
        }
        for (let n = roll(6); n > 0; n--) forged[16 + roll(Math.max(1, forged.length - 16))] = roll(256);
        return forged.subarray(0, forged.length - roll(2) * roll(8));
      };
    });
    const before = guest.xen.accesses;
    for (let n = 0; n < 20; n++) {
      guest.settle();
      try {
        guest.store.set("device/vif/0/state", roll(7));
        guest.store.set("control/shutdown", "suspend");
        guest.store.set("memory/target", roll(100_000));
      } catch {
        // The model of netback finds no page that was granted to it.
      }
    }
    guest.settle();
    expect(guest.xen.accesses - before).toBeLessThan(20 * BOUND);
  });

  test("its indexes may be anything", async () => {
    for (const [at, value] of [
      [2048, 0x7fff_ffff],
      [2048, 0xffff_ffff],
      [2060, 0x8000_0000],
      [2060, 0xffff_ffff],
    ] as const) {
      const guest = await startGuest(echo, (xen, store) => {
        store.silent = true;
        xen.view(0xfeffc * 4096, 4096).setUint32(at, value, true);
      });
      guest.settle();
      expect(guest.xen.readConsole()).toMatch(/xenstore (has lost its place|does not answer|says too much)/);
    }
  });

  test("a path longer than any is none", async () => {
    const guest = await startGuest(echo, (xen, store) => {
      new TestNetback(xen, store);
      store.set("device/vif/0/backend", `/${"y".repeat(4000)}`);
    });
    guest.settle();
    expect(guest.store.get("device/vif/0/state")).toBe("1");
  });
});
