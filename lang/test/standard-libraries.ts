/** The libraries of stdlib/ and backends/ as descriptions see them, for tests. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { librariesFrom, libraryOf } from "#compiler";
import type { Files } from "#lang";
import { libraryFiles } from "../../cli/edges/library-files.ts";

const root = new URL("../../", import.meta.url);

/** Files of the repository. */
export const repositoryFiles: Files = {
  read(path) {
    const url = new URL(path, root);
    return existsSync(url) && statSync(url).isFile() ? new Uint8Array(readFileSync(url)) : undefined;
  },
  list: () => undefined,
};

/** Its libraries; beside them lie descriptions to begin with. */
export const libraryPaths = libraryFiles().filter((path) => libraryOf(path) !== undefined);
export const standardLibraries = librariesFrom(repositoryFiles, () => libraryPaths);
