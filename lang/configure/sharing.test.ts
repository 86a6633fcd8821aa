/** What an appliance is on one target is taken over for the others, where it cannot differ. */
import { expect, test } from "vitest";
import { configure, MemoryFiles, settingsOf } from "#lang";
import { testLibraries, testMachines } from "../test/libraries.ts";

const run = (top: string, body: string) =>
  configure({
    path: "t.appl",
    files: new MemoryFiles({ "t.appl": `appl 1\nuse std/cache\n${top}\nappliance a { ${body} }\n` }),
    libraries: testLibraries,
    machines: testMachines,
    everywhere: true,
  });

const targets = "use std/board/qemu\ntarget one { board = qemu.x86_64 }\ntarget two { board = qemu.vm }\n";

test.each<[what: string, top: string, body: string, shared: boolean]>([
  ["a description that does not ask for its target", "", "cache { }", true],
  ["one that asks for its name", "", 'cache { } assert target.name != "three"', false],
  ["one whose values ask for it", "let it = target.name", 'cache { } assert it != "three"', false],
  [
    "one that has blocks for some of them",
    "",
    'cache { } when target.name == "one" { cache { keep = 2h } }',
    false,
  ],
  [
    "one whose params differ",
    "param n : Int = 1\ntarget three { board = qemu.vm; set { n = 2 } }",
    "cache { } assert n > 0",
    true,
  ],
])("%s", (_, top, body, shared) => {
  const { configurations, diagnostics } = run(`${targets}${top}`, body);
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  const [one, two] = configurations.map(settingsOf);
  expect(one === two).toBe(shared);
  expect(configurations[2] && settingsOf(configurations[2]) === one).not.toBe(true);
});

test("what is wrong with it is said once, and for no target in particular", () => {
  const { configurations, diagnostics } = run(targets, "cache { } assert 1 > 2");
  expect(configurations).toEqual([]);
  expect(diagnostics.map(({ code, notes }) => [code, notes])).toEqual([["E0701", []]]);
});
