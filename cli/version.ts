import { createRequire } from "node:module";

// Beside the sources, and one folder up from the bundle, alike.
const { version: found } = createRequire(import.meta.url)("../package.json") as { version: string };

export const version: string = found;
