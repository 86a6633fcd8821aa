import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { compilerCatalog } from "#compiler";
import { pageNames, quick, readPage } from "./error-pages.ts";

test.each(pageNames)("%s: the wrong examples give it, the right ones do not", (code) => {
  expect(quick(readPage(code)).problems).toEqual([]);
});

test("the compiler's codes are in its table", () => {
  const used = readdirSync("compiler", { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .flatMap((name) => [...readFileSync(`compiler/${name}`, "utf8").matchAll(/\bfill\(\s*"([EW]\d{4})"/g)])
    .map(([, code]) => code!);
  expect(Object.keys(compilerCatalog).toSorted()).toEqual([...new Set(used)].toSorted());
});
