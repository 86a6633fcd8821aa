import { expect, test } from "vitest";
import { configure, MemoryFiles, MemoryLibraries, print, printShort } from "#lang";
import { someMachine } from "../test/libraries.ts";

const library = `appl 1
library std/box
type Key = Str where len(it) >= 8
block Peer : Str { option key : Secret<Key>; option second : Secret<Key>? = none; check second == none or label != "" }
module box {
  option auth : nobody | { user: Str, password: Secret<Key> } | List<Secret<Key>> = nobody
  blocks peer : Peer
}
`;

function configured(body: string) {
  const files = new MemoryFiles({
    "t.appl": `appl 1
use std/box
secret a : box.Key from boot "net/a"
secret b : box.Key from sealed "./keys/b.sealed"
secret c : box.Key from generated
fn either(first: Secret<box.Key>, second: Secret<box.Key>, n: Int) -> Secret<box.Key> = if n == 1 then first else second
appliance t { box { ${body} } }
`,
  });
  const libraries = new MemoryLibraries({ "std/box": library });
  const { configurations, ...rest } = configure({ path: "t.appl", files, libraries, machines: someMachine });
  return { ...rest, configuration: configurations[0] };
}

const errors = (body: string) =>
  configured(body)
    .diagnostics.filter(({ severity }) => severity === "error")
    .map(({ code, text }) => `${code} ${text}`);

test("a secret is handed on through variables, functions, lists and records, and stays a slot", () => {
  const { configuration, reads } = configured(`
    let keys = { "x" => a, "y" => either(a, b, 2) }
    for name, key in keys { peer (name) { key = key } }
    auth = { user = "u", password = [c, a][0] }`);
  expect(configuration?.secrets.map(({ name, type, delivery }) => [name, type, delivery])).toEqual([
    ["a", "box.Key", { by: "boot", slot: "net/a" }],
    ["b", "box.Key", { by: "sealed", path: "keys/b.sealed" }],
    ["c", "box.Key", { by: "generated" }],
  ]);
  expect(reads.filter((path) => path.includes("sealed"))).toEqual([]);
  const { config } = configuration!.modules[0]!.instances[0]!;
  expect(print(config)).toContain("password = secret c");
  expect(print(config)).toContain('"y" => { key = secret b, second = none }');
  expect(printShort(config.fields.get("peer")!)).toContain("secret a");
});

test("only secrets that an appliance uses are asked for", () => {
  expect(configured('peer "x" { key = b }').configuration?.secrets.map(({ name }) => name)).toEqual(["b"]);
  expect(configured("auth = [c, c, a]").configuration?.secrets.map(({ name }) => name)).toEqual(["a", "c"]);
  expect(configured("").configuration?.secrets).toEqual([]);
});

test("what a secret must be like is not looked at before it is there", () => {
  expect(errors('peer "x" { key = a; second = b }')).toEqual([]);
  expect(errors('peer "x" { key = a; second = none }')).toEqual([]);
});

test("a secret in alternatives, lists and records is refused as a text there, too", () => {
  expect(errors('auth = { user = "u", password = "hunter2" }')).toEqual([
    "E0310 `password` is a Secret, and a secret may not be written in the description",
  ]);
  expect(errors('auth = ["hunter2"]')[0]).toContain("E0310");
  expect(errors("auth = [a, 5]")[0]).toContain("E0310");
  expect(errors('peer "x" { key = a; second = "hunter2" }')[0]).toContain("E0310");
});

test("the text of a secret is in no diagnostic", () => {
  const { diagnostics } = configured('auth = { user = "u", password = "hunter2" }');
  expect(JSON.stringify(diagnostics)).not.toContain("hunter2");
  expect(diagnostics.flatMap(({ masked = [] }) => masked)).toHaveLength(1);
});
