import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SourceText } from "../source/text.ts";
import { lex } from "../syntax/lexer.ts";
import { parse } from "../syntax/parse.ts";
import { endOf } from "../syntax/tokens.ts";
import { format } from "./format.ts";
import { sameTree } from "./same.ts";
import { descriptions } from "./test-descriptions.ts";
import { program } from "./test-program.ts";

/** How many tokens there are, and for each comment how many stand before it and whether it is the one behind the last of them. */
function skeleton(text: string) {
  const source = new SourceText("f", text);
  const { tokens, comments } = lex(source);
  const own = tokens.filter(({ image }) => image !== "," && image !== ";");
  const counts = comments.map(({ span }) => own.filter((it) => it.startOffset < span.start).length);
  const places = comments.map(({ span, text: said }, n) => {
    const last = tokens.findLast((it) => it.startOffset < span.start);
    const beside = last !== undefined && source.lineAt(endOf(last)) === source.lineAt(span.start);
    return [said, counts[n], beside && counts[n] !== counts[n - 1]];
  });
  return { count: own.length, places };
}

/** The laid out text, after all that must be true of it was seen. */
function laidOut(text: string): string {
  const before = parse("f", text);
  const { text: once } = format("f", text);
  if (once === undefined) throw new Error(`not laid out:\n${text}`);
  const after = parse("f", once);
  expect(after.diagnostics.map(({ code }) => code)).toEqual(before.diagnostics.map(({ code }) => code));
  expect(sameTree(before.ast, after.ast)).toBe(true);
  expect(skeleton(once)).toEqual(skeleton(text));
  expect(format("f", once).text).toBe(once);
  expect(once).not.toMatch(/\n{3,}|\t/);
  return once;
}

describe("every description in the repository", () => {
  for (const { name, text } of descriptions) test(name, () => void laidOut(text));
});

const gap = fc.oneof(
  { weight: 8, arbitrary: fc.constant("") },
  { weight: 2, arbitrary: fc.constantFrom(" ", "   ", "\t", "\n", "\n\n\n    ", "\r\n  ") },
  { weight: 1, arbitrary: fc.constantFrom(" # c\n", "\n# own\n", "\n\n  # one\n\n# two\n", "# c\n\n", "\n") },
);

/** The text with other blanks and comments between its tokens, where that leaves what it says. */
function respaced(text: string, gaps: readonly string[]): string {
  const { tokens } = lex(new SourceText("f", text));
  let result = "";
  let at = 0;
  for (const [n, token] of tokens.entries()) {
    const other = gaps[n % gaps.length]!;
    const between = text.slice(at, token.startOffset);
    result += n < 2 || other === "" ? between : between.includes("#") ? between + other : other;
    result += token.image;
    at = endOf(token);
  }
  return result + text.slice(at);
}

test("whatever the spacing was, and wherever comments stand", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...descriptions),
      fc.array(gap, { minLength: 1, maxLength: 200 }),
      ({ text }, gaps) => {
        const other = respaced(text, gaps);
        fc.pre(parse("f", other).diagnostics.length === 0);
        laidOut(other);
      },
    ),
    { numRuns: Number(process.env["FORMATS"] ?? 200) },
  );
});

test("any program", () => {
  fc.assert(
    fc.property(program, (text) => {
      fc.pre(parse("f", text).diagnostics.length === 0);
      laidOut(text);
    }),
    { numRuns: Number(process.env["FORMATS"] ?? 200) },
  );
});
