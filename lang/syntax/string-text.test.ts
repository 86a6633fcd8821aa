// biome-ignore-all lint/suspicious/noTemplateCurlyInString: `${` is of this language, not of TypeScript
import { describe, expect, test } from "vitest";
import type { RegexExpr, StringExpr } from "./ast-expr.ts";
import { parseExpression } from "./parse.ts";
import { spanWithin } from "./string-text.ts";

function read(text: string): StringExpr {
  const { expr, diagnostics } = parseExpression("t", text);
  expect(diagnostics).toEqual([]);
  return expr as StringExpr;
}

/** Texts as they are, holes in angle brackets. */
function parts(text: string): string[] {
  return read(text).parts.map((part) =>
    part.kind === "textPart" ? part.value : `<${text.slice(part.value.span.start, part.value.span.end)}>`,
  );
}

const cases: readonly (readonly [text: string, ...parts: string[]])[] = [
  ['""'],
  ['"abc"', "abc"],
  ['"a\\n\\t\\"\\\\\\$\\u{e9}\\u{1f600}"', 'a\n\t"\\$é😀'],
  ['"a ${b} c"', "a ", "<b>", " c"],
  ['"${a}${b}"', "<a>", "<b>"],
  ['"${f("x ${y}")}"', '<f("x ${y}")>'],
  ['"{path} $ $$ }"', "{path} $ $$ }"],
  ['"\\${x}"', "${x}"],
  ['"""abc"""', "abc"],
  ['"""\n  a\n    b\n  """', "a\n  b"],
  ['"""\n  a\n\n  b\n"""', "  a\n\n  b"],
  ['"""\n    a ${x}\n    b ${y} c\n    """', "a ", "<x>", "\nb ", "<y>", " c"],
  ['"""\r\n  a\r\n  b\r\n  """', "a\nb"],
  ['"""\n\t\ta\n\t\t  b\n\t\t"""', "a\n  b"],
  ['"""\n  say "hi" ""\n  """', 'say "hi" ""'],
  ['"""\n"""'],
  ['"""\n  a\\n\\u{41}\n  """', "a\nA"],
];

describe("a text and its parts", () => {
  for (const [text, ...expected] of cases)
    test(JSON.stringify(text), () => expect(parts(text)).toEqual(expected));
});

test("every character of a text is found again in the source", () => {
  const text = '"""\n    one \\u{e9} two\n      three ${x} four\n    """';
  for (const part of read(text).parts) {
    if (part.kind !== "textPart") continue;
    for (const [index, character] of [...part.value].entries()) {
      const { start, end } = spanWithin(part, index, index + 1);
      const source = text.slice(start, end);
      if (character === "é") expect(source).toBe("\\u{e9}");
      else if (character === "\n") expect(source.startsWith("\n")).toBe(true);
      else expect(source).toBe(character);
    }
  }
});

test("a plain text is its own source", () => {
  const [part] = read('"www.exa_mple.com"').parts;
  expect(part).toMatchObject({ offsets: undefined });
  expect(part?.kind === "textPart" && spanWithin(part, 4, 12)).toEqual({ source: "t", start: 5, end: 13 });
});

test("expressions in holes have places in the whole text", () => {
  const { expr } = parseExpression("t", '  "a ${b + c}"');
  expect(expr).toMatchObject({
    parts: [{}, { span: { start: 5, end: 13 }, value: { kind: "binary", span: { start: 7, end: 12 } } }],
  });
});

test("a regular expression is taken as it is written", () => {
  const { expr } = parseExpression("t", 'r"^\\d+\\"${x}$"');
  expect((expr as RegexExpr).pattern).toBe('^\\d+\\"${x}$');
  expect((expr as RegexExpr).patternSpan).toEqual({ source: "t", start: 2, end: 13 });
});

test("quantities are told apart into numbers and units", () => {
  const told = (text: string) => (parseExpression("t", text).expr as { parts?: unknown }).parts;
  expect(told("1h30m")).toEqual([
    { number: "1", unit: "h" },
    { number: "30", unit: "m" },
  ]);
  expect(told("100Mbit/s")).toEqual([{ number: "100", unit: "Mbit/s" }]);
  expect(told("3.3V")).toEqual([{ number: "3.3", unit: "V" }]);
  expect(told("25%")).toEqual([{ number: "25", unit: "%" }]);
  expect(told("1_000ms")).toEqual([{ number: "1_000", unit: "ms" }]);
  expect(told("1h30")).toEqual([
    { number: "1", unit: "h" },
    { number: "30", unit: "" },
  ]);
});
