/** Writes the generated parts of the manual: `npm run docs`. A test compares what is committed with what would be written. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { modulePages } from "../cli/manual/modules.ts";
import { errorIndex, isSlow, pageNames, quick, readPage, whole } from "./error-pages.ts";
import { jsonSchemas } from "./json-schemas.ts";
import { libraries } from "./libraries.ts";
import { grammar, grammarPath } from "./textmate.ts";

for (const [path, text] of [
  ...(await jsonSchemas()),
  ...modulePages(libraries),
  ...(await errorPages()),
  [grammarPath, grammar()] as const,
]) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

async function errorPages(): Promise<ReadonlyMap<string, string>> {
  const pages = new Map([["docs/errors/README.md", errorIndex()]]);
  for (const code of pageNames) {
    const page = readPage(code);
    const { text, problems } = isSlow(page) ? await whole(page) : quick(page);
    for (const problem of problems) process.stderr.write(`${page.path} ${problem}\n`);
    pages.set(page.path, text);
  }
  return pages;
}
