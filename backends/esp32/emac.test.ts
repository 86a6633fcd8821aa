/** Images for boards that one can buy, on a chip with its own Ethernet MAC, a PHY and wires as the board has them. */
import { beforeAll, describe, expect, test } from "vitest";
import { message, wireName } from "#tools/dns-oracle/index";
import { imageOfText } from "../../test/appliance.ts";
import { smallDns } from "../../test/small-dns.ts";
import { dice } from "../xen/test-dice.ts";
import { Chip } from "./test-chip.ts";
import type { Wiring } from "./test-emac.ts";
import { arpRequest, datagram, echoRequest } from "./test-frames.ts";

const own = `
let own : board.Board = {
  name    = "a board of one's own"
  backend = "esp32"
  arch    = "xtensa"
  kind    = physical
  memory  = 520KiB
  flash   = 4MiB
  nics    = {
    "eth0" => {
      driver = "emac"
      phy    = {
        chip = "rtl8201", address = 3, mdc = "gpio23", mdio = "gpio18"
        clock = "gpio16", clock_by = processor, power = "gpio12", reset = "gpio5"
      }
    }
  }
  docs    = "https://example.org/own"
}
`;
const description = smallDns({
  uses: ["board", "board/esp32"],
  before: own,
  targets: {
    olimex_poe: "esp32.olimex_poe",
    olimex_poe_wrover: "esp32.olimex_poe_wrover",
    wt32_eth01: "esp32.wt32_eth01",
    ethernet_kit: "esp32.ethernet_kit",
    own: "own",
  },
});
const MAC = Uint8Array.of(0x24, 0x0a, 0xc4, 1, 2, 6);

/** From schematics and user guides, independently of the board files. */
const boards = {
  olimex_poe: { phy: "lan8720", address: 0, clock: { pin: 17, out: true }, power: 12 },
  olimex_poe_wrover: { phy: "lan8720", address: 0, clock: { pin: 0, out: true }, power: 12 },
  wt32_eth01: { phy: "lan8720", address: 1, clock: { pin: 0, out: false }, power: 16 },
  ethernet_kit: { phy: "ip101", address: 1, clock: { pin: 0, out: false }, reset: 5 },
  own: { phy: "rtl8201", address: 3, clock: { pin: 16, out: true }, power: 12, reset: 5 },
} as const satisfies Record<string, Wiring>;
type Name = keyof typeof boards;
const names = Object.keys(boards) as Name[];
const onePerPhy: readonly Name[] = ["olimex_poe", "ethernet_kit", "own"];

const images = new Map<Name, Uint8Array>();
beforeAll(async () => {
  for (const name of names) images.set(name, new Uint8Array(await imageOfText(description, name)));
});

function started(name: Name, wiring: Wiring = boards[name]): Chip {
  const chip = new Chip(images.get(name)!, name === "ethernet_kit" ? 8 << 20 : 4 << 20, wiring);
  chip.boot();
  return chip;
}

const sent = (chip: Chip, bytes: readonly number[], from = 0): boolean =>
  chip.emac!.sent.slice(from).some((frame) => Buffer.from(frame).includes(Buffer.from(bytes)));

describe.each(names)("%s", (name) => {
  test("has its link, and is asked", () => {
    const chip = started(name);
    chip.until("ethernet: 100 Mbit/s, full duplex");
    chip.receive(arpRequest());
    chip.run(200_000);
    expect(sent(chip, [0, 2, ...MAC, 10, 0, 2, 15])).toBe(true);
    chip.receive(datagram(MAC, 53, message(wireName("www.example.com."), 1, {})));
    chip.run(300_000);
    expect(sent(chip, [192, 0, 2, 80])).toBe(true);
    chip.receive(echoRequest(MAC, [1, 2, 3, 4, 5]));
    chip.run(200_000);
    // Type 0, with its checksum, the same identifier, number and content.
    expect(sent(chip, [0, 0, 0xf6, 0xef, 0, 9, 0, 1, 1, 2, 3, 4, 5])).toBe(true);
    expect(chip.said).not.toMatch(/restart|fault|nobody|no link|no reference/);
  });
});

/** It answers now, having been asked who 10.0.2.15 is. */
function answers(chip: Chip): boolean {
  const before = chip.emac!.sent.length;
  chip.receive(arpRequest());
  for (let n = 0; n < 20; n++) {
    chip.run(10_000);
    if (sent(chip, [0, 2, ...MAC, 10, 0, 2, 15], before)) return true;
  }
  return false;
}

const LINK = "ethernet: 100 Mbit/s, full duplex";
function linked(name: Name = "olimex_poe"): Chip {
  const chip = started(name);
  chip.until(LINK);
  return chip;
}

