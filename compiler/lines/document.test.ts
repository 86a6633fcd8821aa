import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { canonical } from "../store/canonical.ts";
import { decodeLines, encodeLines, type Lines } from "./document.ts";
import { findCode, foundText } from "./find.ts";
import { trapPlace, trapText } from "./trap-line.ts";

const check = { file: "stdlib/core/bytes.ts", module: "std/core", line: 30, column: 53 };
const asked = { file: "stdlib/net/udp/index.ts", module: "std/net/udp", line: 57, column: 3 };
const lines: Lines = {
  functions: [
    {
      name: "stdlib/net/ethernet/index/input",
      module: "std/net/ethernet",
      size: 64,
      begin: 4,
      end: 61,
      rows: [
        { offset: 4, wasm: 2, at: asked, near: undefined },
        { offset: 10, wasm: 7, at: check, near: asked },
        { offset: 40, wasm: 5, at: asked, near: undefined },
      ],
    },
    { name: "appliance/main/start", module: "wiring", size: 16, begin: 0, end: 16, rows: [] },
  ],
  routines: [{ name: "memory_fill", start: 8, size: 24 }],
  sources: new Map([[asked.file, "0123456789abcdef"]]),
};

describe("the document", () => {
  const written = (value: Lines) => canonical(encodeLines(value));

  test("says what was put into it", () => {
    expect(decodeLines(written(lines))).toEqual(lines);
  });

  test("names each file once, and has equal bytes for equal lines", () => {
    const text = new TextDecoder().decode(written(lines));
    expect(text.split("stdlib/core/bytes.ts")).toHaveLength(2);
    expect(written(decodeLines(written(lines))!)).toEqual(written(lines));
  });

  test("is nothing when its bytes are anything else", () => {
    const good = encodeLines(lines);
    const [name, module, size, begin, end] = good.functions[0]!;
    for (const bad of [
      { ...good, appl: "lines@2" },
      { ...good, files: [["a"]] },
      { ...good, functions: [[name, module, size, begin, end, "!"]] },
      { ...good, functions: [[name, module, -0.5, begin, end, ""]] },
    ])
      expect(decodeLines(new TextEncoder().encode(JSON.stringify(bad)))).toBeUndefined();
    expect(decodeLines(undefined)).toBeUndefined();
  });

  test("is read or refused, whatever stands there", () => {
    const text = new TextDecoder().decode(written(lines));
    const changed = fc.tuple(fc.nat(text.length - 1), fc.string({ maxLength: 3 }));
    fc.assert(
      fc.property(changed, ([at, other]) => {
        const read = decodeLines(new TextEncoder().encode(text.slice(0, at) + other + text.slice(at + 1)));
        if (read !== undefined) findCode(read, { function: 0, offset: 12 });
      }),
    );
  });
});

describe("a place in code", () => {
  const text = (number: number, offset: number) => {
    const found = findCode(lines, { function: number, offset });
    return found && foundText(found);
  };

  test("has a function, a line and a module; of what all share, also whoever asked for it", () => {
    expect(text(0, 39)).toBe(
      "stdlib/net/ethernet/index/input (stdlib/core/bytes.ts:30:53, for stdlib/net/udp/index.ts:57), module std/net/udp",
    );
    expect(text(0, 40)).toBe(
      "stdlib/net/ethernet/index/input (stdlib/net/udp/index.ts:57:3), module std/net/udp",
    );
  });

  test("before the first row is how the function begins", () => {
    expect(text(0, 0)).toBe(text(0, 4));
  });

  test("without rows, and in routines, is an offset", () => {
    expect(text(1, 3)).toBe("appliance/main/start + 0x3, module wiring");
    expect(text(2, 10)).toBe("memory_fill + 0x2");
  });

  test("is found from the start of all code, too", () => {
    const from = (code: number) => findCode(lines, { code });
    expect(from(39)).toEqual(findCode(lines, { function: 0, offset: 39 }));
    expect(from(64 + 3)).toEqual(findCode(lines, { function: 1, offset: 3 }));
    expect(from(64 + 16 + 10)).toEqual(findCode(lines, { function: 2, offset: 10 }));
  });

  test("outside of all is none", () => {
    for (const [number, offset] of [
      [0, 64],
      [2, 7],
      [2, 32],
      [3, 0],
    ] as const)
      expect(text(number, offset)).toBeUndefined();
  });
});

describe("a line of the console", () => {
  test("has a place if it is about a trap", () => {
    const line = "\x1b[0m12.5 restart 1: unreachable in function 0 + 0x000c, address 0x00000000\r";
    expect(trapPlace(line)).toEqual({ function: 0, offset: 12 });
    expect(trapText(line, lines)).toMatch(/^ {2}at stdlib\/net\/ethernet\/index\/input \(/);
    expect(trapPlace("x: it fails again and again: trap 0 in function 17 + 0x64c, address 0x0")).toEqual({
      function: 17,
      offset: 0x64c,
    });
  });

  test("has a place if the machine has stopped of it", () => {
    const line = "appl: trap 0 at c address 0; it fails again and again; stopped\r";
    expect(trapPlace(line)).toEqual({ code: 12 });
    expect(trapText(line, lines)).toBe(trapText("in function 0 + 0x000c", lines));
  });

  test("has none otherwise", () => {
    for (const line of ["", "restart 2: requested", "in function 3", "1 + 0x2", "in function 0 + 12"]) {
      expect(trapPlace(line)).toBeUndefined();
      expect(trapText(line, lines)).toBeUndefined();
    }
    expect(trapText("unreachable in function 9 + 0x1", lines)).toBeUndefined();
  });

  test("may be given as the place alone", () => {
    for (const bare of ["37 + 0x1c", "37+0x1C", "function 37 + 0x1c", " 37 + 0x1c "])
      expect(trapPlace(bare, true)).toEqual({ function: 37, offset: 0x1c });
    for (const other of ["37", "0x1c", "a37 + 0x1c", "37 + 1c"])
      expect(trapPlace(other, true)).toBeUndefined();
  });

  test("is any text", () => {
    fc.assert(fc.property(fc.string(), fc.boolean(), (line, isBare) => void trapPlace(line, isBare)));
  });
});
