import { describe, expect, test } from "vitest";
import { parse, parseExpression } from "./parse.ts";

/** An expression with all its parentheses. */
function shape(node: unknown): string {
  const it = node as Record<string, unknown> & { kind: string };
  const all = (items: unknown) => (items as unknown[]).map(shape).join(" ");
  switch (it.kind) {
    case "binary":
      return `(${shape(it["left"])} ${it["operator"]} ${shape(it["right"])})`;
    case "range":
      return `(${shape(it["low"])} .. ${shape(it["high"])})`;
    case "unary":
      return `(${it["operator"]} ${shape(it["operand"])})`;
    case "field":
      return `${shape(it["object"])}.${shape(it["name"])}`;
    case "index":
      return `${shape(it["object"])}[${shape(it["index"])}]`;
    case "call":
      return `${shape(it["callee"])}(${all(it["args"])})`;
    case "with":
      return `(${shape(it["object"])} with ${shape(it["body"])})`;
    case "list":
      return `[${all(it["items"])}]`;
    case "tuple":
      return `<${all(it["items"])}>`;
    case "listFor":
      return `[for ${all(it["names"])} in ${shape(it["source"])} if ${it["condition"] ? shape(it["condition"]) : "-"}: ${shape(it["value"])}]`;
    case "if":
      return `(if ${shape(it["condition"])} ${shape(it["yes"])} ${shape(it["no"])})`;
    case "match":
      return `(match ${shape(it["subject"])} ${all(it["arms"])})`;
    case "matchArm":
      return `${shape(it["pattern"])}=>${shape(it["value"])}`;
    case "namePattern":
      return `${shape(it["name"])}${it["binding"] ? `(${shape(it["binding"])})` : ""}`;
    case "literalPattern":
      return shape(it["value"]);
    case "record":
      return shape(it["body"]);
    case "body":
      return `{${all(it["items"])}}`;
    case "setting":
      return `${shape(it["path"])}${(it["labels"] as unknown[]).map((label) => ` ${shape(label)}`).join("")}${shape(it["value"])}`;
    case "path":
      return shape(it["head"]);
    case "assign":
      return `=${shape(it["value"])}`;
    case "block":
      return shape(it["body"]);
    case "bare":
      return "";
    case "map":
      return `{${all(it["entries"])}}`;
    case "mapEntry":
      return `${shape(it["key"])}=>${shape(it["value"])}`;
    case "nameLabel":
      return shape(it["name"]);
    case "literalLabel":
    case "computedLabel":
      return `(${shape(it["value"])})`;
    case "word":
      return `.${shape(it["name"])}${it["body"] ? shape(it["body"]) : ""}`;
    case "read":
      return `${it["word"]} ${shape(it["path"])}${it["settings"] ? shape(it["settings"]) : ""}${it["type"] ? " typed" : ""}`;
    case "name":
    case "identifier":
      return it["text"] as string;
    default:
      return "raw" in it ? (it["raw"] as string) : it.kind;
  }
}

const expressions: readonly (readonly [text: string, shape: string])[] = [
  ["1 + 2 * 3 - 4", "((1 + (2 * 3)) - 4)"],
  ["a or b and not c == d", "(a or (b and (not (c == d))))"],
  ["not a or b", "((not a) or b)"],
  ["a == b and c in d", "((a == b) and (c in d))"],
  ["1 + 1..2 * 3 in x", "(((1 + 1) .. (2 * 3)) in x)"],
  ["-a.b + -3", "((- a.b) + (- 3))"],
  ["a ++ b ++ c", "((a ++ b) ++ c)"],
  ["a.b[c].d(e, f)", "a.b[c].d(e f)"],
  ["(a) + (b, c)", "(a + <b c>)"],
  ["x is secondary or y matches z", "((x is secondary) or (y matches z))"],
  ["if a then b else if c then d else e + 1", "(if a b (if c d (e + 1)))"],
  ["match x { auto => 1, at(n) => n; 3 => 4 }", "(match x auto=>1 at(n)=>n 3=>4)"],
  ["[for k, v in m if v > 1: k]", "[for k v in m if (v > 1): k]"],
  ["[1 2, 3]", "[1 2 3]"],
  ["[a\n(b)\n[c]]", "[a b [c]]"],
  ["{ a = 1, b = { c = 2 } }", "{a=1 b={c=2}}"],
  ["{}", "{}"],
  ['{ a => 1, (b) => 2; "c" => 3 10.0.0.1 => 4 }', '{a=>1 (b)=>2 ("c")=>3 (10.0.0.1)=>4}'],
  ["{ (a, b) => 1 }", "{(<a b>)=>1}"],
  ["r with { a = 1 } with { b = 2 }", "((r with {a=1}) with {b=2})"],
  ['.basic { user = "x" }', '.basic{user="x"}'],
  ['dir "./x" { only = ["*"] }', 'dir "./x"{only=["*"]}'],
  ['data "./x" : List<A>', 'data "./x" typed'],
  ['[for x in data "./x": x]', '[for x in data "./x" if -: x]'],
  ["{ file = 1, text = data.dir }", "{file=1 text=error}"],
];

