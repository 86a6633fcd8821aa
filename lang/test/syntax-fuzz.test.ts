// biome-ignore-all lint/suspicious/noTemplateCurlyInString: `${` is of this language, not of TypeScript
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { MemoryFiles, parse, parseExpression, renderAll, Sources } from "#lang";
import { SourceText } from "../source/text.ts";
import { lex } from "../syntax/lexer.ts";
import { endOf } from "../syntax/tokens.ts";
import { examples } from "./syntax-files.ts";

/** What is inside of the parser and never to be seen; the arrow is that of chevrotain's messages. */
const internal = ["NaN", "undefined", "null", "[object", "Token", "SUBRULE", "-->"];

/** Whatever the text: no exception, every span within the text and within its parent's, every message whole. */
function survives(content: string | Uint8Array): void {
  const { ast, diagnostics } = parse("f", content);
  const length = ast.span.end;
  within(ast, 0, length);
  const sources = new Sources(new MemoryFiles({ f: content }));
  const shown = renderAll(diagnostics, sources);
  // What the user has written may be quoted.
  const ours = internal.filter((word) => !content.toString().includes(word));
  for (const { text, primary, related, helps, notes } of diagnostics) {
    for (const { span } of [primary, ...related, ...helps.flatMap(({ edit }) => edit ?? [])]) {
      expect(0 <= span.start && span.start <= span.end && span.end <= length, JSON.stringify(span)).toBe(
        true,
      );
      expect(span.source).toBe("f");
    }
    for (const said of [
      text,
      primary.text,
      ...related.map((it) => it.text),
      ...helps.map((it) => it.text),
      ...notes,
    ]) {
      for (const word of ours) expect(said).not.toContain(word);
    }
  }
  expect(shown.length).toBeLessThan(200_000);
}

function within(node: unknown, start: number, end: number): void {
  if (typeof node !== "object" || node === null) return;
  let [low, high] = [start, end];
  const { span } = node as { span?: { start: number; end: number } };
  if (span) {
    if (!(low <= span.start && span.start <= span.end && span.end <= high))
      throw new Error(`${JSON.stringify(node).slice(0, 300)} is not within ${low}..${high}`);
    [low, high] = [span.start, span.end];
  }
  for (const child of Object.values(node)) within(child, low, high);
}

describe("every token of the examples, one at a time", () => {
  for (const { name, text } of examples) {
    const { tokens } = lex(new SourceText(name, text));
    test(`of ${name} may be missing`, () => {
      for (const token of tokens) survives(text.slice(0, token.startOffset) + text.slice(endOf(token)));
    });
    test(`of ${name} may be the last`, () => {
      for (const token of tokens.filter((_, n) => n % 3 === 0)) survives(text.slice(0, endOf(token)));
    });
    test(`of ${name} may be another one`, () => {
      const replacements = [
        "{",
        "}",
        "(",
        "]",
        "=",
        "=>",
        ".",
        "..",
        "for",
        "if",
        "x",
        "3",
        '"',
        "\n",
        "appliance",
      ];
      for (const [n, token] of tokens.entries())
        survives(
          text.slice(0, token.startOffset) + replacements[n % replacements.length] + text.slice(endOf(token)),
        );
    });
  }
});

const pieces = fc.constantFrom(
  ...[
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    "<",
    ">",
    "=",
    "==",
    "=>",
    "->",
    "+",
    "+=",
    "-",
    "*",
    "/",
    "..",
    ".",
    ":",
    ";",
    ",",
    "|",
    "?",
  ],
  ...[
    "appliance a ",
    "module m ",
    "block b ",
    "let ",
    "fn f",
    "type ",
    "use ",
    "when ",
    "for ",
    "in ",
    "if ",
    "then ",
    "else ",
  ],
  ...[
    "match ",
    "with ",
    "not ",
    "and ",
    "or ",
    "is ",
    "where ",
    "override ",
    "remove ",
    "include ",
    "option ",
    "needs ",
    "code ",
  ],
  ...[
    "file ",
    "data ",
    "x",
    "y ",
    "3",
    "5min",
    "10.0.0.0/8",
    "2001:db8::1",
    '"a"',
    '"${',
    '}"',
    '"""',
    'r"',
    "\n",
    "\n  ",
    "\nappliance ",
  ],
  ...["# c\n", "## d\n", "\t", "\r\n", "\\", "'", "é", "°", "😀", "\u0301", "\u202e", "\0", "\u2028"],
);