describe("a cable", () => {
  test.each([
    ["full100", "100 Mbit/s, full duplex"],
    ["half100", "100 Mbit/s, half duplex"],
    ["full10", "10 Mbit/s, full duplex"],
    ["half10", "10 Mbit/s, half duplex"],
  ] as const)("to somebody who can do %s has both do that", (partner, said) => {
    for (const name of onePerPhy) {
      const chip = started(name);
      chip.emac!.phy.partner = partner;
      chip.until(`ethernet: ${said}`);
      expect(answers(chip)).toBe(true);
    }
  });

  test("that is put in later, pulled, and put in again at another speed", () => {
    const chip = started("wt32_eth01");
    const { phy } = chip.emac!;
    phy.unplug();
    chip.until("eth0:");
    chip.run(2_000_000);
    expect(chip.said).not.toContain("ethernet:");
    phy.plug("full100");
    chip.until(LINK);
    expect(answers(chip)).toBe(true);
    phy.unplug();
    chip.until("ethernet: no link");
    expect(answers(chip)).toBe(false);
    phy.plug("half10");
    chip.until("ethernet: 10 Mbit/s, half duplex");
    expect(answers(chip)).toBe(true);
  });

  test("that was out so shortly that nobody looked meanwhile is noticed all the same", () => {
    const chip = linked();
    chip.emac!.phy.unplug();
    chip.emac!.phy.plug("full10");
    chip.until("ethernet: no link");
    chip.until("ethernet: 10 Mbit/s, full duplex");
    expect(answers(chip)).toBe(true);
  });

  test("that is pulled in the middle of a transfer: what was on its way is lost, and nothing else", () => {
    const chip = linked();
    for (let n = 0; n < 5; n++) {
      chip.emac!.holdsSent = true;
      for (let frame = 0; frame < 12; frame++) chip.receive(arpRequest());
      chip.run(300_000);
      chip.emac!.phy.unplug();
      const from = chip.said.length;
      chip.until("no link", from);
      chip.emac!.holdsSent = false;
      chip.emac!.phy.plug("full100");
      chip.until(LINK, from);
      // All buffers are there again: more than there are of them.
      for (let frame = 0; frame < 20; frame++) expect(answers(chip), `${n}, ${frame}`).toBe(true);
    }
    expect(chip.said).not.toMatch(/restart|fault/);
  });
});

describe("a board on which something is wrong", () => {
  test("without a reference clock says so once, and goes on when there is one", () => {
    const chip = started("wt32_eth01", { ...boards.wt32_eth01, power: 5 });
    chip.until("ethernet: no reference clock");
    chip.run(5_000_000);
    expect(chip.said.match(/no reference clock/g)).toHaveLength(1);
  });

  test("with another PHY, or none at this address, says whom it looked for", () => {
    for (const wiring of [
      { ...boards.olimex_poe, phy: "ip101" },
      { ...boards.olimex_poe, address: 7 },
    ] as const) {
      const chip = started("olimex_poe", wiring);
      chip.until("ethernet: nobody answers as lan8720");
      chip.run(5_000_000);
      expect(chip.emac!.starts).toBe(0);
    }
  });

  test("whose PHY is gone for a while, and comes back as after its power", () => {
    const chip = linked();
    chip.emac!.phy.isGone = true;
    chip.until("ethernet: no link");
    chip.run(3_000_000);
    chip.emac!.phy.isGone = false;
    chip.until(LINK, chip.said.length);
    expect(answers(chip)).toBe(true);
  });
});

describe("a MAC that cannot be trusted", () => {
  test("whose bus has refused an access is begun anew", () => {
    const chip = linked();
    chip.emac!.fail();
    chip.until("ethernet: stuck, begins anew");
    chip.until(LINK, chip.said.length);
    expect(answers(chip)).toBe(true);
  });

  test("that stands still with frames to send is begun anew", () => {
    const chip = linked();
    chip.emac!.holdsSent = true;
    chip.receive(arpRequest());
    chip.until("ethernet: stuck, begins anew");
    chip.emac!.holdsSent = false;
    chip.until(LINK, chip.said.length);
    expect(answers(chip)).toBe(true);
  });

  test("costs frames at most, whatever it says of them", () => {
    const chip = linked();
    const lengths = [0, 1, 4, 17, 18, 1604, 1605, 1989, 2047, 2048, 0x3fff];
    const words = [
      ...lengths.map((length) => (length << 16) | 0x300),
      ...[0, 0x100, 0x200, 0x8300, 0x8000, 0x7fff, 0x4000_0300].map((flags) => (64 << 16) | flags),
    ];
    // Twice round the ring.
    for (const word of [...words, ...words]) {
      chip.emac!.claim(word);
      chip.run(20_000);
    }
    expect(answers(chip)).toBe(true);
    expect(chip.said).not.toMatch(/restart|fault/);
  });

  test("may write anything into any descriptor in any order", () => {
    const wild = [0, 0xffff_ffff, 0x8000_0000, 0x3ffa_e000, 0x4008_0000, 0x0640_0300, 0x3fff_0300];
    for (let seed = 1; seed <= 12; seed++) {
      const chip = linked();
      const roll = dice(seed);
      for (let n = 0; n < 60; n++) {
        const value = roll(3) === 0 ? roll(2 ** 31) * 2 : wild[roll(wild.length)]!;
        chip.emac!.scribble(roll(64), roll(4), value);
        if (roll(4) === 0) chip.emac!.interrupt();
        chip.run(2000);
      }
      // Somebody pulls the cable: from then on it is as new.
      chip.emac!.phy.unplug();
      chip.until("no link", chip.said.length);
      chip.emac!.phy.plug("full100");
      chip.until(LINK, chip.said.length);
      for (let frame = 0; frame < 20; frame++) expect(answers(chip), `${seed}`).toBe(true);
      expect(chip.said).not.toMatch(/restart|fault/);
    }
  });
});