describe("reads", () => {
  for (const [text, expected] of expressions)
    test(text, () => expect(shape(parseExpression("t", text).expr)).toBe(expected));
});

/** The first declaration. */
function top(text: string) {
  const { ast, diagnostics } = parse("t", `appl 1\n${text}`);
  expect(diagnostics).toEqual([]);
  return ast.items[0]!;
}

test("the head of a `when` or `for` leaves the braces to the body", () => {
  const text =
    'appliance a { when x == .drop { y = 1 } for z in file "f" { } when r with { a = 1 } { b = 2 } }';
  expect(top(text)).toMatchObject({
    body: {
      items: [
        {
          kind: "when",
          condition: { right: { kind: "word", body: undefined } },
          body: { items: [{ kind: "setting" }] },
        },
        { kind: "for", source: { kind: "read", settings: undefined } },
        { kind: "when", condition: { kind: "with" } },
      ],
    },
  });
});

test("all the forms of a setting", () => {
  const text =
    'appliance a {\n override net eth0 { }\n default a.b["c"].d = 1\n e += 2\n lan -> (b) = accept\n remove rule "x" (y) 3\n f\n g\n}';
  expect(top(text)).toMatchObject({
    body: {
      items: [
        { rank: { word: "override" }, labels: [{ kind: "nameLabel" }], value: { kind: "block" } },
        {
          rank: { word: "default" },
          path: { steps: [{ kind: "fieldStep" }, { kind: "indexStep" }, { kind: "fieldStep" }] },
        },
        { rank: undefined, value: { kind: "add" } },
        { value: { kind: "arrow", to: { kind: "computedLabel" } } },
        { rank: { word: "remove" }, labels: [{}, { kind: "computedLabel" }, {}], value: { kind: "bare" } },
        { path: { head: { text: "f" } }, labels: [], value: { kind: "bare" } },
        { path: { head: { text: "g" } } },
      ],
    },
  });
});

test("words that mean something elsewhere are names in a body", () => {
  const words = [
    "use",
    "target",
    "module",
    "option",
    "file",
    "text",
    "min",
    "from",
    "code",
    "query",
    "as",
    "appl",
  ];
  const body = words
    .map((word) => `${word} = ${word === "file" || word === "text" ? "1" : word}`)
    .join("\n  ");
  expect(top(`appliance a {\n  ${body}\n}`)).toMatchObject({ body: { items: { length: words.length } } });
});

test("types", () => {
  const text =
    "type T = List<Map<Str, a.B>>? | at(Int) | auto | { a: Int in 1..5 = 3, b: Str where len(it) > 2 = x } | (A, B) | (C)";
  expect(top(text)).toMatchObject({
    type: {
      kind: "unionType",
      arms: [
        {
          kind: "optionalType",
          inner: { name: { text: "List" }, args: [{ args: [{}, { qualifier: { text: "a" } }] }] },
        },
        { kind: "namedType", payload: { kind: "namedType" } },
        { kind: "namedType" },
        {
          kind: "recordType",
          fields: [
            { type: { kind: "refinedType", by: "in", condition: { kind: "range" } }, fallback: { raw: "3" } },
            {
              type: { kind: "refinedType", by: "where", condition: { operator: ">" } },
              fallback: { text: "x" },
            },
          ],
        },
        { kind: "tupleType" },
        { kind: "namedType", name: { text: "C" } },
      ],
    },
  });
});

