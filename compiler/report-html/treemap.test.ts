import fc from "fast-check";
import { expect, test } from "vitest";
import { Sheet } from "./sheet.ts";
import { type Tile, treemapOf } from "./treemap.ts";

const tile = (name: string, bytes: number, tiles?: readonly Tile[]): Tile => ({
  name,
  bytes,
  note: String(bytes),
  title: name,
  colour: "g0",
  tiles,
});

interface Rect {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** What the rules say of the tiles on a wide page, whose width is 100. */
function rects(sheet: Sheet): Map<string, Rect> {
  const wide = sheet.text.split("@media")[1]!;
  const found = new Map<string, Rect>();
  const number = "(-?[\\d.]+)";
  const rule = new RegExp(
    `^(#[^{]+)\\{left:${number}%;top:${number}px;width:${number}%;height:${number}px\\}`,
    "gm",
  );
  for (const [, ids, ...numbers] of wide.matchAll(rule)) {
    const [left, top, width, height] = numbers.map(Number) as [number, number, number, number];
    for (const id of ids!.split(",")) found.set(id.slice(1), { left, top, width, height });
  }
  return found;
}

const HEIGHT = 540;

test("areas are as large as what they stand for, within the map, and do not cover each other", () => {
  const sizes = fc.array(fc.integer({ min: 500, max: 4000 }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(sizes, (bytes) => {
      const sheet = new Sheet();
      treemapOf(
        bytes.map((each, n) => tile(`m${n}`, each)),
        "t",
        sheet,
      );
      const all = rects(sheet);
      const total = bytes.reduce((sum, each) => sum + each, 0);
      expect(all.size).toBe(bytes.length);
      for (const [n, each] of bytes.entries()) {
        const { left, top, width, height } = all.get(`t${n}`)!;
        expect(left).toBeGreaterThanOrEqual(0);
        expect(top).toBeGreaterThanOrEqual(0);
        expect(left + width).toBeLessThanOrEqual(100.02);
        expect(top + height).toBeLessThanOrEqual(HEIGHT + 0.02);
        // All but what the lines between them take.
        expect(Math.abs((width * height) / (100 * HEIGHT) - each / total)).toBeLessThan(0.02);
      }
      const list = [...all.values()];
      for (const [n, a] of list.entries())
        for (const b of list.slice(n + 1)) {
          const across = Math.min(a.left + a.width, b.left + b.width) - Math.max(a.left, b.left);
          const down = Math.min(a.top + a.height, b.top + b.height) - Math.max(a.top, b.top);
          expect(Math.min(across, down)).toBeLessThanOrEqual(0.02);
        }
    }),
    { numRuns: 50 },
  );
});

test("functions lie in their module, below its name", () => {
  const sheet = new Sheet();
  const functions = [tile("f", 600), tile("g", 400)];
  const { text } = treemapOf([tile("std/net/arp", 1000, functions), tile("data", 1000)], "t", sheet);
  expect(text).toMatch(/id="t0"[^>]*><b><span>std\/net\/<\/span>arp<\/b>.*id="t0-0".*id="t0-1".*id="t1"/s);
  const { top, left, width } = rects(sheet).get("t0-0")!;
  expect(top).toBe(20);
  expect(left + width).toBeLessThanOrEqual(100.02);
});

test("what is too small to be seen is left out", () => {
  const sheet = new Sheet();
  const { text } = treemapOf([tile("large", 1_000_000), tile("tiny", 1)], "t", sheet);
  expect(text).not.toContain("tiny");
});
