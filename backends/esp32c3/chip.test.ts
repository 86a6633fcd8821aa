/** What is written into the flash memory of an ESP32-C3: read by esptool's parser, and started on a chip in TypeScript, whole and damaged. */
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { message, wireName } from "#tools/dns-oracle/index";
import { explainLog } from "../../cli/inspect/trap.ts";
import { linesOf } from "../../cli/run/console.ts";
import { imageOfText, temporaryFolder } from "../../test/appliance.ts";
import { appl } from "../../test/command.ts";
import { builtSlip } from "../../test/slip.ts";
import { smallDns } from "../../test/small-dns.ts";
import { contentsOf } from "../contents.ts";
import { C3_ID, DIGEST, HEADER, loaders, places, SEGMENT_HEADER } from "../esp32/image/format.ts";
import { readFlashImage } from "../esp32/image/read.ts";
import { arpRequest, datagram } from "../esp32/test-frames.ts";
import { expectBothSlots, expectRefused, imageAt } from "../esp32/test-slots.ts";
import { windows } from "./boot/chip.ts";
import { Chip } from "./test-chip.ts";

const description = smallDns({ targets: { chip: "qemu.esp32c3" } });
const withPin = description
  .replace("use std/dns", "use std/dns\nuse std/gpio")
  .replace("  dns {", "  gpio { output vent { pin = gpio4; active = high; safe = off } }\n  dns {")
  .replace(/qemu\.esp32c3 /, 'qemu.esp32c3 with { pins = { "gpio4" => { can = [input, output] } } } ');
const FLASH = 4 << 20;
const UP = "eth0: 10.0.2.15 24:0a:c4:01:02:06";

let image: Uint8Array;
beforeAll(async () => {
  image = new Uint8Array(await imageOfText(description, "chip"));
});

function started(bytes: Uint8Array): Chip {
  const chip = new Chip(bytes);
  chip.boot();
  return chip;
}

test.each([
  ["loader", loaders.esp32c3, [0x4030_0000, 0x3fc0_0000]],
  ["application", places.slots, [windows.data, windows.code]],
] as const)(
  "esptool's parser reads the %s: the chip, segments, checksum and digest are right",
  async (_, place, addresses) => {
    const { loadFirmwareImage } = await import("esptool-js/lib/image/index.js");
    const { ESP32C3ROM } = await import("esptool-js/lib/targets/esp32c3.js");
    vi.spyOn(console, "log").mockReturnValue();
    vi.spyOn(console, "warn").mockReturnValue();
    const bytes = imageAt(image, place);
    const found = await loadFirmwareImage(new ESP32C3ROM(), new Uint8Array(bytes));
    expect(found.checksum).toBe(found.calculateChecksum());
    expect(found.segments.map(({ addr }) => addr & ~0xf_ffff)).toEqual(addresses);
    const digest = createHash("sha256").update(bytes.subarray(0, -DIGEST)).digest();
    expect(Buffer.compare(digest, bytes.subarray(-DIGEST))).toBe(0);
  },
);

test("code and constants are seen at the same places of their windows as in the slot", () => {
  const view = new DataView(image.buffer, image.byteOffset + places.slots);
  const constants = HEADER + SEGMENT_HEADER;
  expect(view.getUint32(HEADER, true)).toBe(windows.data + constants);
  const code = constants + view.getUint32(HEADER + 4, true) + SEGMENT_HEADER;
  expect(view.getUint32(code - SEGMENT_HEADER, true)).toBe(windows.code + code);
});

test("the contents digest is in it, and `appl flash` knows for which chip it is", () => {
  expect(contentsOf(image)).toMatch(/^sha256:[0-9a-f]{64}$/);
  const { chip, flash, parts } = readFlashImage(image)!;
  expect({ chip, flash }).toEqual({ chip: C3_ID, flash: FLASH });
  expect(parts.map(({ name, offset, starts }) => ({ name, offset, starts }))).toEqual([
    { name: "ota_0", offset: places.slots, starts: true },
    { name: "otadata", offset: places.otadata, starts: false },
    { name: "partition table", offset: places.table, starts: false },
    { name: "loader", offset: loaders.esp32c3, starts: true },
  ]);
});

