import { expect, test } from "vitest";
import { catalog, diagnose } from "./catalog.ts";

const at = { source: "t", start: 0, end: 1 };

test("wrong or missing data does not compile", () => {
  const never = (_: () => unknown) => true;
  // @ts-expect-error nothing is said about what was expected
  expect(never(() => diagnose("E0001", at, { found: "x" }))).toBe(true);
  // @ts-expect-error no such code
  expect(never(() => diagnose("E9999", at, {}))).toBe(true);
});

test("titles are short and are no sentences", () => {
  for (const [code, { title }] of Object.entries(catalog)) {
    expect(title.split(" ").length, `${code}: ${title}`).toBeLessThanOrEqual(7);
    expect(title, code).not.toMatch(/\.$/);
  }
});

test("codes have the form of codes", () => {
  for (const code of Object.keys(catalog)) expect(code).toMatch(/^[EW]0[0-9]\d\d$/);
});

test("what a kind does not say is empty, and one help or note is as good as a list", () => {
  const diagnostic = diagnose("E0001", at, {
    expected: "a value",
    after: "`=`",
    found: "`;`",
    help: "write one",
  });
  expect(diagnostic).toEqual({
    code: "E0001",
    severity: "error",
    text: "expected a value after `=`",
    primary: { span: at, text: "found `;`" },
    related: [],
    helps: [{ text: "write one" }],
    notes: [],
  });
});
