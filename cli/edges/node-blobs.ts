/**
 * The store on disk: `FOLDER/blob/ab/cdef…`, likewise `action` and `index`. A file is written under another name and then renamed, so it is whole or
 * not there, and two builds at once do not disturb each other. Files are read-only: nobody is to mend them.
 */
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import type { Blobs, Space } from "#compiler";

/** `APPL_CACHE`, else `appl` below `XDG_CACHE_HOME`, else `~/.cache/appl`. */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const given = environment["APPL_CACHE"];
  if (given) return given;
  return join(environment["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "appl");
}

export function nodeBlobs(folder: string): Blobs {
  let count = 0;
  return {
    read(space, name) {
      try {
        return readFileSync(pathOf(folder, space, name));
      } catch {
        return undefined;
      }
    },
    /** A disk that is full or may not be written to costs time, not the build. */
    write(space, name, bytes) {
      const path = pathOf(folder, space, name);
      attempt(() => {
        mkdirSync(dirname(path), { recursive: true });
        const temporary = `${path}.${process.pid}.${count++}`;
        attempt(
          () => {
            writeFileSync(temporary, bytes);
            chmodSync(temporary, 0o444);
            renameSync(temporary, path);
          },
          () => rmSync(temporary, { force: true }),
        );
      });
    },
  };
}

function attempt(act: () => void, otherwise: () => void = () => undefined): void {
  try {
    act();
  } catch {
    otherwise();
  }
}

function pathOf(folder: string, space: Space, name: string): string {
  const digits = name.replace(/^sha256:/, "");
  return join(folder, space, digits.slice(0, 2), digits.slice(2));
}
