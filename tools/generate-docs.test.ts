import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { modulePages } from "../cli/manual/modules.ts";
import { jsonSchemas } from "./json-schemas.ts";
import { libraries } from "./libraries.ts";

test("the generated pages of the manual are those that would be generated now (npm run docs)", async () => {
  for (const [path, text] of [...(await jsonSchemas()), ...modulePages(libraries)])
    expect(readFileSync(path, "utf8"), path).toBe(text);
});
