import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageRoot } from "./edges/tool.ts";

const found = JSON.parse(readFileSync(join(packageRoot(), "package.json"), "utf8")) as { version: string };

export const version: string = found.version;
