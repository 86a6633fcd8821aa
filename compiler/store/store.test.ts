import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Blobs, MemoryBlobs, noBlobs, type Space } from "./blobs.ts";
import { canonicalText, type Json } from "./canonical.ts";
import { pureSha256 } from "./digest.ts";
import { Store } from "./store.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

test("our digest is what Node's is", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (data) => {
      expect(pureSha256(data)).toBe(createHash("sha256").update(data).digest("hex"));
    }),
  );
});

// RFC 8785, sections 3.2.2 and 3.2.3
const canonicalForms: readonly [what: string, value: Json, text: string][] = [
  [
    "keys are sorted by code unit, also those like numbers",
    { b: 1, a: 2, 10: 3, 9: 4 },
    `{"10":3,"9":4,"a":2,"b":1}`,
  ],
  ["no blanks", [1, true, { a: ["x"] }], `[1,true,{"a":["x"]}]`],
  ["what is undefined is not there", { a: undefined, b: false }, `{"b":false}`],
  ["control characters are escaped in the short form", '\n\u0001"\\é', `"\\n\\u0001\\"\\\\é"`],
  ["strings are in normal form C", "e\u0301", `"é"`],
  ["minus zero is zero", -0, "0"],
];
for (const [what, value, text] of canonicalForms)
  test(`canonical JSON: ${what}`, () => expect(canonicalText(value)).toBe(text));

test("what has no canonical form is our mistake", () => {
  expect(() => canonicalText(1.5)).toThrow("BUG");
  expect(() => canonicalText(2 ** 53)).toThrow("BUG");
  expect(() => canonicalText({ é: 1 })).toThrow("BUG");
});

test("canonical JSON means what it was made from, in any order of keys", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.stringMatching(/^[a-z]{1,3}$/), fc.nat()), (value) => {
      const turned = Object.fromEntries(Object.entries(value).toReversed());
      expect(canonicalText(turned)).toBe(canonicalText(value));
      expect(JSON.parse(canonicalText(value))).toEqual({ ...value });
    }),
  );
});

function counting(blobs: Blobs, tool = "one") {
  const ran: string[] = [];
  const store = new Store({ blobs, tool, onRun: (action) => ran.push(action) });
  const upper = (text: string) =>
    store.action("upper", { text }, async () => ({ text: bytes(text.toUpperCase()) }));
  return { ran, store, upper };
}

test("an action is run once for the same inputs", async () => {
  const { ran, upper } = counting(new MemoryBlobs());
  const first = await upper("a");
  const second = await upper("a");
  await upper("b");
  expect(ran).toEqual(["upper", "upper"]);
  expect(second.text.digest).toBe(first.text.digest);
  expect(second.text.bytes()).toEqual(bytes("A"));
});

test("another tool shares no results", async () => {
  const blobs = new MemoryBlobs();
  await counting(blobs, "one").upper("a");
  const other = counting(blobs, "two");
  await other.upper("a");
  expect(other.ran).toEqual(["upper"]);
});

test("without a place to keep things everything is done each time", async () => {
  const { ran, upper } = counting(noBlobs);
  expect((await upper("a")).text.bytes()).toEqual(bytes("A"));
  await upper("a");
  expect(ran).toHaveLength(2);
});

/** A store whose files somebody has damaged. */
class Damaged extends MemoryBlobs {
  readonly #space: Space;
  damage: Uint8Array | undefined;

  constructor(space: Space) {
    super();
    this.#space = space;
  }

  override read(space: Space, name: string): Uint8Array | undefined {
    const found = super.read(space, name);
    return found && space === this.#space && this.damage ? this.damage : found;
  }

  override write(space: Space, name: string, data: Uint8Array): void {
    if (space === this.#space) this.damage = undefined;
    super.write(space, name, data);
  }
}

for (const space of ["object", "action"] as const)
  for (const damage of ["", "garbage", "null", `{"appl":"outputs@1"}`])
    test(`an entry of ${space} that became ${JSON.stringify(damage)} is made again`, async () => {
      const blobs = new Damaged(space);
      await counting(blobs).upper("a");
      blobs.damage = bytes(damage);
      const again = counting(blobs);
      expect((await again.upper("a")).text.bytes()).toEqual(bytes("A"));
      expect(again.ran).toEqual(["upper"]);
      const third = counting(blobs);
      await third.upper("a");
      expect(third.ran).toEqual([]);
    });

test("what is remembered comes back, and garbage is as good as nothing", () => {
  const { store } = counting(new MemoryBlobs());
  expect(store.index({ a: 1 })).toBeUndefined();
  store.remember({ a: 1 }, ["x", 2]);
  expect(store.index({ a: 1 })).toEqual(["x", 2]);
});
