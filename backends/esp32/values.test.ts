/** Values for slots in the flash memory of a chip: what starts with them, and without. */
import { beforeAll, describe, expect, test } from "vitest";
import { imageOfText } from "../../test/appliance.ts";
import { smallDns } from "../../test/small-dns.ts";
import { Chip as ChipC3 } from "../esp32c3/test-chip.ts";
import { dice } from "../xen/test-dice.ts";
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

  test.each([8181, 0x2000, 0x7fff_fffd, 0x8000_0000, 0xffff_fffd, 0xffff_ffff])(
    "looks at nothing behind them: a length of %i",
    (length) => {
      const values = valuesOf("#".repeat(8180));
      new DataView(values.buffer).setUint32(4, length, true);
      const console = said(values);
      expect(console).toContain("boot: the values in flash memory are damaged, or somebody else's");
      expect(console).toContain("`net/address` is missing");
    },
  );

  test("is not stopped by any bytes there", () => {
    const roll = dice(7);
    for (let n = 0; n < 12; n++) {
      const values = Uint8Array.from({ length: 0x2000 }, () => roll(256));
      if (n % 2 === 0) values.set(valuesOf("").subarray(0, 4));
      if (n % 4 === 0) new DataView(values.buffer).setUint32(4, roll(8180), true);
      expect(said(values)).toContain("`net/address` is missing");
    }
  });

  test("reads lines that are anything", () => {
    const roll = dice(8);
    for (let n = 0; n < 12; n++) {
      const text = String.fromCharCode(...Array.from({ length: 1 + roll(200) }, () => 1 + roll(126)));
      expect(said(valuesOf(`${n % 2 === 0 ? "net/address=" : ""}${text}`))).toContain("boot: ");
    }
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
