/**
 * The digest of a folder: that of its tree object, `{"appl":"tree@1","entries":[[name,"f"|"x"|"d",digest,size],…]}` in canonical JSON, entries in order of
 * the UTF-8 bytes of their names. Names, content and what is executable count; owner, time, order and everything else does not. The size
 * of a folder is that of all files below it.
 */
import { sha256 } from "@noble/hashes/sha2.js";
import { compareText } from "./compare.ts";
import { hex } from "./print.ts";
import type { FileValue } from "./value.ts";

const known = new WeakMap<Uint8Array, string>();

/** The 64 digits of the sha256 of the bytes. */
export function hashOfFile(bytes: Uint8Array): string {
  let digits = known.get(bytes);
  if (digits === undefined) {
    digits = hex(sha256(bytes));
    known.set(bytes, digits);
  }
  return digits;
}

export function sizeOf(files: ReadonlyMap<string, FileValue>): number {
  let size = 0;
  for (const { bytes } of files.values()) size += bytes.length;
  return size;
}

/** What of a file counts. */
type Leaf = Pick<FileValue, "bytes" | "executable">;
type Tree = Map<string, Tree | Leaf>;

/** The tree objects for files by their paths in the folder: inner folders come before the outer ones, and the folder itself is the last. */
export function treeObjects(files: ReadonlyMap<string, Leaf>): Uint8Array[] {
  const top: Tree = new Map();
  for (const [path, file] of files) {
    const names = path.split("/");
    const last = names.pop()!;
    let tree = top;
    for (const name of names) {
      const inner = tree.get(name);
      if (inner instanceof Map) tree = inner;
      else {
        const made: Tree = new Map();
        tree.set(name, made);
        tree = made;
      }
    }
    tree.set(last, file);
  }
  const objects: Uint8Array[] = [];
  finish(top, objects);
  return objects;
}

/** The 64 digits. */
export const hashOfTree = (files: ReadonlyMap<string, Leaf>): string =>
  hex(sha256(treeObjects(files).at(-1)!));

/** As deep as folders are inside of each other, which is limited where they are read. */
function finish(tree: Tree, objects: Uint8Array[]): { readonly digits: string; readonly size: number } {
  let total = 0;
  const entries = [...tree]
    .toSorted(([a], [b]) => compareText(a, b))
    .map(([name, it]) => {
      const kind = it instanceof Map ? "d" : it.executable ? "x" : "f";
      const { digits, size } =
        it instanceof Map ? finish(it, objects) : { digits: hashOfFile(it.bytes), size: it.bytes.length };
      total += size;
      return [name, kind, `sha256:${digits}`, size];
    });
  const bytes = new TextEncoder().encode(JSON.stringify({ appl: "tree@1", entries }));
  objects.push(bytes);
  return { digits: hex(sha256(bytes)), size: total };
}
