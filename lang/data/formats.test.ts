import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Content, type Format, formatOf, readData } from "./formats.ts";
import type { Node } from "./node.ts";

/** A node without its places, as JavaScript would have it. */
function plain(node: Node): unknown {
  switch (node.kind) {
    case "text":
      return node.quoted ? `"${node.value}"` : node.value;
    case "number":
      return Number(node.raw);
    case "bool":
      return node.value;
    case "nothing":
      return null;
    case "list":
      return node.items.map(plain);
    case "map":
      return Object.fromEntries(node.entries.map(({ key, value }) => [key.value, plain(value)]));
  }
}

function shown(format: Format, text: string): unknown {
  const content = readData(format, text);
  if ("node" in content) return plain(content.node);
  if ("table" in content)
    return [content.table.header, ...content.table.rows].map((row) =>
      row.map((cell) => plain(cell)).join("|"),
    );
  const { start, end, reason, help } = content.fault;
  return `${text.slice(start, end)} — ${reason}${help ? ` (${help})` : ""}`;
}

test("the ending of the name says the format", () => {
  expect(["a.json", "b.yml", "c.YAML", "d.toml", "e.csv", "f.tsv"].map(formatOf)).toEqual([
    "JSON",
    "YAML",
    "YAML",
    "TOML",
    "CSV",
    "TSV",
  ]);
  expect(["json", "a.xml", ".", "a.json.gz", "a.", "a.constructor"].map(formatOf)).toEqual(
    Array(6).fill(undefined),
  );
});

describe("what is read", () => {
  test.each([
    ["JSON", ' {"a": [1, -2.5e3, "x", true, null, {}]} ', { a: [1, -2500, '"x"', true, null, {}] }],
    ["JSON", '"\\u00e9\\n\\"\\/"', '"é\n"/"'],
    [
      "YAML",
      "a: 1\nb: [x, 'y', \"z\"]\nc:\n  - d: ~\n",
      { a: "1", b: ["x", '"y"', '"z"'], c: [{ d: null }] },
    ],
    [
      "YAML",
      "a: yes\nb: 010\nc: 1:30\nd: 1.10\ne: NO",
      { a: "yes", b: "010", c: "1:30", d: "1.10", e: "NO" },
    ],
    ["YAML", "a: |\n  one\n   two\nb: >-\n  one\n  two\n", { a: '"one\n two"', b: '"one two"' }],
    ["YAML", "a: &x {b: 1}\nc: *x", { a: { b: "1" }, c: { b: "1" } }],
    [
      "TOML",
      'a.b = 1\n[c]\nd = "x"\n[[e]]\nf = 1\n[[e]]\n[e.g]\nh = 2026-11-21',
      { a: { b: 1 }, c: { d: '"x"' }, e: [{ f: 1 }, { g: { h: "2026-11-21" } }] },
    ],
    [
      "TOML",
      "a = 0x10\nb = 0b11\nc = 1_000\nd = +5\ne = 1979-05-27 07:32:00Z",
      { a: 16, b: 3, c: Number.NaN, d: 5, e: "1979-05-27T07:32:00Z" },
    ],
    ["CSV", 'a,b\r\n1, x \n"2, ""3""",\n\n', ["a|b", "1|x", '"2, "3""|']],
    ["TSV", "a\tb\n1\tx, y\n", ["a|b", "1|x, y"]],
  ] as const)("%s %j", (format, text, expected) => {
    expect(shown(format, text)).toEqual(expected);
  });
});

const said = (format: Format, texts: readonly string[]) =>
  texts.map((text) => `${JSON.stringify(text).slice(0, 40)}: ${shown(format, text)}`);

