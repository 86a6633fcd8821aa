/** `appl flash` and `appl monitor`, over a pseudo-terminal, with a model of the chip's loader at its other side. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { loaders, otaEntry, places, slotSize } from "../backends/esp32/image/format.ts";
import { Chip } from "../backends/esp32/test-chip.ts";
import { type TestPort, testPort } from "../cli/flash/test-port.ts";
import { carryOut, RomModel, type RomOptions } from "../cli/flash/test-rom.ts";
import { imageOf, temporaryFolder } from "./appliance.ts";
import { applBeside, requireBundle, startAppl } from "./cli-process.ts";
import { appl, type Ran } from "./command.ts";
import { smallDns } from "./small-dns.ts";

const description = (address: string) =>
  smallDns({ address, targets: { chip: "qemu.esp32", c3: "qemu.esp32c3" } });
const FLASH = 4 << 20;
const folder = temporaryFolder();
const at = (name: string) => join(folder, name);
const described = at("small.appl");
const file = at("small.bin");
let image: Uint8Array;

beforeAll(async () => {
  requireBundle();
  writeFileSync(described, description("192.0.2.80"));
  image = await imageOf(described, "chip");
  writeFileSync(file, image);
});

interface Flashed extends Ran {
  readonly rom: RomModel;
}

/** What the command does with a chip of this kind. */
async function flashed(
  args: readonly string[],
  rom: RomModel,
  prepare: (port: TestPort) => void = () => undefined,
): Promise<Flashed> {
  const port = await testPort((bytes) => rom.receive(bytes));
  prepare(port);
  try {
    return { ...(await applBeside(["flash", ...args, "--port", port.path])), rom };
  } finally {
    port.unplug();
  }
}

const onChip = (options: RomOptions, args: readonly string[] = [file]) =>
  flashed(args, new RomModel(options));

interface FlashJson {
  readonly parts: readonly { readonly name: string; readonly written: boolean }[];
}

