/** Writes the generated parts of the manual: `npm run docs`. A test compares what is committed with what would be written. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { modulePages } from "../cli/manual/modules.ts";
import { jsonSchemas } from "./json-schemas.ts";
import { libraries } from "./libraries.ts";

for (const [path, text] of [...(await jsonSchemas()), ...modulePages(libraries)]) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
