import { describe, expect, test } from "vitest";
import { MemoryFiles, MemoryLibraries, type RecordValue, runTests } from "#lang";
import { testLibraries, testMachines } from "../test/libraries.ts";

const shop = `appl 1
library std/shop

module shop {
  option rate  : Int = 1
  option names : List<Str> = []
  check rate < 100, "too fast"
  query open_for(name: Str) -> Bool = name in names
}
`;

const trials = `appl 1
library std/trials

block Step : Str { option at : Duration }
block Trial {
  option count : Int in 1..9 = 1
  blocks step : Step
  check count != 7, "seven is too much"
}
`;

const libraries = new MemoryLibraries({
  ...Object.fromEntries(testLibraries.all().map((path) => [path, testLibraries.find(path)!.text])),
  "std/shop": shop,
  "std/trials": trials,
});

const appliances = `param limit : Int = 5
appliance a { shop { rate = limit; names = ["x"] } }
appliance b { shop { rate = 2; names = ["y"] } }
target one { board = qemu.x86_64 }
target two { board = qemu.x86_64; set { limit = 7 } }
`;

function run(tests: string) {
  const text = `appl 1\nuse std/shop\nuse std/net\nuse std/board/qemu\n${appliances}${tests}`;
  const files = new MemoryFiles({ "t.appl": text });
  const { results, diagnostics } = runTests({ path: "t.appl", files, libraries, machines: testMachines });
  return {
    errors: diagnostics.map(({ code }) => code),
    results: results.map(({ title, target, failures }) => [title, target, failures.map(({ code }) => code)]),
  };
}

test("assertions over all appliances, on every target", () => {
  expect(run('test "rates" { assert a.shop.rate == 5 assert b.shop.rate < a.shop.rate }')).toEqual({
    errors: [],
    results: [
      ["rates", "one", []],
      ["rates", "two", ["E0701"]],
    ],
  });
});

test("lets, loops, conditions and questions to modules", () => {
  const body = `let both = [a.shop.names, b.shop.names]
  for names in both { assert len(names) == 1 }
  when target.name == "two" { assert a.shop.rate == 7 }
  assert a.shop.open_for("x") and not b.shop.open_for("x")`;
  expect(run(`test "all" { ${body} }`).results).toEqual([
    ["all", "one", []],
    ["all", "two", []],
  ]);
});

test("an error that is to come", () => {
  const found = run(`test "refused" {
  expect error E0700 { shop { rate = 100 } }
  expect error E0101 { shop { raet = 1 } }
}
test "not refused" { expect error E0700 { shop { rate = 99 } } }
test "refused for another reason" { expect error E0700 { shop { rate = "x" } } }
`);
  expect(found.errors).toEqual([]);
  expect(found.results.filter(([, target]) => target === "one")).toEqual([
    ["refused", "one", []],
    ["not refused", "one", ["E0704"]],
    ["refused for another reason", "one", ["E0704"]],
  ]);
});

test.each([
  ["a module that the appliance has not", 'test "t" { assert a.net == b.net }', []],
  ["an unknown appliance", 'test "t" { assert c.shop.rate == 1 }', ["E0105"]],
  ["an unknown setting", 'test "t" { assert a.shop.raet == 1 }', ["E0117"]],
  ["a setting", 'test "t" { shop { rate = 1 } }', ["E0119"]],
  ["an expectation without a code", 'test "t" { expect error { } }', ["E0119"]],
])("mistakes in tests: %s", (_, text, codes) => {
  expect(run(text).errors).toEqual(codes);
});

test("a description with errors has nothing to test", () => {
  expect(run('appliance c { shop { rate = 200 } } test "t" { assert true }')).toMatchObject({ results: [] });
});

describe("trials", () => {
  const machines = { ...testMachines, trial: { word: "try", library: "std/trials", block: "Trial" } };
  const tried = (tests: string, known = machines) => {
    const files = new MemoryFiles({
      "t.appl": `appl 1\nuse std/shop\nuse std/net\nuse std/board/qemu\n${appliances}${tests}`,
    });
    const { results, diagnostics } = runTests({ path: "t.appl", files, libraries, machines: known });
    return {
      errors: diagnostics.map(({ code }) => code),
      failures: results.flatMap(({ failures }) => failures.map(({ code }) => code)),
      trials: results.map(({ target, trials: all }) => [
        target,
        ...all.map(({ settings }) => plainly(settings)),
      ]),
    };
  };
  const plainly = ({ fields }: RecordValue) => {
    const [count, steps] = [fields.get("count"), fields.get("step")];
    return [
      count?.kind === "int" && Number(count.value),
      steps?.kind === "map" && [...steps.entries.keys()].length,
    ];
  };

  test("are finished for whoever asked, on every target, from what the test has", () => {
    const body =
      'assert a.shop.rate > 0 try { count = limit - 4; step "x" { at = 1s } step "y" { at = 2s } } try {}';
    expect(tried(`test "t" { ${body} }`)).toEqual({
      errors: [],
      failures: [],
      trials: [
        ["one", [1, 2], [1, 0]],
        ["two", [3, 2], [1, 0]],
      ],
    });
  });

  test("of a test that fails are not wanted any more", () => {
    expect(tried('test "t" { try {} assert limit == 5 }').trials).toEqual([["one", [1, 0]], ["two"]]);
  });

  test("are held against their types and checks", () => {
    expect(tried('test "t" { try { cuont = 1 } }').errors).toEqual(["E0101"]);
    expect(tried('test "t" { try { count = 7 } }')).toMatchObject({
      failures: ["E0700", "E0700"],
      trials: [["one"], ["two"]],
    });
    expect(tried('test "t" { try x { } }').errors).toEqual(["E0119"]);
    expect(tried('test "t" { try = 5 }').errors).toEqual(["E0119"]);
  });

  test("are there only where somebody carries them out", () => {
    expect(tried('test "t" { try {} }', testMachines as typeof machines).errors).toEqual(["E0119"]);
  });
});
