import { expect, test } from "vitest";
import { parse } from "#lang";
import { bracePairs, edited, examples, lineOf } from "./syntax-files.ts";

for (const { name, text } of examples) {
  test(`blames the right line when a closing brace of ${name} is missing, and the help mends it`, () => {
    for (const [open, close] of bracePairs(text)) {
      const broken = text.slice(0, close) + text.slice(close + 1);
      const { diagnostics } = parse(name, broken);
      const where = `line ${lineOf(text, open)}`;
      expect(
        diagnostics.map(({ code }) => code),
        where,
      ).toEqual(["E0003"]);
      const [{ primary, helps }] = diagnostics as [(typeof diagnostics)[number]];
      expect(lineOf(broken, primary.span.start), where).toBe(lineOf(text, open));
      if (text.slice(open, close).includes("\n")) expect(primary.span.start, where).toBe(open);
      const mended = parse(name, edited(broken, helps[0]!.edit!)).diagnostics;
      expect(
        mended.filter(({ code }) => code === "E0003"),
        where,
      ).toEqual([]);
    }
  });

  test(`gives one error for each opening brace of ${name} that is missing, on its line`, () => {
    for (const [open] of bracePairs(text)) {
      const broken = text.slice(0, open) + text.slice(open + 1);
      const { diagnostics } = parse(name, broken);
      const where = lineOf(text, open);
      expect(diagnostics.length, `line ${where}`).toBe(1);
      const [{ primary, related }] = diagnostics as [(typeof diagnostics)[number]];
      const lines = [primary, ...related].map(({ span }) => lineOf(broken, span.start));
      expect(lines, `line ${where}`).toContain(where);
    }
  });
}

test("the brace that is blamed is the right one in most single-line blocks too", () => {
  let right = 0;
  let all = 0;
  for (const { name, text } of examples)
    for (const [open, close] of bracePairs(text)) {
      const [first] = parse(name, text.slice(0, close) + text.slice(close + 1)).diagnostics;
      all++;
      if (first?.primary.span.start === open) right++;
    }
  expect(all).toBeGreaterThanOrEqual(168);
  expect(right / all).toBeGreaterThanOrEqual(159 / 168);
});

test("a declaration at column 1 bounds the damage to the one before it", () => {
  const { ast, diagnostics } = parse(
    "a",
    "appl 1\nappliance a {\n  dns {\nlet x = 1\ntarget t { board = b }\n",
  );
  expect(diagnostics.map(({ code }) => code)).toEqual(["E0003"]);
  expect(ast.items.map(({ kind }) => kind)).toEqual(["appliance", "let", "target"]);
});

test("a `let` at column 1 may stand in a body as long as the braces balance", () => {
  const { ast, diagnostics } = parse("a", "appl 1\nappliance a {\nlet x = 1\nb = x\n}\n");
  expect(diagnostics).toEqual([]);
  expect(ast.items).toMatchObject([
    { kind: "appliance", body: { items: [{ kind: "let" }, { kind: "setting" }] } },
  ]);
});

test("a setting at column 1 whose name is a word for declarations ends nothing", () => {
  const { ast, diagnostics } = parse("a", "appl 1\nappliance a {\ntarget = 1\nmodule.x = 2\n}\n");
  expect(diagnostics).toEqual([]);
  expect(ast.items).toMatchObject([{ body: { items: { length: 2 } } }]);
});
