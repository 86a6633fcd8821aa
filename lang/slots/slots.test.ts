import fc from "fast-check";
import { expect, test } from "vitest";
import { configure, MemoryFiles, MemoryLibraries, slotSpec } from "#lang";
import { someMachine } from "../test/libraries.ts";
import { compileRegex } from "../values/regex.ts";
import { matchRegex } from "../values/regex-match.ts";
import { type Automaton, automatonOf } from "./automaton.ts";

function matches({ cuts, next, accepts }: Automaton, text: string): boolean {
  let state = 1;
  for (const character of text) {
    const code = character.codePointAt(0)!;
    state = next[state * cuts.length + cuts.findLastIndex((cut) => cut <= code)]!;
  }
  return accepts[state] === 1;
}

test.each([
  ["^[ -~]{8,63}$", ["hunter2", "hunter22", "x".repeat(63), "x".repeat(64), "ümlaut..", ""]],
  ["^a+$", ["a", "aaa", "", "ab", "ba"]],
  ["b", ["b", "abc", "", "ac"]],
  ["a$|^b", ["xa", "bx", "ax", "xb", "", "a", "b"]],
  ["^(ab|cd)*e?$", ["", "ab", "abcd", "abe", "ae", "e"]],
  ["^[^€]$", ["€", "x", "𝄞", ""]],
  ["x{2,3}y", ["xy", "xxy", "zxxxyz", "xx"]],
  ["", ["", "a"]],
])("%s as a table decides as the expression does", (pattern, texts) => {
  const automaton = automatonOf(pattern)!;
  const compiled = compileRegex(pattern);
  if (!compiled.ok) throw new Error(pattern);
  for (const text of texts)
    expect(matches(automaton, text), text).toBe(matchRegex(compiled.value, text).matched);
  const some = fc.string({
    unit: fc.constantFrom("a", "b", "c", "d", "e", "x", "y", "€", "𝄞"),
    maxLength: 8,
  });
  fc.assert(
    fc.property(some, (text) => {
      expect(matches(automaton, text)).toBe(matchRegex(compiled.value, text).matched);
    }),
  );
});

test("what no table of a sensible size decides is refused", () => {
  expect(automatonOf("\\bword")).toBeUndefined();
  expect(automatonOf("a.{12}b")).toBeUndefined();
  expect(automatonOf("^.{1000}$")).toBeUndefined();
});

const library = `appl 1
library std/box
type Near = IfaceAddr where it.family == 4
module box {
  option count : AtBoot<Int in 1..9> = 5
  option word  : AtBoot<none | some> = none
  option near  : AtBoot<Near>? = none
}
`;

function configured(params: string, settings: string) {
  const text = `appl 1\nuse std/box\n${params}\nappliance t { box { ${settings} } }\n`;
  const { configurations, diagnostics } = configure({
    path: "t.appl",
    files: new MemoryFiles({ "t.appl": text }),
    libraries: new MemoryLibraries({ "std/box": library }),
    machines: someMachine,
  });
  return {
    slots: configurations[0]?.secrets ?? [],
    said: diagnostics.map(({ code, text: what }) => `${code} ${what}`),
  };
}

test("a param of the start is a slot with its default; a plain value is none", () => {
  const { slots } = configured('param n : Int from boot "n" = 3', "count = n; word = some");
  expect(slots.map(({ name, open, type, delivery }) => [name, open, type, delivery])).toEqual([
    ["n", true, "Int", { by: "boot", slot: "n" }],
  ]);
  expect(slots[0]?.fallback).toMatchObject({ kind: "int", value: 3n });
});

test("a default has to be good for who takes it", () => {
  expect(configured('param n : Int from boot "n" = 10', "count = n").said).toEqual([
    "E0303 `count` is to be in `1..9`, and `10` is not",
  ]);
});

test("conditions are programs for numbers", () => {
  const { slots } = configured(
    'param n : Int where it > 2 and not (it == 7) or it in [1, 2] from boot "n"',
    "count = n",
  );
  const spec = slotSpec([slots[0]!.holds]);
  expect(spec).toMatchObject({
    form: "number",
    programs: [[1n, 0n, 2n, 7n, 1n, 0n, 7n, 3n, 11n, 9n, 1n, 0n, 1n, 3n, 1n, 0n, 2n, 3n, 10n, 10n]],
  });
});

test.each([
  ["IfaceAddr", 0],
  ["IfaceAddr where it.family == 4", 4],
  ["IfaceAddr where it.family == 6", 6],
])("of %s a machine has nothing to compute: it reads addresses of family %d", (type, family) => {
  const { slots } = configured(`param a : ${type} from boot "a"`, "near = a");
  expect(slotSpec([slots[0]!.holds])).toMatchObject({ form: "prefix", family, programs: [] });
});
