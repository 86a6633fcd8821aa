/** Values for slots in the flash memory of a chip: what starts with them, and without. */
import { beforeAll, describe, expect, test } from "vitest";
import { imageOfText } from "../../test/appliance.ts";
import { smallDns } from "../../test/small-dns.ts";
import { Chip as ChipC3 } from "../esp32c3/test-chip.ts";
import { places } from "./image/format.ts";
import { readFlashImage } from "./image/read.ts";
import { mostText, valuesOf } from "./image/values.ts";
import { Chip } from "./test-chip.ts";

const description = smallDns({
  before: 'param address : IfaceAddr from boot "net/address"\n',
  targets: { esp32: "qemu.esp32", esp32c3: "qemu.esp32c3" },
}).replace("address = 10.0.2.15/24; gateway = 10.0.2.2", "address = given(address)");
const chips = { esp32: Chip, esp32c3: ChipC3 };
const lines = "# rack 4\nnet/address = 192.0.2.54/24\n";
/** A cause of a reset. */
const SOFTWARE = 3;
/** What the chip says until `text`, with this in the partition for values; without one, until it is reset. */
function saidBy(chip: Chip | ChipC3, values: Uint8Array, text?: string): string {
  chip.flash.set(values, places.values);
  chip.boot();
  if (text !== undefined) chip.until(text);
  else if (chip instanceof Chip) while (chip.resetCause !== SOFTWARE) chip.run(1000);
  else expect(() => chip.until("nothing")).toThrow("restarts");
  return chip.said;
}

describe.each(["esp32", "esp32c3"] as const)("a chip of %s", (name) => {
  let image: Uint8Array;
  beforeAll(async () => {
    image = new Uint8Array(await imageOfText(description, name));
  });
  const said = (values: Uint8Array, text?: string) => saidBy(new chips[name](image), values, text);

  test("has an image that says where they belong, and has none", () => {
    const { values, parts } = readFlashImage(image)!;
    expect(values).toEqual({ offset: 0x9000, size: 0x2000 });
    expect(parts.map((part) => part.name)).not.toContain("values");
  });

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
