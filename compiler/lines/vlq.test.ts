import fc from "fast-check";
import { expect, test } from "vitest";
import { decodeVlq, encodeVlq } from "./vlq.ts";

test("numbers are written as in ECMA-426", () => {
  for (const [number, text] of [
    [0, "A"],
    [1, "C"],
    [-1, "D"],
    [15, "e"],
    [16, "gB"],
    [-16, "hB"],
    [511, "+f"],
  ] as const) {
    expect(encodeVlq([number])).toBe(text);
    expect(decodeVlq(text)).toEqual([number]);
  }
});

test("what is written is what is read", () => {
  const numbers = fc.array(fc.integer({ min: -(2 ** 50), max: 2 ** 50 }));
  fc.assert(
    fc.property(numbers, (list) => {
      expect(decodeVlq(encodeVlq(list))).toEqual(list);
    }),
  );
});

test("other texts are refused", () => {
  for (const text of ["g", "=", "A ", "ä", "/".repeat(12)]) expect(() => decodeVlq(text)).toThrow();
});

test("any text is numbers or refused", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      try {
        expect(decodeVlq(text).every((number) => Number.isInteger(number))).toBe(true);
      } catch (error) {
        expect((error as Error).message).toMatch(/^not a list of numbers$|^a number has no end$/);
      }
    }),
  );
});
