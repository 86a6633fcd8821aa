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

/** The 64 digits for files by their paths in the folder. */
export function hashOfTree(files: ReadonlyMap<string, Leaf>): string {
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
  return hex(sha256(objectOf(top).bytes));
}

/** As deep as folders are inside of each other, which is limited where they are read. */
function objectOf(tree: Tree): { readonly bytes: Uint8Array; readonly size: number } {
  let size = 0;
  const entries = [...tree]
    .toSorted(([a], [b]) => compareText(a, b))
    .map(([name, it]) => {
      const isFolder = it instanceof Map;
      const inner = isFolder ? objectOf(it) : { bytes: it.bytes, size: it.bytes.length };
      size += inner.size;
      const digits = isFolder ? hex(sha256(inner.bytes)) : hashOfFile(inner.bytes);
      return [name, isFolder ? "d" : it.executable ? "x" : "f", `sha256:${digits}`, inner.size];
    });
  return { bytes: new TextEncoder().encode(JSON.stringify({ appl: "tree@1", entries })), size };
}