test("boards with the chip have no wired network, and that is said", async () => {
  const path = join(temporaryFolder(), "board.appl");
  writeFileSync(
    path,
    description
      .replace("use std/board/qemu", "use std/board/esp32_c3")
      .replace("qemu.esp32c3", "esp32_c3.devkitm_1"),
  );
  const { code, stderr } = await appl("build", `${path}@chip`);
  expect(code).toBe(1);
  expect(stderr).toMatch(/E0621[\s\S]*no backend `esp32` for such a board: it has no wired network/);
});

describe("a chip", () => {
  test("starts it, with the chip's own address, and is asked over the network while it sleeps", () => {
    const chip = started(image);
    chip.until(UP);
    const mac = Uint8Array.of(0x24, 0x0a, 0xc4, 1, 2, 6);
    const sent = (bytes: readonly number[]) =>
      chip.network.sent.some((frame) => Buffer.from(frame).includes(Buffer.from(bytes)));
    chip.network.receive(arpRequest());
    chip.run(200_000);
    expect(sent([0, 2, ...mac, 10, 0, 2, 15])).toBe(true);
    chip.network.receive(datagram(mac, 53, message(wireName("www.example.com."), 1, {})));
    chip.run(300_000);
    expect(sent([192, 0, 2, 80])).toBe(true);
    expect(chip.said).not.toMatch(/restart|trap|fault/);
  });

  test("believes nothing that the network device says of a frame's length, or of a damaged one", () => {
    const chip = started(image);
    chip.until(UP);
    const words = [0, 1, 4, 17, 18, 1989, 2047, 2048, 0x7fff, 0xffff].map((length) => length << 16);
    for (const word of [...words, ...words, ...words, (64 << 16) | 2, (64 << 16) | 0x7f]) {
      chip.network.claim(word >>> 0);
      chip.run(20_000);
    }
    const before = chip.network.sent.length;
    chip.network.receive(arpRequest());
    chip.run(200_000);
    expect(chip.network.sent.length).toBeGreaterThan(before);
    expect(chip.said).not.toMatch(/restart|trap|fault/);
  });

  test("drives its pins: the level comes first, then the pin", async () => {
    const chip = started(new Uint8Array(await imageOfText(withPin, "chip")));
    chip.until(UP);
    // Pins start when the network has said so.
    chip.run(200_000);
    const [set, clear, enable, signal] = [0x6000_4008, 0x6000_400c, 0x6000_4024, 0x6000_4554 + 4 * 4];
    const written = chip.written.filter(([address]) => [set, clear, enable, signal].includes(address));
    expect(written.slice(0, 3)).toEqual([
      [clear, 1 << 4],
      [signal, 128],
      [enable, 1 << 4],
    ]);
  });

  test.each([
    [1, "reset: power"],
    [3, "reset: software"],
    [0x12, "reset by a watchdog"],
    [15, "reset by brown-out: the supply was too low"],
  ] as const)("says why it has started: cause %i", (cause, said) => {
    const chip = new Chip(image);
    chip.resetCause = cause;
    chip.boot();
    chip.until(UP);
    expect(chip.said).toContain(`${said}\r\n`);
  });

  test("starts the slot that otadata means, wherever it lies", () => {
    expectBothSlots(image, FLASH, UP, started);
  });

  test("does not start what is damaged, wherever a bit has turned", () => {
    expectRefused(image, started);
  });

  test.each([
    [0, "invalid header"],
    [12, "wrong chip id"],
    [100, "csum err"],
  ] as const)("the ROM does not start a loader with damage at %i", (place, says) => {
    const damaged = image.slice();
    damaged[loaders.esp32c3 + place]! ^= 2;
    expect(() => started(damaged)).toThrow(says);
  });
});

test("a program that fails again and again shows its registers, and `appl` says which line that is", async () => {
  const { image: failing, report } = await builtSlip("chip", false, "qemu.esp32c3");
  const said = started(new Uint8Array(failing)).toEnd();
  expect(said).toMatch(/restart 9: unreachable in function \d+ \+ 0x/);
  const { text } = explainLog(said.replaceAll("\r", ""), (await linesOf(report))!);
  expect(text).toMatch(
    /appl: registers( [0-9a-f]{1,8}){31}, return to [0-9a-f]+\n {2}at .*\nappl: trap 0 at [0-9a-f]+ address 0; it fails again and again; stopped\n {2}at backends\/esp32\/drivers\/loop\/index\/run \(.* for stdlib\/slip\/index\.ts:7\), module std\/slip\n$/,
  );
});
