import fc from "fast-check";
import { beforeAll, expect, test } from "vitest";
import { type AsInstance, loadAs } from "#tools/load-as";

let as: AsInstance;

beforeAll(async () => {
  as = await loadAs({ entry: "stdlib/http/testing/pattern.ts" });
});

/** What is caught, or null. */
function run(path: string, groups: number): (string | undefined)[] | null {
  const bytes = Buffer.from(path, "latin1");
  as.view(as.exports["inputAt"](), bytes.length).set(bytes);
  if (as.exports["isMatch"](bytes.length) === 0) return null;
  return Array.from({ length: groups }, (_, n) => {
    const [from, to] = [as.exports["caughtAt"](2 * n), as.exports["caughtAt"](2 * n + 1)];
    return from < 0 || to < 0 ? undefined : path.slice(from, to);
  });
}

function pattern(text: string, path: string, groups = 0): (string | undefined)[] | null {
  as.exports["usePattern"](as.string(text));
  return run(path, groups);
}

function regex(text: string, path: string, groups = 0): (string | undefined)[] | null {
  as.exports["useRegex"](as.string(text));
  return run(path, groups);
}

test.each([
  ["/feed", "/feed", []],
  ["/feed", "/feed/", null],
  ["/feed", "/feeds", null],
  ["/a.b", "/axb", null],
  ["/blog/{slug}", "/blog/hello-world", ["hello-world"]],
  ["/blog/{slug}", "/blog/", null],
  ["/blog/{slug}", "/blog/a/b", null],
  ["/{a}/x/{b}", "/1/x/2", ["1", "2"]],
  ["/assets/*", "/assets/a.css", ["a.css"]],
  ["/assets/*", "/assets/a/b", null],
  ["/assets/**", "/assets/a/b.css", ["a/b.css"]],
  ["/assets/**", "/assets/", [""]],
  ["/assets/**", "/assets", null],
  ["/**", "/", [""]],
  ["*", "/a/b", []],
  ["/a+b(c)", "/a+b(c)", []],
] as const)("%s of %s", (text, path, expected) => {
  expect(pattern(text, path, expected?.length)).toEqual(expected);
});

test("names of what is caught", () => {
  as.exports["usePattern"](as.string("/{year}/*/{slug}"));
  expect(as.text(as.exports["names"]())).toBe("1,year,2,,3,slug");
  as.exports["useRegex"](as.string("^/(?<year>[0-9]+)/(?:x)(.*)"));
  expect(as.text(as.exports["names"]())).toBe("1,year,2,");
});

const set = fc.constantFrom(
  "a",
  "b",
  "/",
  ".",
  "\\d",
  "\\w",
  "[a-c]",
  "[^/]",
  "[^a\\d]",
  "1",
  "\\.",
  "[-x]",
  "[\\w-]",
);
const expression: fc.Arbitrary<string> = fc.letrec<{ any: string; atom: string; piece: string; row: string }>(
  (tie) => ({
    atom: fc.oneof(
      { weight: 4, arbitrary: set },
      tie("any").map((inside) => `(${inside})`),
      tie("any").map((inside) => `(?:${inside})`),
    ),
    // Repeats of what may be empty: JavaScript has rules of its own for them.
    piece: fc.oneof(
      { weight: 3, arbitrary: tie("atom") },
      fc
        .tuple(set, fc.constantFrom("*", "+", "?", "*?", "+?", "??", "{2}", "{1,3}", "{2,}", "{0,2}?"))
        .map((parts) => parts.join("")),
      fc
        .tuple(set, tie("any"), fc.constantFrom("?", "+", "*"))
        .map(([first, inside, count]) => `(?:${first}(?:${inside}))${count}`),
    ),
    row: fc.array(tie("piece"), { maxLength: 4 }).map((pieces) => pieces.join("")),
    any: fc.oneof(
      { weight: 3, arbitrary: tie("row") },
      fc.tuple(tie("row"), tie("row")).map((sides) => sides.join("|")),
    ),
  }),
).any;
const anchored = fc
  .tuple(fc.constantFrom("", "^", "^/", "\\b"), expression, fc.constantFrom("", "$", "\\b"))
  .map(([a, b, c]) => `${a}(?:${b})${c}`);
const path = fc
  .array(fc.constantFrom("a", "b", "c", "/", ".", "1", "2", "-", "x"), { maxLength: 12 })
  .map((all) => all.join(""));

test("a regular expression catches what JavaScript's catches", () => {
  fc.assert(
    fc.property(anchored, path, (text, subject) => {
      const expected = new RegExp(text).exec(subject);
      const groups = Math.min(16, new RegExp(`${text}|`).exec("")!.length - 1);
      const found = regex(text, subject, groups);
      expect(found !== null).toBe(expected !== null);
      // JavaScript forgets, at each round of a repeat, what a group inside of it caught before; RE2 does not.
      if (!/\)[*+?{]/.test(text)) expect(found).toEqual(expected && [...expected].slice(1, groups + 1));
    }),
    { numRuns: 5000 },
  );
});

test("what takes others exponential time takes ours as long as the path is", () => {
  expect(regex("^(?:a|a)*(?:a|a)*(?:a|a)*$", `${"a".repeat(8000)}b`)).toBe(null);
});
