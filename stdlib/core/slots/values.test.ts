/** Values of slots, read from texts that nobody has looked at. */
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { encode, type SlotsMachine, slotsMachine } from "#tools/slots-machine";

let machine: SlotsMachine;
beforeAll(async () => {
  machine = await slotsMachine();
});

const take: SlotsMachine["take"] = (...given) => machine.take(...given);

test.each([
  ["42", 42n],
  ["-7", -7n],
  ["65_536", 65_536n],
  ["0x44", 68n],
  ["9223372036854775807", 9223372036854775807n],
  ["9223372036854775808", undefined],
  ["", undefined],
  ["-", undefined],
  ["_1", undefined],
  ["1_", undefined],
  ["1__0", undefined],
  ["0x", undefined],
  ["1.5", undefined],
  ["12 ", undefined],
  ["abc", undefined],
])("the whole number %j", (text, value) => {
  expect(take("takeNumber", text, 0)).toBe(value === undefined ? 0 : 1);
  if (value !== undefined) expect(machine.exports["number"].value).toBe(value);
});

test("ranges are kept", () => {
  for (const [text, good] of [
    ["1", 1],
    ["99", 1],
    ["0", 0],
    ["100", 0],
    ["-1", 0],
  ] as const)
    expect(take("takeNumber", text, 1), text).toBe(good);
});

test.each([
  ["250ms", 250_000_000n],
  ["1min30s", 90_000_000_000n],
  ["0s", 0n],
  ["5", undefined],
  ["s", undefined],
  ["5x", undefined],
  ["1s5", undefined],
  ["9223372036854775807min", undefined],
])("the time %j", (text, value) => {
  expect(take("takeNumber", text, 2)).toBe(value === undefined ? 0 : 1);
  if (value !== undefined) expect(machine.exports["number"].value).toBe(value);
});

test("words are those of the type, hardware addresses have six parts", () => {
  expect(take("takeNumber", "high", 3)).toBe(1);
  for (const text of ["", "High", "higher", "hig"]) expect(take("takeNumber", text, 3), text).toBe(0);
  expect(take("takeNumber", "00:1b:a9:12:34:5F", 4)).toBe(1);
  expect(machine.exports["number"].value).toBe(0x001ba912345fn);
  for (const text of [
    "00:1b:a9:12:34",
    "00-1b-a9-12-34-56",
    "00:1b:a9:12:34:5g",
    "00:1b:a9:12:34:567",
    "@0:1b:a9:12:34:56",
  ])
    expect(take("takeNumber", text, 4), text).toBe(0);
});

test.each([
  [0, "192.0.2.1", [4, 0n, 0xc0000201n, 0]],
  [0, "2001:db8::1", [6, 0x20010db8_00000000n, 1n, 0]],
  [0, "::", [6, 0n, 0n, 0]],
  [0, "1::", [6, 0x1_0000_0000_0000n, 0n, 0]],
  [0, "::ffff:192.0.2.1", [6, 0n, 0xffff_c000_0201n, 0]],
  [0, "1:2:3:4:5:6:7:8", [6, 0x0001_0002_0003_0004n, 0x0005_0006_0007_0008n, 0]],
  [1, "192.0.2.1/24", [4, 0n, 0xc0000201n, 24]],
  [1, "fe80::1/64", [6, 0xfe80_0000_0000_0000n, 1n, 64]],
  [2, "192.0.2.0/24", [4, 0n, 0xc0000200n, 24]],
  [2, "0.0.0.0/0", [4, 0n, 0n, 0]],
  [2, "192.0.2.1/32", [4, 0n, 0xc0000201n, 32]],
  [2, "2001:db8::/32", [6, 0x20010db8_00000000n, 0n, 32]],
  [3, "192.0.2.1:53", [4, 0n, 0xc0000201n, 53]],
  [3, "[2001:db8::1]:514", [6, 0x20010db8_00000000n, 1n, 514]],
  [3, "*:80", [0, 0n, 0n, 80]],
])("of addresses, %i: %s", (which, text, expected) => {
  expect(take("takeAddress", text, which)).toBe(1);
  const { family, high, low, behind } = machine.exports;
  const wide = (value: bigint) => BigInt.asUintN(64, value);
  expect([family(), wide(high()), wide(low()), behind()]).toEqual(expected);
});

