/** What wins when several places say something of one setting. Each description asserts what must come out. */
import { expect, test } from "vitest";
import { configure, MemoryFiles, MemoryLibraries, plain, renderAll, Sources } from "#lang";
import { testLibraries, testMachines } from "./libraries.ts";

const shop = `appl 1
library std/shop

block Rule : Str {
  option from  : Str = "any"
  option limit : Int? = none
}

block Log { option each : Bool = true }

block Cash { option coins : Int = 0 }
block Card { option maker : Str = "" }

type Span = { low: Int = 0, high: Int = 9 }

module shop {
  option rate    : Int = 1
  option names   : List<Str> merge append
  option tags    : List<Str> merge union = ["a"]
  option headers : Map<Str, Str> merge append
  option alias   : Map<Str, Str> = {}
  option room    : Size merge sum = 1KiB
  option few     : (List<Int> where len(it) <= 3) merge append = []
  option range   : Span = { low = 0 }
  maybe  log     : Log
  blocks rule    : Rule ordered
  choice pay     : cash Cash | card Card
}
`;

const libraries = new MemoryLibraries({
  ...Object.fromEntries(testLibraries.all().map((path) => [path, testLibraries.find(path)!.text])),
  "std/shop": shop,
});

const others = {
  "common.appl": "appl 1\nuse std/shop as s\nfragment base { s { rate = 7; cash {} } }\n",
};

interface Given {
  readonly target?: string;
  readonly params?: Readonly<Record<string, string>>;
}

/** What is said of the top of a file and an appliance `a`. */
function said(top: string, body: string, given: Given = {}): string {
  const text = `appl 1\nuse std/shop\nuse std/board/qemu\nuse std/board/apu2\nuse "./common.appl"\n${top}\nappliance a {\n${body}\n}\n`;
  const files = new MemoryFiles({ ...others, "t.appl": text });
  const { diagnostics } = configure({ path: "t.appl", files, libraries, machines: testMachines, ...given });
  return renderAll(diagnostics, new Sources(files), plain);
}

const codes = (text: string): readonly string[] => text.match(/(?<=error\[)E\d+(?=\])/g) ?? [];

const slow = "fragment slow { shop { default rate = 5; cash {} } }";