test("what is wrong with JSON is said where it is", () => {
  const texts = [
    '{"a":1,}',
    '{"a":1 // x\n}',
    "{'a':1}",
    "{a:1}",
    "[01]",
    "[+1]",
    "[.5]",
    "[10.0.0.1]",
    '["a\nb"]',
    "",
    "[1",
    '{"a" 1}',
    "[1 2]",
    '"\\x"',
    "1 2",
    "[True]",
    "[None]",
    "['a']",
    '{"a":1,"a":2}',
    `[${"1".repeat(70)}]`,
  ];
  expect(said("JSON", texts)).toMatchInlineSnapshot(`
    [
      ""{\\"a\\":1,}": , — nothing follows this comma (remove the comma)",
      ""{\\"a\\":1 // x\\n}": // — JSON has no comments (remove it, or use YAML or TOML)",
      ""{'a':1}": ' — a key in double quotes is expected",
      ""{a:1}": a — a key in double quotes is expected (write \`"a"\`)",
      ""[01]": 01 — this is not a number (numbers do not begin with \`0\`)",
      ""[+1]": +1 — this is not a number (numbers have no \`+\` before them)",
      ""[.5]": .5 — this is not a number (write a digit before the point)",
      ""[10.0.0.1]": 10.0.0.1 — this is not a number (everything but plain numbers is in quotes: \`"10.0.0.1"\`)",
      ""[\\"a\\nb\\"]": "a — this text is not closed (a line feed in a text is written \`\\n\`)",
      """:  — the file is empty",
      ""[1": [ — this \`[\` is not closed",
      ""{\\"a\\" 1}": 1 — \`:\` is expected behind the key \`a\`",
      ""[1 2]": 2 — \`,\` or \`]\` is expected",
      ""\\"\\\\x\\"": \\x — \`\\x\` stands for no character (a backslash itself is written \`\\\\\`)",
      ""1 2": 2 — there is more behind the value",
      ""[True]": True — a value is expected (write \`true\`)",
      ""[None]": None — a value is expected (write \`null\`)",
      ""['a']": ' — a value is expected (texts are in double quotes)",
      ""{\\"a\\":1,\\"a\\":2}": "a" — \`a\` is there twice",
      ""[11111111111111111111111111111111111111: 1111111111111111111111111111111111111111111111111111111111111 — this number has too many digits",
    ]
  `);
});

test("what is wrong with YAML is said where it is", () => {
  const texts = [
    "a: b: c",
    "\ta: 1",
    "a: *x",
    "a: !secret x",
    "a: !include x.yaml",
    "a: !!str 1",
    "--- 1\n--- 2",
    "? [a]\n: 1",
    "<<: 1",
    "a: &x [*x]",
    "%YAML 1.1\n--- 1",
    "a: 1\na: 2",
    "a: @x",
    "a: [1",
    'a: "x',
  ];
  expect(said("YAML", texts)).toMatchInlineSnapshot(`
    [
      ""a: b: c": b — nested mappings are not allowed in compact mappings (a text with \`: \` in it is put in quotes)",
      ""\\ta: 1": 	 — tabs are not allowed as indentation (indent with blanks)",
      ""a: *x": *x — no \`&x\` before this",
      ""a: !secret x": !secret — tags like \`!secret\` mean nothing here (declare it in the description: \`secret NAME : … from boot "…"\`)",
      ""a: !include x.yaml": !include — tags like \`!include\` mean nothing here (a description reads several files: \`data\` and \`text\` take a path each)",
      ""a: !!str 1": !!str — tags like \`!!str\` mean nothing here (remove it: what a value is, is said by its type in the description)",
      ""--- 1\\n--- 2": --- — there is a second document in this file (keep one)",
      ""? [a]\\n: 1": [ — a key is a text",
      ""<<: 1": << — \`<<\` is no longer part of YAML (write the keys out, or make the common part a record in the description)",
      ""a: &x [*x]": *x — \`&x\` would be in itself",
      ""%YAML 1.1\\n--- 1": %YAML 1.1 — only YAML 1.2 is read",
      ""a: 1\\na: 2": a — \`a\` is there twice",
      ""a: @x": @ — plain value cannot start with reserved character @ (put the text in quotes)",
      ""a: [1":  — \`]\` is missing",
      ""a: \\"x":  — \`"\` is missing",
    ]
  `);
});

