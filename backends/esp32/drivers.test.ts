/** The driver of the ESP32's own Ethernet MAC in V8: frames of every length, and whatever a device, a PHY and a cable can do, in any order. */
import { beforeAll, expect, test } from "vitest";
import { dice } from "../xen/test-dice.ts";
import { compiledEcho, Guest } from "./test-guest.ts";

let echo: Uint8Array;
beforeAll(async () => {
  echo = await compiledEcho();
});

function linked(): Guest {
  const guest = new Guest(echo);
  guest.run(3000);
  expect(guest.said).toMatch(/ethernet: 100 Mbit\/s, full duplex\r?\n$/);
  return guest;
}

const frame = (content: number, length = 60): Uint8Array => {
  const bytes = new Uint8Array(length).fill(content);
  bytes.set([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0, 9, 8, 0]);
  return bytes;
};

/** A frame goes in, and its answer comes out. */
function answers(guest: Guest, content: number, length = 60): boolean {
  const before = guest.emac.sent.length;
  guest.emac.receive(frame(content, length));
  guest.run(1);
  const [answer, more] = guest.emac.sent.slice(before);
  return more === undefined && answer?.length === Math.max(60, length) && answer[14] === content + 1;
}

test("frames of every length come and go", () => {
  const guest = linked();
  for (let length = 15; length <= 1514; length++)
    expect(answers(guest, length & 127, length), `${length}`).toBe(true);
});

test("more frames than there are buffers: some are lost, and then none", () => {
  const guest = linked();
  for (let n = 0; n < 100; n++) guest.emac.receive(frame(n));
  guest.run(20);
  for (let n = 0; n < 40; n++) expect(answers(guest, n)).toBe(true);
});

test("whatever happens costs frames at most", () => {
  for (let seed = 1; seed <= 400; seed++) {
    const roll = dice(seed);
    const guest = linked();
    const { emac } = guest;
    const events: readonly (() => void)[] = [
      () => emac.receive(frame(roll(256), 15 + roll(1500))),
      () => emac.claimed(roll(2 ** 31) * 2 + roll(2)),
      () => emac.scribble(roll(64), roll(4), roll(2 ** 31) * 2 + roll(2)),
      () => emac.interrupt(),
      () => emac.phy.unplug(),
      () => emac.phy.plug((["full100", "half100", "full10", "half10"] as const)[roll(4)]!),
      () => {
        emac.holdsSent = true;
      },
      () => {
        emac.holdsSent = false;
      },
      () => emac.fail(),
      () => {
        emac.phy.isGone = roll(2) === 0;
      },
    ];
    for (let n = 0; n < 40; n++) {
      events[roll(events.length)]!();
      guest.run(roll(10) === 0 ? 700 : 3);
    }
    emac.phy.isGone = false;
    emac.holdsSent = false;
    emac.phy.unplug();
    guest.run(3000);
    emac.phy.plug("full100");
    guest.run(8000);
    for (let n = 0; n < 30; n++) expect(answers(guest, n), `${seed}: ${guest.said}`).toBe(true);
  }
});