test.each([
  ["an option's default", "", "shop { cash {} } assert shop.rate == 1"],
  ["a default of a fragment over that", slow, "include slow assert shop.rate == 5"],
  ["a plain value over a default", slow, "shop { rate = 6 } include slow assert shop.rate == 6"],
  [
    "an override over a plain value",
    slow,
    "include slow shop { rate = 6 } override shop { rate = 8 } assert shop.rate == 8",
  ],
  [
    "equal values agree",
    "fragment b { shop { rate = 2 } }",
    "include b shop { rate = 2; cash {} } assert shop.rate == 2",
  ],
  [
    "a default block gives its rank to what is in it",
    "fragment b { default shop { rate = 2; cash {} } }",
    "include b shop { rate = 3 } assert shop.rate == 3",
  ],
  [
    "a fragment of another file, under that file's own names",
    "",
    "include common.base assert shop.rate == 7",
  ],
  [
    "a fragment that is reached twice is there once",
    'fragment x { shop { names += ["x"]; cash {} } } fragment l { include x } fragment r { include x }',
    'include l include r assert shop.names == ["x"]',
  ],
  [
    "contributions in order, fragments first",
    'fragment x { shop { names += ["x"] } }',
    'shop { names += ["y"]; cash {} } include x assert shop.names == ["x", "y"]',
  ],
  [
    "a contribution adds to a default",
    'fragment x { shop { default names = ["x"] } }',
    'shop { names += ["y"]; cash {} } include x assert shop.names == ["x", "y"]',
  ],
  [
    "an override leaves out contributions",
    "",
    'shop { names += ["y"]; cash {} } override shop.names = ["z"] assert shop.names == ["z"]',
  ],
  [
    "a union keeps one of each",
    "",
    'shop { tags += ["a", "b"]; cash {} } shop { tags += ["b"] } assert shop.tags == ["a", "b"]',
  ],
  [
    "maps are united by key",
    "",
    'shop { headers += { "a" => "1" }; cash {} } shop { headers += { "b" => "2" } } assert shop.headers == { "a" => "1", "b" => "2" }',
  ],
  [
    "amounts are added up",
    "",
    "shop { room += 1KiB; cash {} } shop { room += 2KiB } assert shop.room == 4KiB",
  ],
  [
    "entries of maps, one by one",
    'fragment x { shop { alias a = "1"; alias b = "2" } }',
    'include x shop { override alias b = "3"; cash {} } assert shop.alias == { "a" => "1", "b" => "3" }',
  ],
  [
    "an entry is removed",
    'fragment x { shop { alias a = "1"; alias b = "2" } }',
    'include x shop { remove alias b; cash {} } assert shop.alias == { "a" => "1" }',
  ],
  [
    "a record is given field by field, like a block",
    "fragment x { shop { default range = { low = 1 } } }",
    "include x shop { range { high = 4 }; cash {} } assert shop.range.low == 1 and shop.range.high == 4",
  ],
  [
    "a block that is not to be there",
    "fragment x { shop { log {} } }",
    "include x shop { override log = none; cash {} } assert shop.log == none",
  ],
  [
    "another arm of a choice",
    "fragment x { shop { default cash {} } }",
    'include x shop { card { maker = "m" } } assert shop.pay is card',
  ],
  [
    "ordered blocks: those of fragments first, edited in place",
    'fragment x { shop { rule "1" { from = "x" } rule "2" {} } }',
    'shop { rule "3" {} cash {} } include x override shop { rule "1" { limit = 4; from = "y" } } assert keys(shop.rule) == ["1", "2", "3"] and shop.rule["1"].limit == 4',
  ],
  [
    "a block is removed and written anew",
    'fragment x { shop { rule "1" { from = "x" } rule "2" {} } }',
    'include x shop { cash {} remove rule "1"; rule "1" {} } assert keys(shop.rule) == ["2", "1"] and shop.rule["1"].from == "any"',
  ],
  [
    "by a path",
    "",
    'shop { cash {} } shop.rule["1"].from = "p" override shop.rule["1"].from = "q" assert shop.rule["1"].from == "q"',
  ],
  ["a fragment under a condition", slow, "when target.memory == none { include slow } assert shop.rate == 5"],
  [
    "a let of a param that a target sets",
    "param q : Int = 1\nlet twice = q * 2\ntarget t { board = qemu.x86_64; set { q = 4 } }",
    "shop { rate = twice; cash {} } assert shop.rate == 8",
  ],
])("%s", (_, top, body) => {
  expect(said(top, body)).toBe("");
});

const targets = `param host : DomainName = "a.example"
param n : Int in 1..9
target lab { board = qemu.x86_64; memory = 64MiB; set { host = "lab.example"; n = 2 } }
target box { board = apu2.apu2e4; set { n = 3 }; override shop { rate = 9 }; shop { names += ["box"] } }
`;

test("targets choose boards, give values to params, and change the appliance", () => {
  const body = `shop { rate = n; room = 2KiB; cash {} }
  when target.board == apu2.apu2e4 { override shop.room = 7KiB }
  assert target.name != "lab" or (host == "lab.example" and shop.rate == 2 and target.memory == 64MiB)
  assert target.name != "box" or (host == "a.example" and shop.rate == 9 and shop.names == ["box"] and shop.room == 7KiB)`;
  expect(said(targets, body)).toBe("");
  expect(said(targets, body, { target: "box", params: { n: "4", host: "b.example" } })).toContain("host ==");
});

