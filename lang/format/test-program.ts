// biome-ignore-all lint/suspicious/noTemplateCurlyInString: `${` is of this language, not of TypeScript
/** Programs made of all that the grammar has, with line ends and comments where they may stand. */
import fc, { type Arbitrary } from "fast-check";

const name = fc.constantFrom(
  "a",
  "b",
  "zone",
  "address",
  "listen",
  "proxy_protocol",
  "it",
  "file_name",
  "Host",
);
const type = fc.constantFrom("Int", "Str", "dns.Name", "List<Ip>");
const literal = fc.constantFrom(
  ...[
    "1",
    "65_536",
    "0x44",
    "0.98",
    "192.0.2.1",
    "2001:DB8::0:1",
    "10.0.0.0/8",
    "FE80::/10",
    "[::]:53",
    "*:53",
  ],
  ...["00:1B:a9:12:34:56", "5min", "1h30m", "25%", "100Mbit/s", "200/s", "2026-11-21", "01:30", "28°C"],
  ...['"x"', '"a ${b} c"', 'r"^a$"', '"a longer text that takes some room on its line"', '"""x"""'],
  '"""\n   one\n\n     two\n  """',
);
/** Blanks between two tokens; those with a line end stand only where the grammar does not mind. */
const blank = fc.oneof(
  { weight: 12, arbitrary: fc.constant(" ") },
  { weight: 1, arbitrary: fc.constantFrom("\n", "  \n\n", " # c\n", "\n# own\n\n# two\n ") },
);
const text = (...parts: readonly (string | Arbitrary<string>)[]): Arbitrary<string> =>
  fc.tuple(...parts.map((it) => (typeof it === "string" ? fc.constant(it) : it))).map((all) => all.join(""));
/** With blanks between the parts. */
const row = (...parts: readonly (string | Arbitrary<string>)[]): Arbitrary<string> =>
  text(...parts.flatMap((it, n) => (n === 0 ? [it] : [blank, it])));
const many = (of: Arbitrary<string>, between: string, minLength = 0) =>
  fc
    .tuple(fc.array(of, { minLength, maxLength: 4 }), fc.array(blank, { minLength: 4, maxLength: 4 }))
    .map(([all, blanks]) => all.map((it, n) => (n === 0 ? it : `${between}${blanks[n % 4]}${it}`)).join(""));
/** Items, each with something behind it that ends it. */
const items = (of: Arbitrary<string>) =>
  fc
    .array(
      fc.tuple(
        of,
        fc.constantFrom("\n", "\n\n", ";", " # behind\n", "  ## doc\n", "\n# above\n", "\n## above\n"),
      ),
      {
        maxLength: 4,
      },
    )
    .map((all) => all.map(([it, end], n) => (n === all.length - 1 && end === ";" ? it : it + end)).join(""));

