import fc from "fast-check";
import { expect, test } from "vitest";
import { SourceText } from "../source/text.ts";
import { lex } from "../syntax/lexer.ts";
import { endOf } from "../syntax/tokens.ts";
import { format } from "./format.ts";
import { descriptions } from "./test-descriptions.ts";

const runs = Number(process.env["FORMATS"] ?? 200);
const images = (text: string) =>
  lex(new SourceText("f", text))
    .tokens.map(({ image }) => image)
    .filter((it) => it !== "," && it !== ";").length;

/** Whatever the text is: an answer, in which nothing of it is missing, and which is its own answer. */
function survives(text: string): void {
  const once = format("f", text).text;
  if (once === undefined) return;
  expect(images(once)).toBe(images(text));
  expect(format("f", once).text).toBe(once);
}

const sizes = descriptions.map(({ text }) => ({ text, tokens: lex(new SourceText("f", text)).tokens }));

test("a description without one of its tokens, or cut off behind it", () => {
  fc.assert(
    fc.property(fc.constantFrom(...sizes), fc.nat(), fc.boolean(), ({ text, tokens }, at, cut) => {
      const token = tokens[at % tokens.length]!;
      survives(text.slice(0, cut ? endOf(token) : token.startOffset) + (cut ? "" : text.slice(endOf(token))));
    }),
    { numRuns: runs },
  );
});

test("a description with something else in it", () => {
  const pieces = fc.constantFrom(
    ...'{ } ( ) [ ] = => -> , ; : . .. § " """ # ## \n \' é match for let use appliance 1 x'.split(" "),
  );
  fc.assert(
    fc.property(fc.constantFrom(...sizes), fc.nat(), pieces, fc.nat(6), ({ text }, at, piece, length) => {
      const start = at % text.length;
      survives(text.slice(0, start) + piece + text.slice(start + length));
    }),
    { numRuns: runs },
  );
});

test("any text and any bytes", () => {
  fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 200 }), survives), { numRuns: runs });
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void format("f", bytes)),
    { numRuns: runs },
  );
});

test("declarations with mistakes stay as they are, the others are laid out", () => {
  const { text, diagnostics } = format(
    "f",
    "appl 1\nlet  a=1\n\n\n# why\nlet b  = ]  x [ # so\n  let c\n\n\nlet   d=[1,2]\n",
  );
  expect(text).toBe("appl 1\nlet a = 1\n\n# why\nlet b  = ]  x [ # so\n  let c\n\nlet d = [1, 2]\n");
  expect(diagnostics.length).toBeGreaterThan(0);
});

test("however deep", () => {
  for (const n of [60, 300, 5000]) {
    survives(`appl 1\nlet a = ${"[".repeat(n)}1${"]".repeat(n)}\n`);
    survives(`appl 1\nlet a = 1${" + 1".repeat(n)}\n`);
    survives(`appl 1\nlet a = ${"if a then b else ".repeat(n)}1\n`);
    survives(`appl 1\ntype A = ${"L<".repeat(n)}I${">".repeat(n)}\n`);
    survives(`appl 1\nappliance a ${"{a".repeat(n)}${"}".repeat(n)}\n`);
  }
});
