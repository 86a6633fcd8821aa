import { describe, expect, test } from "vitest";
import { MemoryFiles } from "#lang";
import { toyLibraries, toyTarget } from "../assemble/test-modules.ts";
import type { ModuleReport } from "../build/report.ts";
import { type CostNode, costOf, costTree } from "./closure.ts";
import { plannedModules } from "./planned.ts";

/** `asks`: who asks for it; `""` is the description. */
const module = (path: string, ...asks: readonly string[]): ModuleReport => ({
  path,
  doc: undefined,
  parts: [],
  bindings: {},
  reasons: asks.map((from) => ({
    kind: from === "" ? "block" : "need",
    from: from === "" ? undefined : from,
    text: path,
    interface: undefined,
    place: undefined,
  })),
  settings: [],
});

const shape = ({ name, total, children }: CostNode): unknown => [name, total.image, children.map(shape)];

describe("what a module costs", () => {
  // Each after all that it needs: x and y both ask for z, and z alone for w.
  const modules = [
    module("w", "z"),
    module("z", "x", "y"),
    module("x", "top"),
    module("y", "top"),
    module("top", ""),
  ];
  const sizes = modules.map(({ path }, n) => ({ name: path, bytes: 10 ** n }));

  test("is its own and that of all that is only there for it", () => {
    expect(shape(costTree(modules, sizes, []))).toEqual([
      "",
      11_111,
      [
        [
          "top",
          11_111,
          [
            ["y", 1000, []],
            ["x", 100, []],
            ["z", 11, [["w", 1, []]]],
          ],
        ],
      ],
    ]);
  });

  test("is less when the description asks for a part of it, too", () => {
    const also = modules.map((each) => (each.path === "z" ? module("z", "x", "y", "") : each));
    const tree = costTree(also, sizes, [{ name: "z", bytes: 7 }]);
    expect(costOf(tree, "top")!.total).toEqual({ image: 11_100, ram: 0 });
    expect(costOf(tree, "z")!.total).toEqual({ image: 11, ram: 7 });
  });

  test("code of nobody stands by itself", () => {
    const tree = costTree(modules, [{ name: "wiring", bytes: 5 }], []);
    expect(tree.children.map(({ name }) => name)).toEqual(["wiring", "top"]);
    expect(costOf(tree, "nowhere")).toBeUndefined();
  });
});

describe("why a module is not there", () => {
  const library = (text: string) => `appl 1
library std/toy

interface Counter { source = "./counter/index.ts" }
interface Step { source = "./step.ts" }
interface Alarm { source = "./counter/index.ts" }

module words {
  option offset : Int = 0
  part loud when offset > 1000
  needs alarm : Alarm when loud
}
module counter { offers Counter }
module bell { offers Alarm }
module clock { option hour : Int = 0 }
${text}`;

  function absence(name: string, body: string, more = "") {
    const text = `appl 1\nuse std/toy\n\nappliance box {\n  words { }\n  ${body}\n}\n`;
    const { diagnostics, planned } = plannedModules({
      path: "toy.appl",
      backends: [toyTarget],
      files: new MemoryFiles({ "toy.appl": text }),
      libraries: toyLibraries({ "stdlib/toy/toy.appl": library(more) }),
    });
    expect(diagnostics).toEqual([]);
    return planned!.absence(name);
  }

  test("its block is under a condition that does not hold", () => {
    const found = absence("std/toy/clock", 'when target.name == "moon" { clock { hour = 3 } }');
    expect(found?.skipped).toEqual([
      {
        block: { text: "clock", place: { file: "toy.appl", line: 6, column: 32 } },
        when: { text: 'target.name == "moon"', place: { file: "toy.appl", line: 6, column: 8 } },
      },
    ]);
  });

  test("a part that would need it is off", () => {
    expect(absence("std/toy/bell", "")?.parts).toEqual([
      {
        module: "std/toy/words",
        part: "loud",
        need: "alarm",
        when: { text: "offset > 1000", place: { file: "stdlib/toy/toy.appl", line: 10, column: 18 } },
      },
    ]);
    expect(absence("std/toy/bell", "words { offset = 2000 }")).toBeUndefined();
  });

  test("nothing needs it, and no block asks for it", () => {
    expect(absence("std/toy/counter", "")).toMatchObject({ skipped: [], parts: [], met: [], askers: [] });
    expect(absence("std/toy/clock", "")).toMatchObject({ block: "clock", skipped: [], parts: [] });
  });

  test("who needs it is not there either", () => {
    const more = "module sums {\n  needs counter : Counter\n}\n";
    expect(absence("std/toy/counter", "", more)?.askers).toEqual(["std/toy/sums"]);
  });

  test("of a library that the description does not reach, and of none", () => {
    expect(absence("std/ntp", "")).toMatchObject({ unused: true });
    expect(absence("std/toy/nothing", "")).toBeUndefined();
    expect(absence("a(b", "")).toBeUndefined();
  });
});