test.each([
  [
    0,
    [
      "",
      "192.0.2",
      "192.0.2.256",
      "192.0.02.1",
      "192.0.2.1.",
      ":",
      ":::",
      "1:",
      "1::2::3",
      "1:2:3:4:5:6:7",
      "12345::",
      "::1.2.3",
      "1:2:3:4:5:6:7:8:9",
      "192.0.2.1/24",
    ],
  ],
  [1, ["192.0.2.1", "192.0.2.1/", "192.0.2.1/33", "192.0.2.1/024", "fe80::1/129", "/24"]],
  [2, ["192.0.2.1/24", "2001:db8::1/64", "2001:db8::1/127"]],
  [
    3,
    ["192.0.2.1", "192.0.2.1:", "192.0.2.1:65536", "2001:db8::1:53", "[192.0.2.1]:53", "[2001:db8::1]", "*"],
  ],
])("what is no address of kind %i", (which, texts) => {
  for (const text of texts) expect(take("takeAddress", text, which), text).toBe(0);
});

test("addresses are those that a URL of V8 has", () => {
  fc.assert(
    fc.property(fc.ipV6(), (text) => {
      const host = new URL(`http://[${text}]/`).hostname.slice(1, -1);
      expect(take("takeAddress", text, 0)).toBe(1);
      const first = [machine.exports["high"](), machine.exports["low"]()];
      expect(take("takeAddress", host, 0)).toBe(1);
      expect([machine.exports["high"](), machine.exports["low"]()]).toEqual(first);
    }),
  );
});

test("bytes come back from base64 and hexadecimal", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 20 }), (bytes) => {
      const buffer = Buffer.from(bytes);
      for (const text of [buffer.toString("base64"), `hex:${buffer.toString("hex")}`]) {
        expect(take("takeKey", text)).toBe(bytes.length);
        expect(Array.from(bytes, (_, n) => machine.exports["keyAt"](n))).toEqual([...bytes]);
      }
    }),
  );
  for (const text of [
    "A",
    "AA",
    "AAA",
    "AB==",
    "AA=A",
    "AAA=A",
    "AA===",
    "hex:0",
    "hex:0g",
    "A A=",
    "A".repeat(28),
    `hex:${"00".repeat(21)}`,
  ])
    expect(take("takeKey", text), text).toBe(-1);
});

test("a text is UTF-8 and no longer than it may be; a name is lower case", () => {
  for (const good of ["", "x", "€", "𝄞", "x".repeat(20)])
    expect(take("takeText", good)).toBe(encode(good).length);
  for (const bad of [
    [0x80],
    [0xc0, 0x80],
    [0xc3],
    [0xe0, 0x80, 0x80],
    [0xed, 0xa0, 0x80],
    [0xf4, 0x90, 0x80, 0x80],
    [0xff],
  ])
    expect(take("takeText", Uint8Array.from(bad)), String(bad)).toBe(-1);
  expect(take("takeText", "x".repeat(21))).toBe(-1);
  expect(take("takeName", "NS1.Example")).toBe(11);
  expect(String.fromCharCode(...Array.from({ length: 11 }, (_, n) => machine.exports["nameAt"](n)))).toBe(
    "ns1.example",
  );
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 8 }), (bytes) => {
      const isText = (() => {
        try {
          new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
          return true;
        } catch {
          return false;
        }
      })();
      expect(take("takeText", bytes) >= 0).toBe(isText);
    }),
    { numRuns: 500 },
  );
});
