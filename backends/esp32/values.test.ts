/** Values for slots in the flash memory of a chip: what starts with them, and without. */
import { beforeAll, describe, expect, test } from "vitest";
import { imageOfText } from "../../test/appliance.ts";
import { smallDns } from "../../test/small-dns.ts";
import { places } from "./image/format.ts";
import { readFlashImage } from "./image/read.ts";
import { mostText, valuesOf } from "./image/values.ts";
import { Chip } from "./test-chip.ts";

const description = smallDns({
  before: 'param address : IfaceAddr from boot "net/address"\n',
  targets: { chip: "qemu.esp32" },
}).replace("address = 10.0.2.15/24; gateway = 10.0.2.2", "address = given(address)");
const FLASH = 4 << 20;
const lines = "# rack 4\nnet/address = 192.0.2.54/24\n";
let image: Uint8Array;

beforeAll(async () => {
  image = new Uint8Array(await imageOfText(description, "chip"));
});

/** What it says until `text`, with this in the partition for values; without one, until it sleeps for ever. */
function said(values: Uint8Array, text?: string): string {
  const chip = new Chip(image, FLASH);
  chip.flash.set(values, places.values);
  chip.boot();
  if (text === undefined) expect(() => chip.until("nothing")).toThrow("it sleeps for ever");
  else chip.until(text);
  return chip.said;
}

describe("a chip", () => {
  test.each([
    ["short ones", lines],
    [
      "as many as there is room for",
      `${"#".repeat(mostText(places.valuesSize) - lines.length - 1)}\n${lines}`,
    ],
  ])("starts with what it was given: %s", (_, text) => {
    expect(said(valuesOf(text), "192.0.2.54 ")).not.toContain("boot:");
  });

  test("says what it wants and how it is given, if it was given nothing", () => {
    const console = said(new Uint8Array(0));
    expect(console).toMatch(/boot: `net\/address` is missing; it wants IfaceAddr: /);
    expect(console).toContain("boot: give values as lines SLOT=VALUE: appl flash --slots FILE");
  });

  test("says where a wrong value stands", () => {
    expect(said(valuesOf("net/address = 192.0.2.54/24\nanswer = 42\n"))).toContain(
      "boot: there is no slot `answer` in flash memory; this image has net/address",
    );
    expect(said(valuesOf("net/address = 192.0.2.300/24\n"))).toMatch(/boot: `net\/address` .*flash/);
  });

  test.each([
    ["whose first word is another's", 2],
    ["with a turned bit in the length", 4],
    ["with a turned bit in the text", 20],
    ["with a turned bit in the sum", 8 + Math.ceil(lines.length / 4) * 4 + 1],
  ])("does not believe values %s", (_, at) => {
    const values = valuesOf(lines);
    values[at]! ^= 0x10;
    const console = said(values);
    expect(console).toContain("boot: the values in flash memory are damaged, or somebody else's");
    expect(console).toContain("`net/address` is missing");
  });
});

test("an image says where they belong, and has none", () => {
  const { values, parts } = readFlashImage(image)!;
  expect(values).toEqual({ offset: 0x9000, size: 0x2000 });
  expect(parts.map(({ name }) => name)).not.toContain("values");
});
