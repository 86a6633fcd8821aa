/** What is written into a chip's flash memory: read by esptool's parser, and started on a chip in TypeScript, whole and damaged. */
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { message, wireName } from "#tools/dns-oracle/index";
import { explainLog } from "../../cli/inspect/trap.ts";
import { linesOf } from "../../cli/run/console.ts";
import { programWith } from "../../cli/run/emulators.ts";
import { imageOfText, temporaryFolder } from "../../test/appliance.ts";
import { requireBundle, startAppl } from "../../test/cli-process.ts";
import { appl } from "../../test/command.ts";
import { builtSlip } from "../../test/slip.ts";
import { smallDns } from "../../test/small-dns.ts";
import { contentsOf } from "../contents.ts";
import { crcOf, loaders, places } from "./image/format.ts";
import { Chip } from "./test-chip.ts";
import { arpRequest, datagram } from "./test-frames.ts";
import { expectBothSlots, expectRefused, imageAt } from "./test-slots.ts";

const description = smallDns({ targets: { chip: "qemu.esp32" } });
const FLASH = 4 << 20;
const UP = "eth0: 10.0.2.15 24:0a:c4:01:02:06";

let image: Uint8Array;
beforeAll(async () => {
  image = new Uint8Array(await imageOfText(description, "chip"));
});

function started(bytes: Uint8Array): Chip {
  const chip = new Chip(bytes, FLASH);
  chip.boot();
  return chip;
}

describe("esptool's parser", () => {
  async function parsed(bytes: Uint8Array) {
    const { loadFirmwareImage } = await import("esptool-js/lib/image/index.js");
    const { ESP32ROM } = await import("esptool-js/lib/targets/esp32.js");
    // It wonders about every segment that an ESP8266 would not have.
    vi.spyOn(console, "log").mockReturnValue();
    vi.spyOn(console, "warn").mockReturnValue();
    return loadFirmwareImage(new ESP32ROM(), new Uint8Array(bytes));
  }

  test.each([
    ["loader", loaders.esp32, [0x4008_0000, 0x3fff_0000]],
    ["application", places.slots, [0x3f40_0000, 0x400d_0000]],
  ] as const)("reads the %s: segments, checksum and digest are right", async (_, place, addresses) => {
    const bytes = imageAt(image, place);
    const found = await parsed(bytes);
    expect(found.checksum).toBe(found.calculateChecksum());
    expect(found.segments.map(({ addr }) => addr & ~0xffff)).toEqual(addresses);
    // What esptool-js itself compares leaves out the last byte before the digest.
    const digest = createHash("sha256").update(bytes.subarray(0, -32)).digest();
    expect(Buffer.compare(digest, bytes.subarray(-32))).toBe(0);
  });

  test("tells a damaged one", async () => {
    const bytes = imageAt(image, places.slots);
    bytes[5000]! ^= 4;
    const found = await parsed(bytes);
    expect(found.checksum).not.toBe(found.calculateChecksum());
  });
});

test("the table of partitions has values, otadata and two slots, as ESP-IDF writes them", () => {
  const rows = [0, 1, 2, 3].map((n) =>
    Buffer.from(image.subarray(places.table + 32 * n, places.table + 32 * n + 32)),
  );
  expect(rows.map((row) => row.toString("hex").slice(0, 24))).toEqual([
    "aa5001400090000000200000",
    "aa50010000d0000000200000",
    "aa50001000000100" + "00001f00",
    "aa50001100002000" + "00001f00",
  ]);
  expect(rows.map((row) => row.toString("latin1", 12, 28).replaceAll("\0", ""))).toEqual([
    "values",
    "otadata",
    "ota_0",
    "ota_1",
  ]);
});

test("otadata's check is that of ESP-IDF", () => {
  // ESP-IDF's otatool and `ota_select` of a first update: sequence 1 is 4743989a.
  expect(crcOf(1).toString(16)).toBe("4743989a");
});

test("the contents digest is in the application's description", () => {
  expect(contentsOf(image)).toMatch(/^sha256:[0-9a-f]{64}$/);
});

test("an appliance that wants more RAM than there is is refused, with what takes most", async () => {
  const path = join(temporaryFolder(), "large.appl");
  const large = description.replace("tcp = false", "limits { connections = 130 }");
  writeFileSync(path, large);
  const { code, stderr } = await appl("build", `${path}@chip`);
  expect(code).toBe(1);
  expect(stderr).toMatch(/E0802\]: small needs \d+KiB of RAM on `chip`, \d+KiB more than the board has/);
  expect(stderr).toMatch(/the largest parts: std\/dns \d{3}KiB, std\/net /);
  expect(stderr).toMatch(/help: with `dns \{ tcp = false \}` it is \d+KiB, which fits/);
  const [, fitting, foretold] = /help: with `dns (\{ limits .*? \} \})` it is (\d+)KiB, which fits/.exec(
    stderr,
  )!;
  writeFileSync(path, large.replace("limits { connections = 130 }", fitting!.slice(1, -1)));
  const fits = await appl("build", `${path}@chip`, "-o", join(temporaryFolder(), "small.bin"));
  expect(fits.code).toBe(0);
  // What was foretold is what it takes.
  const [, used, most] = /^ {2}RAM +[\d.]+ % +([\d,]+) of ([\d,]+) bytes, [\d,]+ free$/m.exec(fits.stdout)!;
  expect(Math.ceil(Number(used!.replaceAll(",", "")) / 1024)).toBe(Number(foretold));
  expect(most).toBe("335,872");
});

