import { expect, test } from "vitest";
import { parseFunc } from "../ssa/parse.ts";
import { printFunc } from "../ssa/print.ts";
import { verify } from "../ssa/verify.ts";
import { removeDeadCode } from "./dead-code.ts";
import { splitConditions } from "./short-circuit.ts";

function split(text: string): string {
  const func = parseFunc(text);
  splitConditions(func);
  removeDeadCode(func);
  verify(func);
  return printFunc(func);
}

const body = (condition: string): string => `func f(i32, i32) -> i32
b0(v0: i32, v1: i32):
  v2 = iconst.i32 10
  v3 = lt_u.i32 v0, v2
  v4 = lt_u.i32 v1, v2
${condition}
b1:
  return v0
b2:
  return v1
`;

const branches = (text: string): number => text.match(/br_if/g)!.length;

test.each(["or", "and"])("a branch on %s of two comparisons becomes two branches", (op) => {
  const text = split(body(`  v5 = ${op}.i32 v3, v4\n  br_if v5, b1, b2`));
  expect(text).not.toContain(`${op}.i32`);
  expect(branches(text)).toBe(2);
});

test("three conditions become three branches, whichever two were joined first", () => {
  const third = "  v5 = eqz.i32 v0\n";
  for (const joined of [
    "  v6 = or.i32 v3, v4\n  v7 = or.i32 v6, v5\n",
    "  v6 = or.i32 v4, v5\n  v7 = or.i32 v3, v6\n",
  ])
    expect(branches(split(body(`${third}${joined}  br_if v7, b1, b2`)))).toBe(3);
});

test.each([
  ["`and` of what may be more than 0 and 1", "  v5 = and.i32 v3, v1\n  br_if v5, b1, b2"],
  [
    "a condition that is used again",
    "  v5 = or.i32 v3, v4\n  v6 = add.i32 v5, v0\n  br_if v5, b1, b3\nb3:\n  br_if v6, b1, b2",
  ],
  ["a pair of numbers that are no comparisons", "  v5 = or.i32 v0, v1\n  br_if v5, b1, b2"],
])("%s stays", (_, condition) => {
  expect(branches(split(body(condition)))).toBe(branches(body(condition)));
});
