/** `appl explain-error`. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { appl, applJson } from "./command.ts";

test("prints the page of the manual, however the code is written", async () => {
  const { code, stdout, stderr } = await appl("explain-error", "e0101");
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toMatch(/^E0101: Unknown option\n\n/);
  expect(stdout).toContain("    error[E0101]: `net` has no option `adress`\n");
  expect(stdout).not.toMatch(/```|\]\(/);
});

test("as data it is the page itself", async () => {
  expect(await applJson("explain-error", "E0101")).toEqual({
    ok: true,
    code: "E0101",
    severity: "error",
    title: "Unknown option",
    markdown: readFileSync("docs/errors/E0101.md", "utf8"),
  });
});

test("what is no code is said to be none", async () => {
  expect(await appl("explain-error", "X1")).toMatchObject({
    code: 2,
    stdout: "",
    stderr: expect.stringContaining("there is no code `X1`\n  a code stands in brackets"),
  });
  expect((await appl("explain-error", "E010l")).stderr).toContain("did you mean `E0101`");
});
