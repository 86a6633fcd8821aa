/**
 * The store on disk: objects are `FOLDER/sha256/ab/cdef…`, the rest likewise in `action`, `index` and `root`. A file is written in `draft` and then
 * renamed, so it is whole or not there, whatever happens to us meanwhile, and two builds at once do not disturb each other. Files are read-only:
 * nobody is to mend them. Nothing waits for the disk: what a power failure has torn is not what its name says, and is made again.
 */
import { randomBytes } from "node:crypto";
import {
  closeSync,
  fchmodSync,
  fstatSync,
  futimesSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import type { Blobs, Space } from "#compiler";
import { reasonOf } from "../inputs.ts";

/** `APPL_CACHE`, else `appl` below `XDG_CACHE_HOME`, else `~/.cache/appl`. */
export function cacheFolder(environment: NodeJS.ProcessEnv = process.env): string {
  const given = environment["APPL_CACHE"];
  if (given) return given;
  return join(environment["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "appl");
}

/** What was used within this time is never collected, so that nothing is taken from a build that is at work. In ms. */
export const GRACE = 60 * 60 * 1000;
/** A file's time says when it was last used, to within this. */
const FRESH = GRACE / 4;

export const folders = { object: "sha256", action: "action", index: "index", root: "root" } as const;
export const DRAFTS = "draft";

export interface NodeBlobs extends Blobs {
  /** Why something could not be kept; undefined if everything was. */
  readonly trouble: string | undefined;
}

export function nodeBlobs(folder: string): NodeBlobs {
  let trouble: string | undefined;
  return {
    get trouble() {
      return trouble;
    },
    read(space, name) {
      return readEntry(pathOf(folder, space, name));
    },
    /** A disk that is full or may not be written to costs time, not the build. What comes after it may lead to what was not kept. */
    write(space, name, bytes) {
      if (trouble !== undefined) return;
      try {
        writeEntry(folder, pathOf(folder, space, name), bytes);
      } catch (error) {
        trouble ??= reasonOf(error);
      }
    },
    remove(space, name) {
      try {
        rmSync(pathOf(folder, space, name), { force: true });
      } catch (error) {
        trouble ??= reasonOf(error);
      }
    },
  };
}

/** Undefined if it is not there, or cannot be read. Whoever reads an entry has a use for it: its time is set anew. */
function readEntry(path: string): Uint8Array | undefined {
  let file: number | undefined;
  try {
    file = openSync(path, "r");
    const { mtimeMs } = fstatSync(file);
    if (Date.now() - mtimeMs > FRESH) refresh(file);
    return readFileSync(file);
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** Entries of another user, or on a disk that is read-only, keep their time. */
function refresh(file: number): void {
  try {
    const now = Date.now() / 1000;
    futimesSync(file, now, now);
  } catch {}
}

const TRIES = 3;

/** A collection may take away an empty folder, or the draft of a process that it cannot see: then it is written again. */
function writeEntry(folder: string, path: string, bytes: Uint8Array): void {
  const draft = join(folder, DRAFTS, `${process.pid}.${randomBytes(8).toString("hex")}`);
  for (let tries = 1; ; tries++) {
    try {
      writeDraft(draft, bytes);
      return renameSync(draft, path);
    } catch (error) {
      rmSync(draft, { force: true });
      if ((error as NodeJS.ErrnoException).code !== "ENOENT" || tries === TRIES) throw error;
      mkdirSync(dirname(draft), { recursive: true });
      mkdirSync(dirname(path), { recursive: true });
    }
  }
}

function writeDraft(draft: string, bytes: Uint8Array): void {
  const file = openSync(draft, "wx", 0o444);
  try {
    writeFileSync(file, bytes);
    fchmodSync(file, 0o444);
  } finally {
    closeSync(file);
  }
}

export function pathOf(folder: string, space: Space, name: string): string {
  const digits = name.replace(/^sha256:/, "");
  return join(folder, folders[space], digits.slice(0, 2), digits.slice(2));
}