test("what is given with the request wins over the target", () => {
  const given = { target: "lab", params: { n: "5", host: "c.example" } };
  expect(said(targets, 'shop { cash {} } assert n == 5 and host == "c.example"', given)).toBe("");
});

test("a mistake of one target says which", () => {
  const text = said(targets, 'shop { cash {} } assert n != 3, "three"');
  expect(codes(text)).toEqual(["E0701"]);
  expect(text).toContain("found for target `box`, not for `lab`");
});

test.each([
  [
    "two fragments that differ",
    "fragment x { shop { rate = 2 } } fragment y { shop { rate = 3 } }",
    "include x include y shop { cash {} }",
    ["E0402"],
  ],
  ["nothing to override", "", "shop { cash {} override rate = 3 }", ["E0403"]],
  ["a block that nobody made", "", 'shop { cash {} } override shop { override rule "1" {} }', ["E0403"]],
  ["an override in a fragment", "fragment x { override shop { rate = 3 } }", "shop { cash {} }", ["E0404"]],
  ["a rank in a value", "", "shop { cash {} } let r = { default a = 1 }", ["E0208"]],
  ["set and added to", "", 'shop { names = ["a"]; names += ["b"]; cash {} }', ["E0409"]],
  ["an option that does not merge", "", "shop { rate += 1; cash {} }", ["E0410"]],
  [
    "contributions that are too many together",
    "",
    "shop { few += [1, 2]; cash {} } shop { few += [3, 4] }",
    ["E0304"],
  ],
  [
    "two contributions with one key",
    "",
    'shop { headers += { "a" => "1" }; cash {} } shop { headers += { "a" => "2" } }',
    ["E0402"],
  ],
  ["nothing to remove", "", 'shop { cash {} remove rule "1" }', ["E0411"]],
  [
    "what the same body says is not to be removed by it",
    "",
    'shop { cash {} rule "1" {} remove rule "1" }',
    ["E0411"],
  ],
  [
    "a fragment that includes itself",
    "fragment x { include y } fragment y { include x }",
    "shop { cash {} }",
    ["E0412"],
  ],
  ["an unknown fragment", "fragment base {}", "include bases shop { cash {} }", ["E0120"]],
  ["a fragment inside a block", "fragment base {}", "shop { cash {} include base }", ["E0119"]],
  ["a param that needs itself", "param p : Int = q\nparam q : Int = p", "shop { cash {} }", ["E0110"]],
  [
    "a target that reads itself",
    "target t { board = qemu.x86_64; memory = target.memory }",
    "shop { cash {} }",
    ["E0342"],
  ],
  ["a param without a value", "param p : Int", "shop { cash {} }", ["E0341"]],
  [
    "a setting that no target has",
    "target t { board = qemu.x86_64; memroy = 1MiB }",
    "shop { cash {} }",
    ["E0101"],
  ],
  ["a rule of targets", "target t { board = qemu.x86_64; memory = 5GiB }", "shop { cash {} }", ["E0700"]],
  [
    "set of an unknown param",
    "target t { board = qemu.x86_64; set { x = 1 } }",
    "shop { cash {} }",
    ["E0122"],
  ],
  [
    "two blocks and none",
    "fragment x { shop { log {} } }",
    "include x shop { log = none; cash {} }",
    ["E0402"],
  ],
])("refused: %s", (_, top, body, wanted) => {
  expect(codes(said(top, body))).toEqual(wanted);
});

test.each([
  [{ n: "12" }, "E0340"],
  [{ n: "1", host: "-x-.example" }, "E0340"],
  [{ n: "1", m: "1" }, "E0122"],
  [{ n: "1 2" }, "E0340"],
])("refused: the params %j", (params, code) => {
  expect(codes(said(targets, "shop { cash {} }", { params, target: "kvm" }))).toEqual([code]);
});

test("an unknown target", () => {
  expect(codes(said(targets, "shop { cash {} }", { target: "labb" }))).toEqual(["E0121"]);
});