test("nothing at all, wherever something is expected", () => {
  for (const text of [
    "",
    "appl",
    "appl 1",
    "appl 1\nlet",
    "appl 1\nsecret s",
    "appl 1\nappliance a {",
    "appl 1\nlet a =",
  ])
    survives(text);
  for (const text of [
    'let a = "${}"',
    'let a = """\n ${}\n"""',
    'let a = "${"',
    'appliance a { b = "x ${} ${ } ${\n}" }',
    "let a = [",
    "type T =",
  ])
    survives(`appl 1\n${text}`);
  expect(parseExpression("f", "").expr).toEqual({ kind: "error", span: { source: "f", start: 0, end: 0 } });
});

test("any row of pieces of the language", () => {
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 60 }), (parts) => survives(`appl 1\n${parts.join("")}`)),
    { numRuns: 1500 },
  );
});

test("any text and any bytes", () => {
  fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 200 }), survives), { numRuns: 400 });
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), survives), { numRuns: 400 });
});

test("an example with a few characters changed", () => {
  const change = fc.tuple(fc.nat(), fc.nat(12), fc.oneof(pieces, fc.string({ maxLength: 4 })));
  const { text } = examples.find(({ name }) => name === "dns.appl")!;
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 5 }), (changes) => {
      let changed = text;
      for (const [place, length, piece] of changes) {
        const at = place % changed.length;
        changed = changed.slice(0, at) + piece + changed.slice(at + length);
      }
      survives(changed);
    }),
    { numRuns: 200 },
  );
});

test("an expression alone", () => {
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 30 }), (parts) => {
      const { expr } = parseExpression("f", parts.join(""));
      expect(typeof expr.kind).toBe("string");
    }),
    { numRuns: 1000 },
  );
});

const nests: Readonly<Record<string, (n: number) => string>> = {
  lists: (n) => `let a = ${"[".repeat(n)}1${"]".repeat(n)}`,
  "open lists": (n) => `let a = ${"[".repeat(n)}`,
  "closing braces": (n) => "}".repeat(n),
  records: (n) => `let a = ${"{a=".repeat(n)}1${"}".repeat(n)}`,
  maps: (n) => `let a = ${"{1=>".repeat(n)}1${"}".repeat(n)}`,
  blocks: (n) => `appliance a ${"{a".repeat(n)}${"}".repeat(n)}`,
  calls: (n) => `let a = ${"f(".repeat(n)}1${")".repeat(n)}`,
  "else after else": (n) => `let a = ${"if a then b else ".repeat(n)}1`,
  matches: (n) => `let a = ${"match a { b => ".repeat(n)}1${"}".repeat(n)}`,
  types: (n) => `type A = ${"L<".repeat(n)}I${">".repeat(n)}`,
  "record types": (n) => `type A = ${"{a:".repeat(n)}I${"}".repeat(n)}`,
  loops: (n) => `appliance a ${"{ for a in b { when c ".repeat(n)}{ }${"} }".repeat(n)}`,
  "record copies": (n) => `let a = ${"a with {a = ".repeat(n)}1${"}".repeat(n)}`,
  sums: (n) => `let a = 1${" + 1".repeat(n)}`,
  fields: (n) => `let a = b${".b".repeat(n)}`,
  "words in words": (n) => `let a = ${".a { b = ".repeat(n)}1${"}".repeat(n)}`,
  holes: (n) => `let a = ${'"${'.repeat(n)}1${'}"'.repeat(n)}`,
  "open holes of long texts": (n) => `let a = ${'"""${{"""'.repeat(n)}`,
  "signs without a meaning": (n) => `let a = ${"§ a ".repeat(n)}`,
};

describe("however deep", () => {
  for (const [what, text] of Object.entries(nests))
    test(what, () => {
      for (const n of [30, 65, 1000]) survives(`appl 1\n${text(n)}\n`);
      const { diagnostics } = parse("f", `appl 1\n${text(20_000)}\nlet last = 1\n`);
      expect(diagnostics.length).toBeGreaterThan(0);
    });
});
