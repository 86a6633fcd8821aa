/** Names that a person gave to objects: they are kept, whatever else is collected. One file a tag, `FOLDER/tag/NAME`. */
import {
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { type Digest, isDigest } from "#compiler";
import { namesIn } from "../edges/store-files.ts";

const FOLDER = "tag";
/** No file can be meant, and no digits of a digest. */
const PATTERN = /^(?![0-9a-f]{4,}$)[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

export const isTagName = (name: string): boolean => PATTERN.test(name);

/** In order of their names. */
export function allTags(folder: string): (readonly [name: string, digest: Digest])[] {
  return namesIn(join(folder, FOLDER), PATTERN).flatMap((name) => {
    const digest = readTag(folder, name);
    return digest === undefined ? [] : [[name, digest] as const];
  });
}

export function readTag(folder: string, name: string): Digest | undefined {
  if (!isTagName(name)) return undefined;
  try {
    const text = readFileSync(join(folder, FOLDER, name), "utf8").trim();
    return isDigest(text) ? text : undefined;
  } catch {
    return undefined;
  }
}

/** Waits for the disk: nothing else can give a tag back. */
export function writeTag(folder: string, name: string, digest: Digest): void {
  const place = join(folder, FOLDER);
  mkdirSync(place, { recursive: true });
  const draft = join(place, `.${process.pid}.new`);
  const file = openSync(draft, "w");
  try {
    writeFileSync(file, `${digest}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(draft, join(place, name));
}

/** False if there was none. */
export function removeTag(folder: string, name: string): boolean {
  if (readTag(folder, name) === undefined) return false;
  rmSync(join(folder, FOLDER, name));
  return true;
}