test("`appl run` takes the board that stands for the chip where no QEMU has that", async () => {
  requireBundle();
  const path = join(temporaryFolder(), "small.appl");
  writeFileSync(path, description);
  const running = startAppl(["run", `${path}@chip`]);
  await running.waitFor(/eth0: 10\.0\.2\.15/);
  const { code, stderr } = await running.end("SIGINT");
  expect(code).toBe(0);
  if (programWith("qemu-system-xtensa", "esp32") === undefined)
    expect(stderr).toMatch(
      /^no QEMU here has the chip of chip .*: it is .*small\.appl:small@esp32 that runs\n/,
    );
  else expect(stderr).toMatch(/^small@chip starts/);
});

describe("a chip that starts", () => {
  test.each([
    [1, "reset: power"],
    [12, "reset: software"],
    [5, "reset: deep sleep"],
    [8, "reset by a watchdog"],
    [16, "reset by a watchdog"],
    [15, "reset by brown-out: the supply was too low"],
    [14, "reset: another cause"],
  ] as const)("says why: cause %i", (cause, said) => {
    const chip = new Chip(image, FLASH);
    chip.resetCause = cause;
    chip.boot();
    chip.until(UP);
    expect(chip.said).toContain(`${said}\r\n`);
  });

  test("is reset when its supply falls below 2.43 V, with its flash chip off: RTC_CNTL_BROWN_OUT", () => {
    const chip = started(image);
    chip.until(UP);
    // ENA, the lowest of eight levels, RST_ENA, RST_WAIT, PD_RF_ENA, CLOSE_FLASH_ENA.
    expect(chip.registers.get(0x3ff4_80d4)?.toString(16)).toBe("47ffc000");
  });

  test("feeds its generator of random numbers with noise, and reads no faster than that makes them", () => {
    const chip = started(image);
    chip.until(UP);
    expect(chip.lacksForNoise()).toEqual([]);
    expect(chip.said).not.toContain("guessed");
  });

  test("says that random numbers can be guessed if there is no noise", () => {
    const chip = new Chip(image, FLASH);
    chip.isQuiet = true;
    chip.boot();
    chip.until(UP);
    expect(chip.said).toContain("random numbers can be guessed: the chip's generator does not run\r\n");
  });
});

test("a program that fails again and again shows its registers, and `appl` says which line that is", async () => {
  const { image: failing, report } = await builtSlip("chip", false, "qemu.esp32");
  const chip = started(new Uint8Array(failing));
  // That switches nothing off: it is a reset.
  const again = "reset: software\r\n";
  chip.until(again);
  const said = chip.said.slice(0, chip.said.indexOf(again));
  expect(said).toMatch(/restart 9: unreachable in function \d+ \+ 0x/);
  const { text } = explainLog(said.replaceAll("\r", ""), (await linesOf(report))!);
  expect(text).toMatch(
    /appl: registers( [0-9a-f]{1,8}){16}, return to [0-9a-f]+\n {2}at .*\nappl: trap 0 at [0-9a-f]+ address 0; it fails again and again; stopped\n {2}at backends\/esp32\/drivers\/loop\/index\/run \(.* for stdlib\/slip\/index\.ts:7\), module std\/slip\n$/,
  );
  chip.until("restart 9: unreachable", said.length);
});

test("a program that has used up its stack is started anew, and nothing below it was written", async () => {
  const { image: failing } = await builtSlip("chip", false, "qemu.esp32", "deep");
  const chip = started(new Uint8Array(failing));
  chip.until("restart 3");
  expect(chip.said).toMatch(
    /restart 1: stack used up in function \d+ \+ 0x[\s\S]*restart 2: stack used up in/,
  );
});

describe("a chip", () => {
  test("starts it, with the chip's own address, and is asked over the network", () => {
    const chip = started(image);
    chip.until(UP);
    const mac = Uint8Array.of(0x24, 0x0a, 0xc4, 1, 2, 6);
    const sent = (bytes: readonly number[]) =>
      chip.sent.some((frame) => Buffer.from(frame).includes(Buffer.from(bytes)));
    chip.receive(arpRequest());
    chip.run(200_000);
    expect(sent([0, 2, ...mac, 10, 0, 2, 15])).toBe(true);
    chip.receive(datagram(mac, 53, message(wireName("www.example.com."), 1, {})));
    chip.run(300_000);
    expect(sent([192, 0, 2, 80])).toBe(true);
    expect(chip.said).not.toContain("restart");
  });

  test("believes nothing that the network device says of a frame's length, or of a damaged one", () => {
    const chip = started(image);
    chip.until(UP);
    const lengths = [0, 1, 4, 17, 18, 1989, 2047, 2048, 0x7fff, 0xffff];
    const words = [
      ...lengths.map((length) => length << 16),
      ...[1, 2, 8, 0x40, 0x7f].map((error) => (64 << 16) | error),
    ];
    // Twice round the ring.
    for (const word of [...words, ...words, ...words]) {
      chip.claim(word >>> 0);
      chip.run(20_000);
    }
    const before = chip.sent.length;
    chip.receive(arpRequest());
    chip.run(200_000);
    const answer = Buffer.from([0, 2, 0x24, 0x0a, 0xc4, 1, 2, 6, 10, 0, 2, 15]);
    expect(chip.sent.slice(before).some((sent) => Buffer.from(sent).includes(answer))).toBe(true);
    expect(chip.said).not.toMatch(/restart|trap|fault/);
  });

  test("starts the slot that otadata means, wherever it lies", () => {
    expectBothSlots(image, FLASH, UP, started);
  });

  test("does not start what is damaged, wherever a bit has turned", () => {
    expectRefused(image, started);
  });

  test("the ROM does not start a damaged loader", () => {
    const damaged = image.slice();
    damaged[loaders.esp32 + 100]! ^= 2;
    expect(() => started(damaged)).toThrow("csum err");
  });
});
