import { expect, test } from "vitest";
import { configure, type Explanation, explainSetting, MemoryFiles, MemoryLibraries } from "#lang";
import { someMachine } from "../test/libraries.ts";

const shop = `appl 1
library std/shop
block Rule : Str { option limit : Int? = none }
block Cash { option coins : Int = 0 }
block Card { option maker : Str = "" }
## Sells things.
module shop {
  option rate    : Int = 1
  option names   : List<Str> merge append = ["d"]
  option headers : Map<Str, Str> = {}
  blocks rule    : Rule
  choice pay     : cash Cash | card Card
}
`;

const text = `appl 1
use std/shop
fragment slow { shop { default rate = 5; names += ["x"]; headers a = "1" } }
appliance a {
  include slow
  shop { rate = 6; names += ["y"]; card { maker = "m" }; rule "one" {} }
  override shop.rate = 7
}
`;

const { configurations } = configure({
  path: "t.appl",
  files: new MemoryFiles({ "t.appl": text }),
  libraries: new MemoryLibraries({ "std/shop": shop }),
  machines: someMachine,
});

const explained = (path: string) => explainSetting(configurations[0]!, path);

const rows = (path: string) =>
  (explained(path) as Explanation).definitions.map(({ value, rank, wins, via }) =>
    [value, rank, wins ? "wins" : "", via ?? ""].join(" ").trimEnd(),
  );

test("every definition, the strongest first", () => {
  expect(explained("shop.rate")).toMatchObject({ value: "7", type: "Int" });
  expect(rows("shop.rate")).toEqual(["7 override wins", "6 plain", "5 default  slow", "1 option default"]);
});

test("contributions count all, and so does what they are added to", () => {
  expect(explained("shop.names")).toMatchObject({ value: '["d", "x", "y"]' });
  expect(rows("shop.names")).toEqual([
    '["x"] plain wins slow',
    '["y"] plain wins',
    '["d"] option default wins',
  ]);
});

test("an entry of a map, a setting in a block with a label, one that nobody made", () => {
  expect(rows('shop.headers["a"]')).toEqual(['"1" plain wins slow', "{} option default"]);
  expect(rows('shop.rule["one"].limit')).toEqual(["none option default wins"]);
  expect(explained("shop.rule.one.limit")).toMatchObject({ path: 'shop.rule["one"].limit' });
});

test("a block: its settings with what won", () => {
  const { settings, docs } = explained("shop.card") as Explanation;
  expect(docs).toBeUndefined();
  expect(settings.map(({ path, value, by }) => [path, value, by.rank])).toEqual([
    ["shop.card.maker", '"m"', "plain"],
  ]);
  expect((explained("shop") as Explanation).settings.map(({ path }) => path)).toEqual([
    "shop.rate",
    "shop.names",
    "shop.headers",
    'shop.rule["one"].limit',
    "shop.card.maker",
  ]);
});

test.each([
  ["shop.raet", { kind: "unknown", at: "raet" }],
  ["shp", { kind: "unknown", at: "shp", names: ["shop"] }],
  ["shop.rule", { kind: "unknown", at: "", names: ['"one"'] }],
  ['shop.rule["two"]', { kind: "unknown", at: "two", names: ["one"] }],
  ["shop.cash", { kind: "absent", path: "shop.cash" }],
  ["shop..rate", { kind: "no path" }],
  ["1 + 2", { kind: "no path" }],
])("%s leads nowhere, and what is there is said", (path, problem) => {
  expect(explained(path)).toMatchObject(problem);
});
