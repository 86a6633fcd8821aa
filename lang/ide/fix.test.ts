/** Safe fixes: what they change, what they leave alone, and that there is nothing to do a second time. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Analysis, analyse, type Fixed, fix } from "#ide";
import { configure, jsonText, MemoryFiles, settingsOf } from "#lang";
import { someMachine, testLibraries } from "../test/libraries.ts";

const request = (files: Readonly<Record<string, string>>) => ({
  path: "t.appl",
  files: new MemoryFiles(files),
  libraries: testLibraries,
  machines: someMachine,
});

function fixed(
  text: string,
  others: Readonly<Record<string, string>> = {},
): Fixed & { readonly text: string } {
  const files = { ...others, "t.appl": text };
  const result = fix(analyse(request(files)), {
    imagine: (texts) => analyse(request({ ...files, ...Object.fromEntries(texts) })),
    mayChange: () => true,
  });
  return { ...result, text: result.texts.get("t.appl") ?? text };
}

const errors = ({ diagnostics }: Pick<Analysis, "diagnostics">): readonly string[] =>
  diagnostics.filter(({ severity }) => severity === "error").map(({ code }) => code);

const box = (inside: string, more = "") =>
  `appl 1\nuse std/cache\nappliance box {\n  cache { ${inside} }\n${more}}\n`;

describe("what is fixed", () => {
  test("new names for old ones, wherever they stand; comments and layout stay", () => {
    const { text, fixes } = fixed(
      box(
        'lifetime=2h;# lifetime\n   answer "a" {text   = "lifetime"};assert lifetime >1h',
        "  assert cache . lifetime > 1h # why\n",
      ),
    );
    expect(text).toBe(
      box(
        'keep=2h;# lifetime\n   entry "a" {value   = "lifetime"};assert keep >1h',
        "  assert cache . keep > 1h # why\n",
      ),
    );
    expect(fixes.map(({ code }) => code)).toEqual(Array(5).fill("W0124"));
  });

  test("the first line, the line `use`, quotes around what is no text, words of other languages", () => {
    expect(fixed('use std/cache\nappliance box { cache { keep = "2h" } }\n').text).toBe(
      "appl 1\nuse std/cache\nappliance box { cache { keep = 2h } }\n",
    );
    expect(fixed(box("strict = yes; least = null")).text).toBe(box("strict = true; least = none"));
    expect(fixed("appl 1\n\nappliance box { cache { } }\n").text).toBe(
      "appl 1\n\nuse std/cache\n\nappliance box { cache { } }\n",
    );
  });

  test("lines that are added end as the others do", () => {
    expect(fixed("use std/cache\r\nappliance box {\r\n}\r\n").text).toBe(
      "appl 1\r\nuse std/cache\r\nappliance box {\r\n}\r\n",
    );
  });

  test("the files that the description uses, each with its own", () => {
    const part = "appl 1\nuse std/cache\nfragment slow { cache { lifetime = 9h } }\n";
    const { texts, fixes } = fixed(
      'appl 1\nuse std/cache\nuse "./part.appl"\nappliance box { include part.slow\n cache { size = 2MiB } }\n',
      { "part.appl": part },
    );
    expect(texts.get("part.appl")).toBe(part.replace("lifetime", "keep"));
    expect(texts.get("t.appl")).toContain("{ memory = 2MiB }");
    expect(fixes.length).toBe(2);
  });
});

describe("what is left alone", () => {
  test.each([
    ["a name that is only near", box("memry = 2MiB")],
    ["what is gone, and what to do instead in words", box("recursion = true; limit = 7")],
    ["a file that cannot be parsed as a whole", box("lifetime = = 2h; answer")],
    ["an edition that nobody here knows", box("lifetime = 2h").replace("appl 1", "appl 2")],
    ["an option whose successor is set as well: that would be two values", box("size = 2MiB; memory = 3MiB")],
    ["quotes around what would be wrong without them, too", box('memory = "2h"')],
  ])("%s", (_, text) => {
    expect(fixed(text)).toMatchObject({ text, fixes: [] });
  });

  test("one fix that does harm does not keep others back, and is not done by half", () => {
    const { text } = fixed(box("size = 2MiB; memory = 3MiB; lifetime = 2h; assert size > 1MiB"));
    expect(text).toBe(box("size = 2MiB; memory = 3MiB; keep = 2h; assert size > 1MiB"));
  });

  test("what other descriptions could not bear", () => {
    const text = box("lifetime = 2h");
    const start = analyse(request({ "t.appl": text }));
    const imagine = (texts: ReadonlyMap<string, string>) => analyse(request(Object.fromEntries(texts)));
    const around = { imagine, mayChange: () => true };
    expect(fix(start, { ...around, harmsOthers: () => true }).fixes).toEqual([]);
    expect(fix(start, { ...around, mayChange: () => false }).fixes).toEqual([]);
    expect(fix(start, around).fixes.length).toBe(1);
  });
});

// ------------------------------------------------------------------------------------------------ properties

const gap = fc.constantFrom("; ", "\n", " # lifetime = old\n", "\r\n    ", ";\n\n  ", "  ;");
const setting = fc.constantFrom(
  "lifetime = 2h",
  "keep = 2h",
  'keep = "2h"',
  "size = 2MiB",
  "memory = 2MiB",
  "default size = 3MiB",
  "limit = 7",
  "limit = 0",
  "recursion = true",
  'answer "a" { text = "😀 size" }',
  'entry "b" { value = "${size}" }',
  'answer["c"].text = "x"',
  "assert lifetime > 1h",
  "assert size < 9MiB and lifetime < 9h",
  'assert answer["a"].text != ""',
  "lifetme = 2h",
  "lifetime = ",
  "}",
);
const program = fc
  .tuple(
    fc.constantFrom("appl 1\n", "appl 1\r\n", "", "# size\n", "appl 2\n"),
    fc.constantFrom("use std/cache\n", ""),
    fc.array(fc.tuple(setting, gap), { maxLength: 7 }),
  )
  .map(
    ([first, use, rows]) =>
      `${first}${use}appliance box {\n  cache {\n${rows.flat().join("")}\n  }\n assert cache.size > 1KiB # size\n}\n`,
  );

test("a second time there is nothing to do; nothing but the edits has changed; nothing is worse", () => {
  fc.assert(
    fc.property(program, (text) => {
      const once = fixed(text);
      expect(fixed(once.text)).toMatchObject({ text: once.text, fixes: [] });
      // The edits as they are told make the new text of the old one.
      let made = text;
      for (const { edit } of once.fixes.toReversed())
        made = made.slice(0, edit.span.start) + edit.text + made.slice(edit.span.end);
      expect(made).toBe(once.text);
      if (errors(analyse(request({ "t.appl": text }))).length === 0)
        expect(errors(analyse(request({ "t.appl": once.text })))).toEqual([]);
    }),
    { numRuns: 150 },
  );
});

test("a new name means what the old one did", () => {
  const settings = (text: string) =>
    configure(request({ "t.appl": text })).configurations.map((it) => jsonText(settingsOf(it)));
  const text = box('lifetime = 2h; answer "a" { text = "b" }');
  expect(settings(text).length).toBe(1);
  expect(settings(fixed(text).text)).toEqual(settings(text));
});