describe("flash", () => {
  test("builds a description, writes it, and compares what was written", async () => {
    const { code, stdout, stderr, rom } = await flashed([`${described}@chip`], new RomModel());
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(
      /^ESP32 24:0a:c4:01:02:03 on .*ttyTest, 4MiB of flash memory: wrote \d+KiB \(ota_0, otadata, partition table, loader\) and compared them; it is running\n$/,
    );
    expect(Buffer.compare(rom.flash.subarray(0, image.length), image)).toBe(0);
    expect(rom.flash.subarray(image.length).every((byte) => byte === 0xff)).toBe(true);
  });

  test("writes what has changed only", async () => {
    const rom = new RomModel();
    rom.flash.set(image);
    const again = await flashed([file], rom);
    expect(again.stdout).toMatch(/: all of it was there already\n$/);
    expect(rom.work).toEqual([]);
    rom.flash[places.slots + 5000]! ^= 1;
    const { stdout } = await flashed([file, "--json"], rom);
    const { parts } = JSON.parse(stdout) as FlashJson;
    expect(parts.filter(({ written }) => written).map(({ name }) => name)).toEqual(["ota_0"]);
    expect(Buffer.compare(rom.flash.subarray(0, image.length), image)).toBe(0);
  });

  test("--erase leaves nothing of what was there", async () => {
    const rom = new RomModel();
    rom.flash.fill(0x5a);
    const { code } = await flashed([file, "--erase"], rom);
    expect(code).toBe(0);
    expect(Buffer.compare(rom.flash.subarray(0, image.length), image)).toBe(0);
    expect(rom.flash.subarray(image.length).every((byte) => byte === 0xff)).toBe(true);
  });

  test.each<[string, RomOptions, RegExp]>([
    [
      "another chip",
      { chip: "ESP32-C3" },
      /is for an ESP32, and on .* is an ESP32-C3\n {2}choose the target/,
    ],
    ["less flash memory", { flash: 2 << 20 }, /is for 4MiB of flash memory, and the ESP32 on .* has 2MiB\n/],
    [
      "a flash chip that does not answer",
      { flashId: 0xffffff },
      /says that it is ffffff, from which its size/,
    ],
    ["nobody", { silent: true }, /no chip answers on .*\n {2}if the board has no automatic reset: hold BOOT/],
    [
      "a worn out flash chip",
      // Where ESP-IDF's description begins: with no byte that is as erased.
      { broken: places.slots + 32 },
      /the flash memory does not have ota_0 as it was/,
    ],
  ])("says that there is %s", async (_, options, says) => {
    const { code, stdout, stderr, rom } = await onChip(options);
    expect(stderr).toMatch(says);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    if (options.broken === undefined) expect(rom.work).toEqual([]);
  });

  test("writes an ESP32-C3, and nothing of it onto an ESP32", async () => {
    const c3 = await imageOf(described, "c3");
    writeFileSync(at("c3.bin"), c3);
    const { code, stdout, rom } = await onChip({ chip: "ESP32-C3" }, [at("c3.bin")]);
    expect(stdout).toMatch(
      /^ESP32-C3 .*: wrote \d+KiB \(ota_0, otadata, partition table, loader\) and compared them; it is running\n$/,
    );
    expect(code).toBe(0);
    expect(Buffer.compare(rom.flash.subarray(0, c3.length), c3)).toBe(0);
    const other = await onChip({}, [at("c3.bin")]);
    expect(other.stderr).toMatch(/is for an ESP32-C3, and on .* is an ESP32\n {2}choose the target/);
    expect(other.rom.work).toEqual([]);
  });

  test("refuses a file that has more than its flash memory", async () => {
    const large = new Uint8Array(FLASH + 4096).fill(0x55);
    large.set(image);
    // The table says that the first slot has it all.
    new DataView(large.buffer).setUint32(places.table + 2 * 32 + 8, FLASH, true);
    writeFileSync(at("large.bin"), large);
    const { code, stderr, rom } = await onChip({}, [at("large.bin")]);
    expect(stderr).toMatch(/the image has \d+ bytes, and is for a flash memory of 4MiB\n {2}it was changed/);
    expect(code).toBe(1);
    expect(rom.work).toEqual([]);
  });

  test("values are written where images leave them alone", async () => {
    const [slots, other] = [at("values.txt"), at("other.txt")];
    writeFileSync(slots, "# rack 4\n");
    writeFileSync(other, "# rack 5\n");
    const rom = new RomModel();
    const first = await flashed([file, "--slots", slots], rom);
    expect(first.stdout).toContain("KiB (values, ota_0, otadata, partition table, loader) and compared");
    const values = () =>
      Buffer.from(rom.flash.subarray(places.values, places.values + 24)).toString("latin1");
    expect(values().slice(0, 16)).toBe("appv\n\0\0\0# rack 4");
    // Without values they stay.
    expect((await flashed([file], rom)).stdout).toContain("all of it was there already");
    expect(values()).toContain("# rack 4");
    expect((await flashed([file, "--slots", other], rom)).stdout).toContain("KiB (values) and compared");
    expect(values()).toContain("# rack 5");
    await flashed([file, "--erase"], rom);
    expect(values()).not.toContain("# rack");
  });

  test("values that have no room, or whose slot nobody knows, are refused before anything is written", async () => {
    const large = at("values-large.txt");
    writeFileSync(large, "#".repeat(8192));
    for (const [args, says] of [
      [[file, "--slots", large], /the values have 8193 bytes, and there is room for 8180/],
      [[file, "--slots", at("nowhere")], /cannot read `.*nowhere`: /],
      [[file, "--secret", `key=${large}`], /--secret wants a description\n {2}an image is given/],
      [[`${described}@chip`, "--secret", `key=${large}`], /no machine wants a value for `key`/],
    ] as const) {
      const { code, stderr, rom } = await flashed(args, new RomModel());
      expect(stderr).toMatch(says);
      expect(code).not.toBe(0);
      expect(rom.work).toEqual([]);
    }
  });

  test("the device is unplugged in the middle", async () => {
    const rom = new RomModel();
    const { code, stdout, stderr } = await flashed([file], rom, (port) => {
      rom.beforeBlock = () => rom.work.length > 30 && port.unplug();
    });
    expect(stderr).toMatch(/^appl: the device on .* is gone\n {2}it was unplugged or lost its power: /);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  });

  test("what goes wrong before there is a chip", async () => {
    const nothing = await applBeside(["flash", file, "--port", at("nowhere")]);
    expect(nothing).toMatchObject({ code: 1, stderr: expect.stringMatching(/there is no port `.*nowhere`/) });
    const text = await applBeside(["flash", file, "--port", described]);
    expect(text.stderr).toMatch(/small\.appl` cannot be opened as a serial port/);
    const virtual = await appl("flash", "examples/ns1/ns1.appl@esp32");
    expect(virtual.stderr).toMatch(/is not for the flash memory of a chip\n {2}its target has to be a board/);
    const slow = await appl("flash", file, "--baud", "300");
    expect(slow).toMatchObject({ code: 2, stderr: expect.stringMatching(/--baud wants a number/) });
  });
});

describe("a cut in the middle of writing", () => {
  /** What a chip does with this flash memory: which slot it starts, or that it does not. */
  function outcome(flash: Uint8Array): string {
    const chip = new Chip(flash, FLASH);
    try {
      chip.boot();
      while (!chip.runsApplication) chip.run(1000);
      return chip.said.includes("damaged image in slot 0") ? "the other slot" : "started";
    } catch (error) {
      const { message } = error as Error;
      return /invalid header|invalid segment|csum err/.test(message) || chip.said.endsWith("stopped\r\n")
        ? "refused"
        : message;
    }
  }

  interface Cut {
    /** The sector, or the block in it, that was being worked on. */
    readonly at: number;
    readonly what: string;
  }

  /** The image is written over this, and its power fails once while each sector is erased, and once while it is written. */
  async function outcomes(before: Uint8Array): Promise<Cut[]> {
    const rom = new RomModel();
    rom.flash.set(before);
    const { code } = await flashed([file], rom);
    expect(code).toBe(0);
    const flash = before.slice();
    const found: Cut[] = [];
    const cut = new Set<number>();
    for (const work of rom.work) {
      // A sector that was being erased, or a block that was being written, is there half.
      const { bytes, offset } = work;
      const sector = offset & ~4095;
      if (bytes === undefined || !cut.has(sector)) {
        const half = flash.slice();
        if (bytes === undefined) half.fill(0xff, offset, offset + 2048);
        else carryOut(half, { offset, bytes: bytes.subarray(0, 512) });
        found.push({ at: offset, what: outcome(half) });
        if (bytes !== undefined) cut.add(sector);
      }
      carryOut(flash, work);
    }
    const chip = new Chip(flash, FLASH);
    chip.boot();
    chip.until("eth0: 10.0.2.15");
    expect(chip.said).not.toContain("damaged");
    // All sectors of the application at least, each erased and written.
    const sectors = Math.ceil((image.length - places.slots) / 4096);
    expect(found.length).toBeGreaterThanOrEqual(2 * sectors);
    return found;
  }

  /** Two slots, both with another application than that which is written, and otadata that means the second one. */
  async function twoSlots(): Promise<Uint8Array> {
    writeFileSync(at("old.appl"), description("192.0.2.81"));
    const old = await imageOf(at("old.appl"), "chip");
    const before = new Uint8Array(FLASH).fill(0xff);
    before.set(old);
    before.set(old.subarray(places.slots), places.slots + slotSize(FLASH));
    before.set(otaEntry(2), places.otadata + 4096);
    return before;
  }

  test("starts nothing on a chip that was empty", async () => {
    const found = await outcomes(new Uint8Array(FLASH).fill(0xff));
    expect(found.filter(({ what }) => what !== "refused")).toEqual([]);
  });

  test("leaves a slot that starts on a chip that has two", async () => {
    const found = await outcomes(await twoSlots());
    expect(found.filter(({ what }) => what !== "started" && what !== "the other slot")).toEqual([]);
  });

  test("while another loader is replaced, and only then, leaves a chip that starts nothing", async () => {
    const before = await twoSlots();
    // A version of it with another text, and the checksum that it has then.
    const text = Buffer.from(before.buffer).indexOf("whole", loaders.esp32);
    before[text]! ^= 0x20;
    before[checksumAt(before, loaders.esp32)]! ^= 0x20;
    expect(outcome(before)).toBe("started");
    const found = await outcomes(before);
    const loader = found.filter(({ at: offset }) => offset < places.table);
    expect(loader.length).toBeGreaterThanOrEqual(2);
    expect(loader.filter(({ what }) => what !== "refused")).toEqual([]);
    const others = found.filter(({ at: offset }) => offset >= places.table);
    expect(others.filter(({ what }) => what !== "started" && what !== "the other slot")).toEqual([]);
  });
});

/** Where the checksum of the image of segments is that begins here. */
function checksumAt(bytes: Uint8Array, place: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  let end = place + 24;
  for (let n = bytes[place + 1]!; n > 0; n--) end += 8 + view.getUint32(end + 4, true);
  return place + ((end - place) | 15);
}

describe("monitor", () => {
  test("shows the console, says where a trap was, and ends with Ctrl-C", async () => {
    const port = await testPort(() => new Uint8Array(0));
    const running = startAppl(["monitor", file, "--port", port.path, "--reset"]);
    await running.waitFor(/Ctrl-C or Ctrl-\] ends it/);
    port.send("eth0: 10.0.2.15\r\ntrap: unreachable in function 3 + 0x8\r\nand on\r\n");
    await running.waitFor(/and on/);
    const { code, stdout } = await running.end("SIGINT");
    port.unplug();
    expect(code).toBe(0);
    expect(stdout).toMatch(/eth0: 10\.0\.2\.15\r\ntrap: .*0x8\r?\n {2}.*\.ts:\d+/);
  });

  test("says that the device is gone", async () => {
    const port = await testPort(() => new Uint8Array(0));
    const running = startAppl(["monitor", "--port", port.path]);
    await running.waitFor(/ends it/);
    port.unplug();
    const { code, stderr } = await running.ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(/appl: the device on .* is gone\n/);
  });

  test("follows `appl flash --monitor`", async () => {
    const rom = new RomModel();
    rom.flash.set(image);
    const port = await testPort((bytes) => rom.receive(bytes));
    const running = startAppl(["flash", file, "--port", port.path, "--monitor"]);
    await running.waitFor(/Ctrl-C or Ctrl-\] ends it/);
    port.send("eth0: up\r\n");
    await running.waitFor(/eth0: up/);
    const { code, stderr } = await running.end("SIGTERM");
    port.unplug();
    expect(code).toBe(0);
    expect(stderr).toContain("all of it was there already");
  });

  test("wants an image of ours", async () => {
    const { code, stderr } = await appl("monitor", "package.json", "--port", at("nowhere"));
    expect(code).toBe(1);
    expect(stderr).toMatch(/no image made by appl/);
  });
});
