// biome-ignore-all lint/suspicious/noTemplateCurlyInString: `${` is of this language, not of TypeScript
import { describe, expect, test } from "vitest";
import { SourceText } from "../source/text.ts";
import { lex } from "./lexer.ts";
import { isA, isReserved, Literal } from "./tokens.ts";

/** Kinds of literals with their texts, other tokens as they are. */
function tokens(text: string): string[] {
  return lex(new SourceText("t", text)).tokens.map((token) =>
    isA(token, Literal) ? `${token.tokenType.LABEL} ${token.image}` : token.image,
  );
}

const literals: readonly (readonly [kind: string, ...texts: string[]])[] = [
  ["int", "42", "65_536", "0x44", "0xFF", "007", "0xZZ"],
  ["dec", "0.98", "10.5", "1_000.000_1"],
  [
    "a text in quotes",
    '"a"',
    '""',
    '"a \\" b"',
    '"a ${b} c"',
    '"a ${f("b")} c"',
    '"""a\n"b"\n"""',
    '"${ { a = "}" }.a }"',
  ],
  ["a regular expression", 'r"^/(\\d+)$"', 'r"a\\"b"', 'r""'],
  ["ip4", "192.0.2.1", "192.168.1.300", "1.2.3", "1.2.3.4.5"],
  [
    "ip6",
    "2001:db8::1",
    "::",
    "::1",
    "fe80::",
    "::ffff:192.0.2.1",
    "dead::beef",
    "2001:db8:0:0:0:0:0:1",
    "1:2:3:4:5:6:192.0.2.1",
  ],
  ["ip6", "2001:db8::zz", "1::2::3", "2001:db8:1"],
  ["prefix", "10.0.0.0/8", "10.0.0.1/33", "2001:db8::/32", "::/0", "10.0.0.0/255.0.0.0", "fe80::1/999"],
  ["socket", "192.0.2.1:53", "[::]:53", "[2001:db8::1]:443", "*:53", "192.0.2.1:99999"],
  ["mac", "00:1b:a9:12:34:56", "aa:bb:cc:dd:ee:ff", "9c:5c:8e:aa:bb:01"],
  [
    "quantity",
    "5min",
    "1h30m",
    "250ms",
    "14d",
    "64KiB",
    "10MB",
    "0B",
    "100Mbit/s",
    "80MHz",
    "3.3V",
    "28°C",
    "25%",
    "64kb",
    "1.5h30m",
  ],
  ["quantity", "4x4", "12abc", "1h30", "5µs", "10Ω"],
  ["rate", "200/s", "40/min", "1.5/h"],
  ["date", "2026-11-21", "2026-99-99"],
  ["instant", "2026-11-21T05:00Z", "2026-11-21T05:00:30.5+01:00", "2026-11-21T05:00"],
  ["timeOfDay", "01:30", "12:30:45", "25:99", "1:30"],
  ["hash", "sha256:0b77c1", "sha256:5f0e…"],
];

describe("every literal is one token, right or wrong", () => {
  for (const [kind, ...texts] of literals)
    for (const text of texts)
      test(`${kind} ${text}`, () => expect(tokens(text)).toEqual([`${kind} ${text}`]));
});

const rows: readonly (readonly [text: string, ...tokens: string[]])[] = [
  ["1..99", "int 1", "..", "int 99"],
  ["0%..5%", "quantity 0%", "..", "quantity 5%"],
  ["10.0.0.10..10.0.0.99", "ip4 10.0.0.10", "..", "ip4 10.0.0.99"],
  ["2001:db8::1..2001:db8::ff", "ip6 2001:db8::1", "..", "ip6 2001:db8::ff"],
  ["01:00..05:30", "timeOfDay 01:00", "..", "timeOfDay 05:30"],
  ["-5°C..5°C", "-", "quantity 5°C", "..", "quantity 5°C"],
  ["0s..68w", "quantity 0s", "..", "quantity 68w"],
  ["100 / n", "int 100", "/", "n"],
  ["a - b", "a", "-", "b"],
  [
    "[192.0.2.53:53, [2001:db8:53::53]:53]",
    "[",
    "socket 192.0.2.53:53",
    ",",
    "socket [2001:db8:53::53]:53",
    "]",
  ],
  ["[::1]", "[", "ip6 ::1", "]"],
  ["face.b", "face", ".", "b"],
  ["dead::beef", "ip6 dead::beef"],
  ["[for d in zone: d]", "[", "for", "d", "in", "zone", ":", "d", "]"],
  ["{ a: Int }", "{", "a", ":", "Int", "}"],
  ["2 * 3", "int 2", "*", "int 3"],
  ["[*:53]", "[", "socket *:53", "]"],
  ["formula form for", "formula", "form", "for"],
  ["x->y=>z", "x", "->", "y", "=>", "z"],
  ["a+=1 b++c", "a", "+=", "int 1", "b", "++", "c"],
  ["a<=b>=c!=d==e", "a", "<=", "b", ">=", "c", "!=", "d", "==", "e"],
  ['r "x"', "r", 'a text in quotes "x"'],
  ["5min # five\n6", "quantity 5min", "int 6"],
];

describe("a row of tokens", () => {
  for (const [text, ...expected] of rows) test(text, () => expect(tokens(text)).toEqual(expected));
});

test("words are told from names, and the soft ones are both", () => {
  const { tokens: found } = lex(new SourceText("t", "let module letter appliance file"));
  expect(found.map((token) => [token.image, isReserved(token)])).toEqual([
    ["let", true],
    ["module", false],
    ["letter", false],
    ["appliance", false],
    ["file", false],
  ]);
});

test("tokens know their lines, their indentation and the documentation beside them", () => {
  const text =
    "## One\n##  two\na = 1 ## behind\n\tb, ## after b\n           ## more\n# plain\nc { ## within\n  ## lost\n}";
  const { tokens: found, comments } = lex(new SourceText("t", text));
  const told = found.map(({ image, line, leads, indent, docBefore, docBehind }) => ({
    image,
    line,
    ...(leads && { indent }),
    ...(docBefore && { docBefore }),
    ...(docBehind && { docBehind }),
  }));
  expect(told).toEqual([
    { image: "a", line: 2, indent: 0, docBefore: "One\n two" },
    { image: "=", line: 2 },
    { image: "1", line: 2, docBehind: "behind" },
    { image: "b", line: 3, indent: 8, docBehind: "after b\nmore" },
    { image: ",", line: 3 },
    { image: "c", line: 6, indent: 0 },
    { image: "{", line: 6, docBehind: "within" },
    { image: "}", line: 8, indent: 0, docBefore: "lost" },
  ]);
  expect(comments.map(({ doc, text }) => [doc, text])).toContainEqual([false, "plain"]);
});