test("what only libraries have", () => {
  const text = `library std/net
interface Link { source = "./link.ts" }
diagnostic E0731 "A CNAME stands beside other records"
module ethernet : Str where it != "" {
  offers Ethernet
  offers net.Link
  needs  link : net.Link
  signal up : Bool
  option a : List<Ip> merge append = []
  blocks zone : Zone ordered min 1
  one soa : Soa
  maybe transfer : Transfer
  choice role : primary Primary | secondary Secondary
  part axfr when any([for z in zone: z.transfer != none])
  code as "./ethernet/index.ts" { hooks = [start, poll] }
  code prepare "./prepare.ts"
  code native riscv32 "./dns.o"
  query addresses(family: Int = 4) -> List<Ip> = a
  check len(a) > 0, "none"
  for x in a { check x != 10.0.0.1 }
}`;
  const { ast, diagnostics } = parse("t", `appl 1\n${text}`);
  expect(diagnostics).toEqual([]);
  expect(ast.items).toMatchObject([
    { kind: "library", path: { text: "std/net" } },
    { kind: "interfaceDecl" },
    { kind: "diagnosticDecl", code: { text: "E0731" } },
    {
      kind: "moduleDecl",
      label: { kind: "refinedType" },
      members: [
        { kind: "offers", qualifier: undefined },
        { kind: "offers", qualifier: { text: "net" } },
        { kind: "needs" },
        { kind: "signal" },
        { kind: "option", merge: { rule: "append" }, fallback: { kind: "list" } },
        { kind: "blocks", count: "blocks", ordered: true, min: { raw: "1" } },
        { kind: "blocks", count: "one", ordered: false, min: undefined },
        { kind: "blocks", count: "maybe" },
        { kind: "choice", arms: { length: 2 } },
        { kind: "part" },
        { kind: "code", form: { text: "as" }, settings: { kind: "body" } },
        { kind: "code", form: { text: "prepare" }, arch: undefined },
        { kind: "code", form: { text: "native" }, arch: { text: "riscv32" } },
        { kind: "query", params: [{ fallback: { raw: "4" } }] },
        { kind: "assert", word: "check", message: { kind: "string" } },
        { kind: "for" },
      ],
    },
  ]);
});

test("the other declarations", () => {
  const text = `use std/board/qemu as q
use "./common.appl"
use pkg/acme/geo sha256:00ff
let a : Int = 1
fn f(a: Int, b: Str = "x") -> Int = a
secret s : T from boot "slot"
secret t : T from sealed "./x"
secret u : T from generated
param p : Int in 1..9 = 3
assert a == 1, "no"
fragment g { }
target h { }
test "title" { assert a == 1 }`;
  const { ast, diagnostics } = parse("t", `appl 1\n${text}`);
  expect(diagnostics).toEqual([]);
  expect(ast.items).toMatchObject([
    { kind: "use", from: { text: "std/board/qemu" }, alias: { text: "q" } },
    { kind: "use", from: { kind: "string" } },
    { kind: "use", hash: { kind: "hash", raw: "sha256:00ff" } },
    { kind: "let", type: {} },
    { kind: "fn", params: { length: 2 } },
    { kind: "secret", delivery: { kind: "boot" } },
    { kind: "secret", delivery: { kind: "sealed" } },
    { kind: "secret", delivery: { kind: "generated" } },
    { kind: "param", fallback: {} },
    { kind: "assert" },
    { kind: "fragment" },
    { kind: "target" },
    { kind: "test" },
  ]);
});

test("documentation belongs to the item below it, or before it on its line, or to the block it begins", () => {
  const text = `## The module.
module m { ## More of it.
  ## First.
  ## Second.
  option a : Int ## Behind.
  option b : { ## Fields.
    x: Int, ## X.
    y: Int
  }
  ## Lost.
}
param p : Int = 1   ## Number.`;
  expect(parse("t", `appl 1\n${text}`).ast.items).toMatchObject([
    {
      doc: "The module.\nMore of it.",
      members: [
        { doc: "First.\nSecond.\nBehind." },
        { doc: "Fields.", type: { fields: [{ doc: "X." }, { doc: undefined }] } },
      ],
    },
    { doc: "Number." },
  ]);
});

test("what is faulty leaves the names and the neighbours", () => {
  const text = `let a : = 3
type T = |
param p : Int = *
fn f() -> Int =
appliance x {
  dns { rate = ; listen += [1 = ]; ok = 1 }
  b = 3
}`;
  const { ast, diagnostics } = parse("t", `appl 1\n${text}`);
  expect(diagnostics.length).toBe(6);
  expect(ast.items).toMatchObject([
    { kind: "let", name: { text: "a" }, value: { kind: "error" } },
    { kind: "type", name: { text: "T" }, type: { kind: "error" } },
    { kind: "param", name: { text: "p" }, type: { kind: "error" } },
    { kind: "fn", name: { text: "f" }, value: { kind: "error" } },
    {
      body: {
        items: [
          {
            value: {
              body: {
                items: [
                  { path: { head: { text: "rate" } }, value: { kind: "assign", value: { kind: "error" } } },
                  { path: { head: { text: "listen" } }, value: { kind: "add", value: { kind: "error" } } },
                  { path: { head: { text: "ok" } }, value: { value: { raw: "1" } } },
                ],
              },
            },
          },
          { path: { head: { text: "b" } } },
        ],
      },
    },
  ]);
});
