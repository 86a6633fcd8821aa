/** What becomes a table is made again to the last byte, by the code that images have for it. */
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { type AsInstance, loadAs } from "#tools/load-as";
import { type Blocks, takeProgressions } from "./progressions.ts";

/** Where the tests' memory begins, behind what the program has itself, and how large it is. */
const BASE = 65_536;
const SIZE = 65_536;

let as: AsInstance;

beforeAll(async () => {
  const source = readFileSync("stdlib/core/expand.ts", "utf8").replace("let table", "export let table");
  as = await loadAs({ entry: "stdlib/core/test-expand.ts", files: { "stdlib/core/test-expand.ts": source } });
  as.memory.grow(4);
});

/** Writes these words, takes what can be made again, makes it; gives how many bytes were left and how long the table was. */
function tried(content: readonly number[], blocks: Blocks): { left: number; table: number } {
  const end = BASE + content.length * 4;
  const words = new Uint32Array(as.memory.buffer);
  words.fill(0, BASE / 4, (BASE + 2 * SIZE) / 4);
  words.set(content, BASE / 4);
  const before = words.slice(BASE / 4, end / 4);
  const table = takeProgressions(words, blocks, end);
  const left = words.subarray(BASE / 4, end / 4).reduce((sum, word) => sum + (word === 0 ? 0 : 4), 0);
  words.set(table, end / 4);
  as.exports["table"].value = table.length === 0 ? 0 : end;
  as.exports["expand"]();
  expect(words.slice(BASE / 4, end / 4)).toEqual(before);
  return { left, table: table.byteLength };
}

/** `count` things of these blocks, each word by so much more than in the thing before. */
function pool(count: number, sizes: readonly number[], by: (place: number) => number) {
  const words: number[] = [];
  const blocks: Blocks = { at: [], size: [] };
  for (let n = 0; n < count; n++)
    for (const size of sizes) {
      blocks.at.push(BASE + words.length * 4);
      blocks.size.push(size * 4 - 4);
      for (let place = 0; place < size; place++) words.push((1000 + place + n * by(place)) >>> 0);
    }
  return { words, blocks };
}

test("of a pool of things that point to one another one thing and a row for each pointer are left", () => {
  const { words, blocks } = pool(1000, [16, 8, 40], (place) => (place % 8 === 5 ? 256 : 0));
  expect(tried(words, blocks)).toEqual({ left: 64 * 4, table: 16 + 8 * 8 + 4 });
});

test("numbers in a row within one block are two of them", () => {
  const numbers = Array.from({ length: 5000 }, (_, n) => (2 * n + 1) * 65_536 + 2 * n);
  const blocks = { at: [BASE], size: [numbers.length * 4 + 4] };
  expect(tried([17, ...numbers], blocks).left).toBe(8);
});

test("a few things, or things that differ, stay as they are", () => {
  const few = pool(5, [64], () => 0);
  expect(tried(few.words, few.blocks)).toEqual({ left: 5 * 64 * 4, table: 0 });
  const other = pool(50, [64], () => 0);
  const different = other.words.map((word, n) => word * (n * n + 7));
  expect(tried(different, other.blocks).table).toBe(0);
});

test("whatever is in memory is made again", () => {
  const part = fc.record({
    count: fc.integer({ min: 1, max: 40 }),
    sizes: fc.array(fc.integer({ min: 4, max: 24 }), { minLength: 1, maxLength: 4 }),
    steps: fc.array(fc.constantFrom(0, 0, 0, 4, 64, 0x10001, 0xffffffff), { minLength: 1, maxLength: 7 }),
    damage: fc.option(fc.nat(500)),
  });
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 5 }), (parts) => {
      const words: number[] = [];
      const blocks: Blocks = { at: [], size: [] };
      for (const { count, sizes, steps, damage } of parts) {
        const made = pool(count, sizes, (place) => steps[place % steps.length]!);
        if (damage !== null) made.words[damage % made.words.length]! += 12_345;
        blocks.at.push(...made.blocks.at.map((at) => at + words.length * 4));
        blocks.size.push(...made.blocks.size);
        words.push(...made.words.map((word) => word >>> 0));
      }
      if (words.length * 4 < SIZE) tried(words, blocks);
    }),
    { numRuns: 300 },
  );
});
