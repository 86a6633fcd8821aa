/** Slots as a machine fills them, from texts that nobody has looked at. */
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { type AsInstance, loadAs } from "#tools/load-as";

const program = `
import { Bytes } from "../bytes";
import { AddressSlot } from "./address";
import { Condition, Pattern } from "./conditions";
import { start as fill } from "./index";
import { NumberSlot, Term } from "./number";
import { slots } from "./registry";
import { Declared } from "./slot";
import { BytesSlot, TextSlot } from "./text";
const none: Condition[] = [];
const noPatterns: Pattern[] = [];
const noTerms: Term[] = [];
function declared(name: string, secret: bool): Declared { return new Declared(name, name, secret, "what it wants", none, noPatterns); }
const between = new Declared("small", "small", false, "1..99", [new Condition([1, 0, 1, 8, 1, 0, 99, 6, 9])], noPatterns);
const text = new TextSlot(declared("text", false), 20, false);
const name = new TextSlot(declared("name", false), 20, true);
const key = new BytesSlot(declared("key", true), 20);
const int = new NumberSlot(declared("int", false), noTerms, noTerms, false);
const small = new NumberSlot(between, noTerms, noTerms, false);
const time = new NumberSlot(declared("time", false), noTerms, [new Term("ms", 1000000), new Term("s", 1000000000), new Term("min", 60000000000)], false);
const level = new NumberSlot(declared("level", false), [new Term("low", 0), new Term("high", 1)], noTerms, false);
const mac = new NumberSlot(declared("mac", false), noTerms, noTerms, true);
const ip = new AddressSlot(declared("ip", false), 0, 0);
const prefix = new AddressSlot(declared("prefix", false), 0, 1);
const network = new AddressSlot(declared("network", false), 0, 2);
const socket = new AddressSlot(declared("socket", false), 0, 3);
const memory = new StaticArray<u8>(1024);
const given = new Bytes(memory, 0, 1024);
const part = new Bytes(memory, 0, 0);
export function place(): usize { return given.pointer(0, 1024); }
export function takeText(length: u32): i32 { part.window(given, 0, length); return text.take(part) ? <i32>text.bytes.length : -1; }
export function takeName(length: u32): i32 { part.window(given, 0, length); return name.take(part) ? <i32>name.bytes.length : -1; }
export function nameAt(at: u32): u32 { return name.bytes.u8(at); }
export function takeKey(length: u32): i32 { part.window(given, 0, length); return key.take(part) ? <i32>key.bytes.length : -1; }
export function keyAt(at: u32): u32 { return key.bytes.u8(at); }
export function takeNumber(which: i32, length: u32): bool {
  part.window(given, 0, length);
  const slot = which == 0 ? int : which == 1 ? small : which == 2 ? time : which == 3 ? level : mac;
  number = 0;
  if (!slot.take(part)) return false;
  number = slot.value;
  return true;
}
export let number: i64 = 0;
export function takeAddress(which: i32, length: u32): bool {
  part.window(given, 0, length);
  taken = which == 0 ? ip : which == 1 ? prefix : which == 2 ? network : socket;
  return taken.take(part);
}
let taken: AddressSlot = ip;
export function family(): u32 { return taken.family; }
export function high(): u64 { return taken.high; }
export function low(): u64 { return taken.low; }
export function behind(): u32 { return taken.length + taken.port; }
export function begin(): void {
  slots.length = 0;
  slots.push(text); slots.push(key); slots.push(int);
  text.has = true; key.has = false; int.has = false;
}
export function start(): void { fill(); }
`;

const given = `
import { Bytes } from "../bytes";
export declare function texts(): i32;
export declare function form(n: i32): i32;
export declare function size(n: i32): u32;
export declare function copy(n: i32, to: usize): void;
export declare function refuse(): void;
export function read(n: i32, to: Bytes): void { copy(n, to.pointer(0, to.length)); }
export function place(_n: i32): string { return "here"; }
export function how(): string { return "told"; }
`;

const log = `
export declare function write(byte: u32): void;
export function text(value: string): void { for (let n = 0; n < value.length; n++) write(<u32>value.charCodeAt(n)); }
export function number(value: u64): void { text(value.toString()); }
export function character(code: u32): void { write(code); }
export function end(): void { write(10); }
`;

const [WORDS, LINES, VALUE] = [0, 1, 2] as const;
let as: AsInstance;
let texts: { readonly form: number; readonly bytes: Uint8Array }[] = [];
let said = "";
let refused = false;

beforeAll(async () => {
  as = await loadAs(
    {
      entry: "stdlib/core/slots/test-slots.ts",
      files: {
        "stdlib/core/slots/test-slots.ts": program,
        "stdlib/core/slots/test-given.ts": given,
        "stdlib/core/slots/test-log.ts": log,
      },
      needs: {
        "stdlib/core/slots": { given: "stdlib/core/slots/test-given", log: "stdlib/core/slots/test-log" },
      },
    },
    {
      "test-given": {
        texts: () => texts.length,
        form: (n: number) => texts[n]!.form,
        size: (n: number) => texts[n]!.bytes.length,
        copy: (n: number, to: number) => as.view(to, texts[n]!.bytes.length).set(texts[n]!.bytes),
        refuse: () => {
          refused = true;
        },
      },
      "test-log": {
        write: (byte: number) => {
          said += String.fromCharCode(byte);
        },
      },
    },
  );
});

/** Gives the text to an export that takes its length last. */
function take(name: string, text: string | Uint8Array, ...before: number[]): number {
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  as.view(as.exports["place"](), 1024).set(bytes);
  return Number(as.exports[name](...before, bytes.length));
}

