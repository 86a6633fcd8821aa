import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { modulePages } from "../cli/manual/modules.ts";
import { errorIndex, pageDebts, pageNames, quick, readPage } from "./error-pages.ts";
import { jsonSchemas } from "./json-schemas.ts";
import { libraries } from "./libraries.ts";
import { grammar, grammarPath } from "./textmate.ts";

test("the generated pages of the manual are those that would be generated now (npm run docs)", async () => {
  for (const [path, text] of [...(await jsonSchemas()), ...modulePages(libraries)])
    expect(readFileSync(path, "utf8"), path).toBe(text);
});

test("the grammar for editors has the words and literals that the lexer has now (npm run docs)", () => {
  expect(readFileSync(grammarPath, "utf8")).toBe(grammar());
});

test("every diagnostic has its page, and the index names it (npm run docs)", () => {
  expect(pageDebts()).toEqual([]);
  expect(readFileSync("docs/errors/README.md", "utf8")).toBe(errorIndex());
});

test("pages about diagnostics show what their examples give now (npm run docs)", () => {
  for (const page of pageNames.map(readPage)) expect(quick(page).text, page.path).toBe(page.text);
});
