import { expect, test } from "vitest";
import { decode } from "./decode.ts";
import { MemoryFiles } from "./files.ts";
import { Sources } from "./sources.ts";
import { SourceText } from "./text.ts";

test("lines end with LF, CR LF or CR", () => {
  const text = new SourceText("t", "a\nbc\r\nd\re\n");
  expect([0, 1, 2, 3, 4, 5].map((line) => text.line(line))).toEqual(["a", "bc", "d", "e", "", ""]);
  expect([0, 1, 2, 5, 6, 8, 10].map((offset) => text.lineAt(offset))).toEqual([0, 0, 1, 1, 2, 3, 4]);
});

test("columns count characters, and a position is found again", () => {
  const text = new SourceText("t", "x = 1\nà😀b c\n");
  for (const offset of [0, 4, 5, 6, 7, 9, 10, 11, 12])
    expect(text.offset(text.position(offset))).toBe(offset);
  expect(text.position(10)).toEqual({ line: 2, column: 4 });
});

test("positions beyond the text are kept inside of it", () => {
  const text = new SourceText("t", "ab\ncd");
  expect(text.offset({ line: 1, column: 99 })).toBe(2);
  expect(text.offset({ line: 99, column: 1 })).toBe(3);
  expect(text.offset({ line: 0, column: 0 })).toBe(0);
});

test("a place that was counted elsewhere becomes a span", () => {
  const sources = new Sources(new MemoryFiles({ zone: "a\n  bcd e\n" }));
  expect(sources.spanAt("zone", { line: 2, column: 3 }, 3)).toEqual({ source: "zone", start: 4, end: 7 });
  expect(sources.spanAt("none", { line: 2, column: 3 }, 3)).toEqual({ source: "none", start: 0, end: 0 });
  expect(sources.position({ source: "zone", start: 4, end: 7 })).toEqual({ line: 2, column: 3 });
});

const bytes = (...values: number[]) => new Uint8Array(values);

test("UTF-8 is decoded without its mark", () => {
  expect(decode(bytes(0xef, 0xbb, 0xbf, 0x61, 0xc3, 0xa9))).toEqual({
    text: "aé",
    fault: undefined,
    binary: false,
  });
});

test("the first faulty sequence is found", () => {
  const fault = (...values: number[]) => decode(bytes(...values)).fault;
  expect(fault(0x61, 0xe9, 0x62)).toEqual({ offset: 1, byte: 0xe9 });
  expect(fault(0xc3, 0xa9, 0xc3)).toEqual({ offset: 1, byte: 0xc3 });
  expect(fault(0xc0, 0x80)).toEqual({ offset: 0, byte: 0xc0 });
  expect(fault(0xed, 0xa0, 0x80)).toEqual({ offset: 0, byte: 0xed });
  expect(fault(0xf0, 0x9f, 0x98, 0x80, 0xf5)).toEqual({ offset: 2, byte: 0xf5 });
  expect(fault(0xe0, 0x9f, 0x80)).toEqual({ offset: 0, byte: 0xe0 });
  expect(fault(0xf4, 0x90, 0x80, 0x80)).toEqual({ offset: 0, byte: 0xf4 });
});

test("what has zero bytes is no text", () => {
  expect(decode(bytes(0x61, 0, 0x62)).binary).toBe(true);
  expect(decode(bytes(0xff, 0xfe, 0x61, 0)).binary).toBe(true);
});
