/**
 * Trees, folders as objects, as they are read again; the language makes them (`lang/values/tree.ts`).
 * `{"appl":"tree@1","entries":[[name,kind,digest,size],…]}` in canonical JSON, one object for each folder, its entries in the order of their names' UTF-8 bytes. No owner, time or order of a disk is in it, so equal folders have equal digests everywhere.
 */
import { compareText } from "#lang";
import { type Digest, isDigest } from "./digest.ts";

export interface TreeEntry {
  readonly name: string;
  /** A file, a file that may be executed, a folder. */
  readonly kind: "f" | "x" | "d";
  /** Of the file's bytes, or of the folder's own tree. */
  readonly digest: Digest;
  /** Of the file; of all files below, for a folder. */
  readonly size: number;
}

/** One file of a tree. */
export interface TreeFile {
  /** From the tree's root, with `/` between names. */
  readonly path: string;
  readonly digest: Digest;
  readonly size: number;
  readonly executable: boolean;
}

const KIND = "tree@1";
/** What a path may have at most. */
const MOST_FOLDERS = 64;
/** A small tree may name the same folder again and again. */
const MOST_FILES = 100_000;

/** Undefined for anything but a tree as it is written. */
export function decodeTree(bytes: Uint8Array): TreeEntry[] | undefined {
  try {
    const { appl, entries } = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
    if (appl !== KIND || !Array.isArray(entries)) return undefined;
    const decoded = entries.map(entryOf);
    if (!decoded.every((entry) => entry !== undefined)) return undefined;
    const inOrder = decoded.every(({ name }, n) => n === 0 || compareText(decoded[n - 1]!.name, name) < 0);
    return inOrder ? decoded : undefined;
  } catch {
    return undefined;
  }
}

function entryOf(value: unknown): TreeEntry | undefined {
  if (!Array.isArray(value) || value.length !== 4) return undefined;
  const [name, kind, digest, size] = value as readonly unknown[];
  if (typeof name !== "string" || !isName(name)) return undefined;
  if (kind !== "f" && kind !== "x" && kind !== "d") return undefined;
  return isDigest(digest) && Number.isSafeInteger(size) && Number(size) >= 0
    ? { name, kind, digest, size: Number(size) }
    : undefined;
}

/** A name that can lead nowhere else. */
const isName = (name: string): boolean =>
  name !== "" &&
  name !== "." &&
  name !== ".." &&
  !/[\p{Cc}/\\\p{Surrogate}]/u.test(name) &&
  name === name.normalize("NFC");

/** Every file of a tree, in order of path; undefined if a part is missing or none of ours. */
export function filesOf(
  root: Digest,
  read: (digest: Digest) => Uint8Array | undefined,
): TreeFile[] | undefined {
  const files: TreeFile[] = [];
  const queue = [{ digest: root, folder: "", depth: 0 }];
  for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
    const bytes = at.depth > MOST_FOLDERS ? undefined : read(at.digest);
    const entries = bytes && decodeTree(bytes);
    if (entries === undefined || files.length + queue.length > MOST_FILES) return undefined;
    for (const { name, kind, digest, size } of entries) {
      const path = `${at.folder}${name}`;
      if (kind === "d") queue.push({ digest, folder: `${path}/`, depth: at.depth + 1 });
      else files.push({ path, digest, size, executable: kind === "x" });
    }
  }
  return files.toSorted((a, b) => compareText(a.path, b.path));
}
