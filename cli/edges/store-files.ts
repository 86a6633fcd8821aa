/** The files of the store, for who looks at all of them: collection, verification, looking up by the first digits. */
import { closeSync, openSync, readdirSync, readFileSync, readSync, type Stats, statSync } from "node:fs";
import { join } from "node:path";
import type { Digest, Space } from "#compiler";
import { folders, pathOf } from "./node-blobs.ts";

export interface StoredFile {
  readonly space: Space;
  readonly name: Digest;
  readonly path: string;
  readonly size: number;
  /** When it was last used, in ms. */
  readonly used: number;
}

/** All entries of a space, in order of their names. What else lies there is none of ours. */
export function* storedFiles(folder: string, space: Space): Generator<StoredFile> {
  for (const name of storedNames(folder, space)) {
    const path = pathOf(folder, space, name);
    const found = stats(path);
    if (found?.isFile()) yield { space, name, path, size: found.size, used: found.mtimeMs };
  }
}

/** Names that begin with `digits`, which are hexadecimal. */
export function* storedNames(folder: string, space: Space, digits = ""): Generator<Digest> {
  const top = join(folder, folders[space]);
  const beginning = digits.slice(0, 2);
  for (const first of namesIn(top, /^[0-9a-f]{2}$/))
    if (first.startsWith(beginning))
      for (const rest of namesIn(join(top, first), /^[0-9a-f]{62}$/))
        if (`${first}${rest}`.startsWith(digits)) yield `sha256:${first}${rest}`;
}

/** Names in a folder that may not be there. */
export function namesIn(folder: string, pattern: RegExp): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => pattern.test(name))
      .toSorted();
  } catch {
    return [];
  }
}

export function stats(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

/** Documents are JSON, and end soon. */
const MOST_TEXT = 64 << 20;
const BRACE = 0x7b;

/** The text of an object that may be a document; of others only the first byte is read. Its time stays as it is. */
export function documentText(folder: string, object: Digest): string | undefined {
  let file: number | undefined;
  try {
    const path = pathOf(folder, "object", object);
    file = openSync(path, "r");
    const first = Buffer.alloc(1);
    if (readSync(file, first, 0, 1, 0) !== 1 || first[0] !== BRACE) return undefined;
    return (stats(path)?.size ?? 0) > MOST_TEXT ? undefined : readFileSync(file, "utf8");
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}
