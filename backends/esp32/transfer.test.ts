/** A page over TCP and the chip's own Ethernet MAC, with a client of the simulator at the other end of the cable: whole, and with the cable pulled in the middle. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { Cable, Host, MILLISECOND, SECOND, TcpClient, type TcpConnection } from "#simulate";
import { imageOf, temporaryFolder } from "../../test/appliance.ts";
import { dice } from "../xen/test-dice.ts";
import { Chip } from "./test-chip.ts";

const roll = dice(7);
const file = Buffer.from(Uint8Array.from({ length: 100_000 }, () => roll(256)));
const REQUEST = "GET /large.bin HTTP/1.1\r\nHost: chip\r\nConnection: close\r\n\r\n";
const LINK = "ethernet: 100 Mbit/s, full duplex";

let image: Uint8Array;
beforeAll(async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "site"));
  writeFileSync(join(folder, "site/large.bin"), file);
  writeFileSync(
    join(folder, "site.appl"),
    `appl 1
use std/net
use std/http
use std/board/esp32

appliance site {
  net eth0 { address = 10.0.2.15/24 }
  http {
    listen { plain = *:80 }
    server plain { files "/" { root = dir "./site" } }
  }
}
target chip { board = esp32.olimex_poe }
`,
  );
  image = new Uint8Array(await imageOf(join(folder, "site.appl"), "chip"));
});

function site() {
  const chip = new Chip(image, 4 << 20, {
    phy: "lan8720",
    address: 0,
    clock: { pin: 17, out: true },
    power: 12,
  });
  const client = new Host(chip.simulation, { name: "client", address: "10.0.2.2/24" });
  const cable = new Cable(chip.simulation, client.port, chip.port);
  const tcp = new TcpClient(client);
  chip.boot();
  chip.until(LINK);
  return {
    chip,
    cable,
    client,
    get(): TcpConnection {
      const connection = tcp.connect("10.0.2.15", 80);
      connection.send(REQUEST);
      return connection;
    },
  };
}

/** The file, as it was sent. */
function content({ received, isReset }: TcpConnection): Buffer {
  expect(isReset).toBe(false);
  return Buffer.from(received.slice(received.indexOf("\r\n\r\n") + 4), "latin1");
}

test("a file comes as it is, to several clients at once", () => {
  const { chip, client, get } = site();
  const all = [get(), get(), get(), get()];
  chip.runUntil(() => all.every(({ isClosed }) => isClosed), 20 * SECOND);
  for (const each of all) expect(content(each).equals(file)).toBe(true);
  expect(client.bad).toBe(0);
});

test("a cable that is pulled in the middle of it and put back: it goes on where it was, again and again", () => {
  const { chip, cable, get } = site();
  for (let times = 1; times <= 6; times++) {
    const connection = get();
    const said = chip.said.length;
    chip.runUntil(() => connection.received.length > 12_000 * times, 10 * SECOND);
    cable.cut();
    const before = connection.received.length;
    chip.until("ethernet: no link", said);
    chip.runFor(700 * MILLISECOND * times);
    expect(connection.received.length).toBe(before);
    cable.heal();
    chip.until(LINK, said);
    chip.runUntil(() => connection.isClosed, 30 * SECOND);
    expect(content(connection).equals(file), `${times}`).toBe(true);
    expect(chip.said.slice(said).match(/ethernet: .*(?=\r)/g)).toEqual(["ethernet: no link", LINK]);
  }
  // Nothing is lost for good: as many clients as at first get all of it.
  const all = [get(), get(), get(), get()];
  chip.runUntil(() => all.every(({ isClosed }) => isClosed), 20 * SECOND);
  for (const each of all) expect(content(each).equals(file)).toBe(true);
  expect(chip.said).not.toMatch(/restart|stuck|fault/);
});
