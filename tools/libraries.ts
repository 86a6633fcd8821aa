/** The standard library as descriptions see it, for what is generated from it. */
import { existsSync, readFileSync } from "node:fs";
import { librariesFrom } from "#compiler";
import { libraryFiles } from "../cli/edges/library-files.ts";

const files = libraryFiles();

function read(path: string): Uint8Array | undefined {
  const file = new URL(`../${path}`, import.meta.url);
  return existsSync(file) ? readFileSync(file) : undefined;
}

export const libraries = librariesFrom({ read }, () => files);