const made = fc.letrec<Record<"expr" | "type" | "body" | "record" | "item" | "setting" | "label", string>>(
  (tie) => ({
    expr: fc.oneof(
      { depthSize: "small", withCrossShrink: true },
      literal,
      name,
      text(".", name),
      row("[", many(tie("expr"), ","), "]"),
      row("[for", name, "in", tie("expr"), "if", tie("expr"), ":", tie("expr"), "]"),
      row("{", many(row(tie("label"), "=>", tie("expr")), ",", 1), "}"),
      tie("record"),
      row("(", many(tie("expr"), ",", 1), ")"),
      row("if", tie("expr"), "then", tie("expr"), "else", tie("expr")),
      row(
        "match",
        name,
        "{",
        many(row(fc.oneof(name, text(name, "(x)"), literal), "=>", tie("expr")), ",", 1),
        "}",
      ),
      row("(", "not", tie("expr"), ")"),
      text("-", name),
      row(
        tie("expr"),
        fc.constantFrom("and", "or", "==", "in", "+", "++", "-", "*", "/", "is", "matches"),
        tie("expr"),
      ),
      row(literal, "..", literal),
      text(name, ".", name),
      text(name, "[", tie("expr"), "]"),
      text(name, "(", many(tie("expr"), ","), ")"),
      row(name, "with", tie("record")),
      row(fc.constantFrom("file", "dir", "text", "data"), '"./x"'),
    ),
    type: fc.oneof(
      { depthSize: "small" },
      type,
      row("List", "<", tie("type"), ">"),
      row("(", many(tie("type"), ",", 1), ")"),
      text(type, "?"),
      row(type, "in", "1..99"),
      row(type, "where", tie("expr")),
      row(name, "|", text(name, "(", tie("type"), ")"), "|", type),
      row("{", many(fc.oneof(row(name, ":", tie("type")), row(name, ":", type, "=", tie("expr"))), ","), "}"),
    ),
    label: fc.oneof(name, literal, fc.constantFrom("(a)", "(1, b)", '("x" ++ b)')),
    body: text("{", fc.constantFrom(" ", "\n", "  ## doc\n"), items(tie("item")), "}"),
    record: text(
      "{",
      fc.constantFrom(" ", "\n"),
      many(row(name, "=", tie("expr")), ","),
      fc.constantFrom(" ", "\n", ","),
      "}",
    ),
    setting: fc.oneof(
      row(name, "=", tie("expr")),
      row(name, "+=", tie("expr")),
      text(name, " ", tie("label"), " = ", tie("expr")),
      text(name, " ", tie("body")),
      text(name, " ", tie("label"), " ", tie("body")),
      text(name, ".", name, "[", tie("expr"), "] = ", tie("expr")),
      row(name, "->", name, "=", tie("expr")),
    ),
    item: fc.oneof(
      { depthSize: "small" },
      { weight: 6, arbitrary: tie("setting") },
      text("override ", tie("setting")),
      text("remove ", name, ' "x"'),
      row("let", name, "=", tie("expr")),
      text("include ", name),
      row("assert", tie("expr")),
      text("check ", name, ', "message"'),
      text("when ", name, " ", tie("body")),
      text("for a, b in ", name, " ", tie("body")),
    ),
  }),
);

const member = fc.oneof(
  row("option", name, ":", made.type),
  row("option", name, ":", type, "merge", "append", "=", made.expr),
  row(fc.constantFrom("blocks", "one", "maybe", "needs", "signal"), name, ":", type),
  text("blocks ", name, " : ", type, " ordered min 1"),
  text("offers net.", name),
  text(
    "choice ",
    name,
    " : a ",
    type.filter((it) => /^\w+$/.test(it)),
    " | b Host",
  ),
  row("part", name, "when", made.expr),
  text('code native riscv32 "./x.o" ', made.body),
  row("query", name, "(", many(row(name, ":", type), ","), ")", "->", type, "=", made.expr),
  row("check", made.expr),
  text("check ", name, ', "message" { at a; help = "do"; note = "so" }'),
  row("option", name, ":", type, "counted", "=", made.expr),
  row("part", name, "when", name, "planned"),
  text("size { flash = 1KiB }"),
  row("renamed", name, "->", name, '"since 2.0"'),
  row("removed", name, '"it is always on"'),
  row("deprecated", name, fc.constantFrom("-> b", '"do without"')),
  text("size secure ", made.body),
  row("claims", name, "=", made.expr),
  row("let", name, "=", made.expr),
  text("when ", name, " ", made.body),
  text("for a in ", name, " ", made.body),
);

const top = fc.oneof(
  fc.constantFrom("use std/dns", 'use "./x.appl" as y', "library std/x", 'diagnostic E0731 "x"'),
  row("let", name, ":", made.type, "=", made.expr),
  row("let", name, "=", made.expr),
  row("type", name, "=", made.type),
  row("fn", name, "(", many(row(name, ":", type), ","), ")", "->", type, "=", made.expr),
  row("param", name, ":", made.type, "=", made.expr),
  text("secret ", name, " : ", type, ' from boot "x"'),
  text(fc.constantFrom("appliance ", "fragment ", "target ", "interface "), name, " ", made.body),
  text('test "x" ', made.body),
  text("module ", name, " : ", type, " {\n", items(member), "}"),
  text("block ", name, " {", items(member), "}"),
);

export const program: Arbitrary<string> = items(top).map((it) => `appl 1\n${it}\n`);
