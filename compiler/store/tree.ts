/**
 * Trees: folders as objects. `{"appl":"tree@1","entries":[[name,kind,digest,size],…]}` in canonical JSON, one object for each folder, its entries in
 * the order of their names' UTF-8 bytes. No owner, time or order of a disk is in it, so equal folders have equal digests everywhere.
 */
import { canonical } from "./canonical.ts";
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

/** One file of a tree that is to be made. */
export interface TreeFile {
  /** From the tree's root, with `/` between names. */
  readonly path: string;
  readonly digest: Digest;
  readonly size: number;
  readonly executable?: boolean;
}

export interface Tree {
  readonly digest: Digest;
  readonly size: number;
}

/** Why files make no tree: two that cannot both be there, or a name that not every system can write. */
export class TreeProblem extends Error {
  readonly path: string;

  constructor(path: string, message: string) {
    super(message);
    this.path = path;
  }
}

const KIND = "tree@1";
/** What a path may have at most. */
export const MOST_FOLDERS = 64;
/** A small tree may name the same folder again and again. */
const MOST_FILES = 100_000;

/** Names in order of their UTF-8 bytes, which is the order of their code points. */
export function compareNames(a: string, b: string): number {
  const [one, other] = [[...a], [...b]];
  for (let n = 0; n < one.length && n < other.length; n++) {
    const difference = one[n]!.codePointAt(0)! - other[n]!.codePointAt(0)!;
    if (difference !== 0) return difference;
  }
  return one.length - other.length;
}

export const encodeTree = (entries: readonly TreeEntry[]): Uint8Array =>
  canonical({
    appl: KIND,
    entries: entries
      .toSorted((a, b) => compareNames(a.name, b.name))
      .map(({ name, kind, digest, size }) => [name, kind, digest, size]),
  });

/** Undefined for anything but a tree as `encodeTree` writes it. */
export function decodeTree(bytes: Uint8Array): TreeEntry[] | undefined {
  try {
    const { appl, entries } = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
    if (appl !== KIND || !Array.isArray(entries)) return undefined;
    const decoded = entries.map(entryOf);
    if (!decoded.every((entry) => entry !== undefined)) return undefined;
    const inOrder = decoded.every(({ name }, n) => n === 0 || compareNames(decoded[n - 1]!.name, name) < 0);
    return inOrder ? decoded : undefined;
  } catch {
    return undefined;
  }
}

function entryOf(value: unknown): TreeEntry | undefined {
  if (!Array.isArray(value) || value.length !== 4) return undefined;
  const [name, kind, digest, size] = value as readonly unknown[];
  if (typeof name !== "string" || problemOf(name) !== undefined) return undefined;
  if (kind !== "f" && kind !== "x" && kind !== "d") return undefined;
  return isDigest(digest) && Number.isSafeInteger(size) && Number(size) >= 0
    ? { name, kind, digest, size: Number(size) }
    : undefined;
}

/** All trees of some files, innermost first; `put` takes each as an object. The digest of the outermost is the tree's. */
export function makeTree(files: readonly TreeFile[], put: (tree: Uint8Array) => Digest): Tree {
  const root: Folder = new Map();
  for (const file of files) insert(root, file);
  return finish(root, put);
}

type Folder = Map<string, TreeFile | Folder>;

function insert(root: Folder, file: TreeFile): void {
  const names = file.path.normalize("NFC").split("/");
  if (names.length > MOST_FOLDERS) throw new TreeProblem(file.path, `more than ${MOST_FOLDERS} folders deep`);
  let folder = root;
  for (const [n, name] of names.entries()) {
    const problem = problemOf(name);
    if (problem !== undefined) throw new TreeProblem(file.path, problem);
    const there = folder.get(name);
    const last = n === names.length - 1;
    if (there !== undefined && (last || !(there instanceof Map)))
      throw new TreeProblem(file.path, "it is there twice");
    if (last) folder.set(name, file);
    else if (there instanceof Map) folder = there;
    else {
      const inner: Folder = new Map();
      folder.set(name, inner);
      folder = inner;
    }
  }
}

/** No deeper than `MOST_FOLDERS`. */
function finish(folder: Folder, put: (tree: Uint8Array) => Digest): Tree {
  const entries = [...folder].map(([name, inner]): TreeEntry => {
    if (inner instanceof Map) return { name, kind: "d", ...finish(inner, put) };
    return { name, kind: inner.executable === true ? "x" : "f", digest: inner.digest, size: inner.size };
  });
  return {
    digest: put(encodeTree(entries)),
    size: entries.reduce((sum, { size }) => sum + size, 0),
  };
}

/** What is wrong with a name, in normal form C, of a file or folder. */
function problemOf(name: string): string | undefined {
  if (name === "" || name === "." || name === "..") return "a name that is empty, `.` or `..`";
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
  if (/[\u0000-\u001f\u007f/\\]/.test(name)) return "a name with a control character or a slash";
  if (/\p{Surrogate}/u.test(name)) return "a name that is no text";
  return name === name.normalize("NFC") ? undefined : "a name that is not in normal form C";
}

/** Every file of a tree, in order, with paths as `makeTree` takes them; undefined if a part is missing or none of ours. */
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
      else files.push({ path, digest, size, ...(kind === "x" && { executable: true }) });
    }
  }
  return files.toSorted((a, b) => compareNames(a.path, b.path));
}