test("what is wrong with TOML is said where it is", () => {
  const texts = [
    "a = ",
    "a = 1\na = 2",
    "a = yes",
    'a = "x',
    "[a]\n[a]",
    "a = 01",
    "a.b = 1\na.b.c = 2",
    "a = {b = 1,}",
  ];
  expect(said("TOML", texts)).toMatchInlineSnapshot(`
    [
      ""a = ":  — a value is expected",
      ""a = 1\\na = 2": a — this key has been given before",
      ""a = yes": y — a value is expected (texts are in quotes: \`"yes"\`)",
      ""a = \\"x":  — this text is not closed",
      ""[a]\\n[a]": a — this key has been given before",
      ""a = 01": 0 — leading zeros are not allowed",
      ""a.b = 1\\na.b.c = 2": b — this key has been given before",
      ""a = {b = 1,}": } — trailing comma is not permitted in an inline table",
    ]
  `);
});

test("what is wrong with CSV is said where it is", () => {
  const texts = ["", "a;b\n1;2", "a,b\n1", "a,b\n1,2,3", "a,a", "a,,b", '"a', 'a\nx"y', 'a\n"x"y'];
  expect(said("CSV", texts)).toMatchInlineSnapshot(`
    [
      """:  — the table is empty: its first line names the columns",
      ""a;b\\n1;2": a;b — the columns are separated by semicolons here (separate them by commas)",
      ""a,b\\n1": 1 — this row has 1 cell, and there are 2 columns (an empty cell still has its separator)",
      ""a,b\\n1,2,3": 3 — this row has 3 cells, and there are 2 columns (a cell with commas in it is put in quotes)",
      ""a,a": a — there are two columns \`a\`",
      ""a,,b":  — a column has no name",
      ""\\"a": " — this cell is not closed",
      ""a\\nx\\"y": " — a quote in the middle of a cell (put the whole cell in quotes, and write \`""\` for this one)",
      ""a\\n\\"x\\"y": y — there is more behind the closing quote of this cell (a quote in a cell is written \`""\`)",
    ]
  `);
});

describe("what is deep, long or grows is bounded", () => {
  const many = 20_000;
  test.each([
    ["JSON", "[".repeat(many)],
    ["JSON", '{"a":'.repeat(many)],
    ["YAML", "- ".repeat(many)],
    ["YAML", "[".repeat(many)],
    ["YAML", "? ".repeat(many)],
    ["YAML", Array.from({ length: 1000 }, (_, n) => `${" ".repeat(n)}a:\n`).join("")],
    ["TOML", `a = ${"[".repeat(many)}`],
    ["TOML", `a${".a".repeat(many)} = 1`],
    ["TOML", `[a${".a".repeat(many)}]`],
  ] as const)("%s %.10s…", (format, text) => {
    expect(shown(format, text)).toContain("more than 64 deep");
  });

  test("aliases of aliases", () => {
    const lines = Array.from(
      { length: 9 },
      (_, n) =>
        `k${n}: &k${n} [${Array(9)
          .fill(n === 0 ? "x" : `*k${n - 1}`)
          .join(",")}]`,
    );
    expect(shown("YAML", lines.join("\n"))).toContain("aliases stand for more than 10000 values");
  });

  test("brackets in texts and comments are not deep", () => {
    const deep = "[".repeat(100);
    expect(shown("TOML", `a = "${deep}" # ${deep}\nb = '${deep}'\nc = """\n${deep}"""`)).toMatchObject({
      a: `"${deep}"`,
    });
    expect(shown("JSON", `"${deep}"`)).toBe(`"${deep}"`);
  });
});

// ------------------------------------------------------------------------------------------------ fuzzing

const folder = new URL("../test/data/", import.meta.url);
const files = readdirSync(folder)
  .sort()
  .map((name) => [formatOf(name)!, readFileSync(new URL(name, folder), "utf8")] as const);