const encode = (text: string) => new TextEncoder().encode(text);

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
  if (value !== undefined) expect(as.exports["number"].value).toBe(value);
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
  if (value !== undefined) expect(as.exports["number"].value).toBe(value);
});

test("words are those of the type, hardware addresses have six parts", () => {
  expect(take("takeNumber", "high", 3)).toBe(1);
  for (const text of ["", "High", "higher", "hig"]) expect(take("takeNumber", text, 3), text).toBe(0);
  expect(take("takeNumber", "00:1b:a9:12:34:5F", 4)).toBe(1);
  expect(as.exports["number"].value).toBe(0x001ba912345fn);
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
  const { family, high, low, behind } = as.exports;
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
      const first = [as.exports["high"](), as.exports["low"]()];
      expect(take("takeAddress", host, 0)).toBe(1);
      expect([as.exports["high"](), as.exports["low"]()]).toEqual(first);
    }),
  );
});

test("bytes come back from base64 and hexadecimal", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 20 }), (bytes) => {
      const buffer = Buffer.from(bytes);
      for (const text of [buffer.toString("base64"), `hex:${buffer.toString("hex")}`]) {
        expect(take("takeKey", text)).toBe(bytes.length);
        expect(Array.from(bytes, (_, n) => as.exports["keyAt"](n))).toEqual([...bytes]);
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
  expect(String.fromCharCode(...Array.from({ length: 11 }, (_, n) => as.exports["nameAt"](n)))).toBe(
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

// ------------------------------------------------------------------------------------------------ filling

function filled(...all: (readonly [form: number, text: string | Uint8Array])[]): string[] {
  texts = all.map(([form, text]) => ({ form, bytes: typeof text === "string" ? encode(text) : text }));
  said = "";
  refused = false;
  as.exports["begin"]();
  as.exports["start"]();
  expect(refused).toBe(said !== "");
  return said.trimEnd().split("\n");
}

const good = "key=AAAA\nint=5\n";

test.each([
  ["lines", [[LINES, `# all of them\n\n  text = two words \r\n${good}`]]],
  ["quotes", [[LINES, `text="a \\" and \\n \\\\"\n${good}`]]],
  [
    "words among others",
    [[WORDS, 'console=ttyS0 appl.key=AAAA appl.quiet appl.int=5 appl.text="two words"']],
  ],
  [
    "files",
    [
      [VALUE, "key=AAAA\n"],
      [VALUE, "int=5\r\n"],
    ],
  ],
  [
    "several places",
    [
      [WORDS, "appl.int=5"],
      [LINES, "key=AAAA"],
      [VALUE, "text=a=b"],
    ],
  ],
] as const)("%s are read", (_, all) => {
  expect(filled(...all)).toEqual([""]);
});

test.each([
  ["what is missing", [[LINES, "int=5"]], ["boot: `key` is missing; it wants what it wants"]],
  [
    "what is refused, but no secret",
    [[LINES, "key=hunter2\nint=five"]],
    [
      "boot: `key` is wrong here",
      "boot: `key` wants what it wants",
      "boot: `int` cannot be `five` here",
      "boot: `int` wants what it wants",
    ],
  ],
  [
    "a slot that there is not",
    [[WORDS, "appl.key=AAAA appl.int=5 appl.txt=x"]],
    ["boot: there is no slot `txt` here; this image has text, key, int"],
  ],
  [
    "one that is given twice",
    [
      [LINES, good],
      [WORDS, "appl.int=6"],
    ],
    ["boot: `int` is given twice, the second time here"],
  ],
  [
    "a line without a value",
    [[LINES, `${good}text`]],
    ["boot: `text` cannot be `` here", "boot: `text` wants what it wants"],
  ],
  [
    "quotes that do not end",
    [[LINES, `${good}text="x`]],
    ["boot: `text` cannot be `x` here", "boot: `text` wants what it wants"],
  ],
  [
    "something behind quotes",
    [[LINES, `${good}text="x"y`]],
    ["boot: `text` cannot be `x` here", "boot: `text` wants what it wants"],
  ],
  [
    "a text that is too long",
    [
      [LINES, good],
      [LINES, "x".repeat(65_537)],
    ],
    ["boot: what is here is longer than 65536 bytes"],
  ],
] as const)("%s is named, and the machine ends", (_, all, lines) => {
  expect(filled(...all)).toEqual([...lines, "boot: give values as told"]);
});

test("what is said is bounded, whatever is given", () => {
  const lines = filled([LINES, `${good}${"unknown=1\n".repeat(500)}`]);
  expect(lines.length).toBe(21);
});

test("whatever bytes come, they are read within their bounds, and no byte of a key is shown", () => {
  const piece = fc.oneof(
    fc.constantFrom(
      "appl.",
      "key=",
      "int=",
      "text=",
      '"',
      "\\",
      "\n",
      " ",
      "=",
      "#",
      "appl.key=",
      "SECRETSECRET",
    ),
    fc.string({ unit: "binary", maxLength: 6 }),
  );
  const text = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(""));
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom(WORDS, LINES, VALUE), text), { maxLength: 4 }), (all) => {
      filled(...all);
      const keyOnly = all.every(([form, each]) => form === VALUE && each.startsWith("key="));
      if (keyOnly) expect(said).not.toContain("SECRETSECRET");
    }),
    { numRuns: 500 },
  );
  fc.assert(
    fc.property(
      fc.constantFrom(WORDS, LINES, VALUE),
      fc.uint8Array({ maxLength: 200 }),
      (form, bytes) => void filled([form, bytes]),
    ),
    {
      numRuns: 500,
    },
  );
});
