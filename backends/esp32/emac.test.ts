/** Images for boards that one can buy, on a chip with its own Ethernet MAC, a PHY and wires as the board has them. */
import { beforeAll, describe, expect, test } from "vitest";
import { message, wireName } from "#tools/dns-oracle/index";
import { imageOfText } from "../../test/appliance.ts";
import { Chip } from "./test-chip.ts";
import type { Wiring } from "./test-emac.ts";
import { arpRequest, datagram } from "./test-frames.ts";

const description = `appl 1
use std/net
use std/dns
use std/board/esp32

appliance small {
  net eth0 { address = 10.0.2.15/24; gateway = 10.0.2.2 }
  dns {
    tcp = false
    zone "example.com" {
      primary {
        soa { mname = "ns1"; rname = "hostmaster@example.com"; serial = at(1) }
        ns  = ["ns1"]
        host "ns1" { address = [10.0.2.15] }
        host "www" { address = [192.0.2.80] }
      }
    }
  }
}

target olimex_poe { board = esp32.olimex_poe }
target wt32_eth01 { board = esp32.wt32_eth01 }
target ethernet_kit { board = esp32.ethernet_kit }
`;
const MAC = Uint8Array.of(0x24, 0x0a, 0xc4, 1, 2, 6);

/** From schematics and user guides, independently of the board files. */
const boards = {
  olimex_poe: { phy: "lan8720", address: 0, clock: { pin: 17, out: true }, power: 12 },
  wt32_eth01: { phy: "lan8720", address: 1, clock: { pin: 0, out: false }, power: 16 },
  ethernet_kit: { phy: "ip101", address: 1, clock: { pin: 0, out: false }, reset: 5 },
} as const satisfies Record<string, Wiring>;
type Name = keyof typeof boards;
const names = Object.keys(boards) as Name[];

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
    expect(chip.said).not.toMatch(/restart|fault|nobody|no link|no reference/);
  });
});