/** Every place lies in the text, and inside of what it is a part of. */
function checkPlaces(content: Content, text: string): void {
  const inside = ({ start, end }: { start: number; end: number }) => {
    if (!(start >= 0 && start <= end && end <= text.length))
      throw new Error(`${start}..${end} of ${text.length}`);
  };
  const pending: Node[] = [];
  if ("fault" in content) inside(content.fault);
  else if ("node" in content) pending.push(content.node);
  else pending.push(...content.table.header, ...content.table.rows.flat());
  for (let node = pending.pop(); node; node = pending.pop()) {
    inside(node);
    if (node.kind === "list") pending.push(...node.items);
    if (node.kind === "map") for (const { key, value } of node.entries) pending.push(key, value);
    if (node.kind !== "text") continue;
    const { offsets, value, from } = node;
    if (offsets && offsets.length !== value.length + 1) throw new Error("offsets for another text");
    const all = offsets ?? [from, from + value.length];
    for (const [n, at] of all.entries()) {
      inside({ start: at, end: at });
      if (n > 0 && at < all[n - 1]!) throw new Error("offsets go back");
    }
  }
}

const pieces = fc.constantFrom(
  '"',
  "'",
  ",",
  ":",
  ";",
  "[",
  "]",
  "{",
  "}",
  "\n",
  "\r\n",
  "\t",
  " ",
  "  ",
  "-",
  "- ",
  "#",
  "//",
  "|",
  ">",
  "&a ",
  "*a",
  "!x ",
  "? ",
  "\\",
  "\\u12",
  '"""',
  "'''",
  "=",
  ".",
  "[[",
  "]]",
  "1e9",
  "0x",
  "null",
  "~",
  "---",
  "...",
  "%YAML 1.2",
  "\ufeff",
  "é",
  "😀",
  "\ud83d",
  "\0",
  "<<: ",
  "@",
  "`",
  "2026-11-21T",
  "_",
  "+",
  "00",
);

test.each(files.map(([format, text], n) => [n, format, text] as const))(
  "mutations of file %i (%s) never throw, and places stay in it",
  (_, format, text) => {
    const at = fc.nat({ max: text.length });
    const edit = fc.oneof(
      fc.tuple(at, fc.nat({ max: 8 }), fc.constant("")),
      fc.tuple(at, fc.constant(0), pieces),
      fc.tuple(
        at,
        fc.nat({ max: 4 }),
        fc.array(pieces, { maxLength: 4 }).map((it) => it.join("")),
      ),
    );
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 5 }), fc.option(at), (edits, cut) => {
        let mutated = text;
        for (const [start, length, piece] of edits)
          mutated = mutated.slice(0, start) + piece + mutated.slice(start + length);
        if (cut !== null) mutated = mutated.slice(0, cut);
        for (const each of new Set<Format>([format, "CSV", "JSON"]))
          checkPlaces(readData(each, mutated), mutated);
      }),
      { numRuns: 150 },
    );
  },
);

test.each(["JSON", "YAML", "TOML", "CSV", "TSV"] as const)("nonsense in %s never throws", (format) => {
  const text = fc
    .array(fc.oneof(pieces, fc.string({ maxLength: 3 })), { maxLength: 40 })
    .map((it) => it.join(""));
  fc.assert(
    fc.property(text, (it) => checkPlaces(readData(format, it), it)),
    { numRuns: 1500 },
  );
});

test("what JSON.stringify writes is read as it was", () => {
  const back = (node: Node): unknown => {
    if (node.kind === "text") return node.value;
    if (node.kind === "list") return node.items.map(back);
    if (node.kind === "map")
      return Object.fromEntries(node.entries.map(({ key, value }) => [key.value, back(value)]));
    return plain(node);
  };
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), fc.constantFrom(0, 2), (value, indent) => {
      const content = readData("JSON", JSON.stringify(value, undefined, indent));
      expect("node" in content && JSON.stringify(back(content.node))).toBe(JSON.stringify(value));
    }),
    { numRuns: 500 },
  );
});

test("a table of any cells is read as it was written", () => {
  const cell = fc.string({ maxLength: 6 }).filter((it) => it !== "");
  fc.assert(
    fc.property(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 5 }), (rows) => {
      const line = (cells: readonly string[]) => cells.map((it) => `"${it.replaceAll('"', '""')}"`).join(",");
      const content = readData("CSV", ["a,b", ...rows.map(line)].join("\r\n"));
      expect("table" in content && content.table.rows.map((row) => row.map(({ value }) => value))).toEqual(
        rows,
      );
    }),
  );
});
