/**
 * The files of a package: `appl.pkg/acme.geo` beside the lock for `pkg/acme/geo`. They are read all at once and known by the digest of their
 * tree, so nobody ever sees one that the lock does not vouch for. What begins with a dot belongs to other tools and is no part of it; that a
 * file may be executed does not count, since not every system keeps that.
 */
import { unfitName } from "../evaluate/unfit-name.ts";
import type { Files } from "../source/files.ts";
import { compareText } from "../values/compare.ts";
import { hashOfTree } from "../values/tree.ts";
import type { LockDigest } from "./lock.ts";

export const PACKAGES = "appl.pkg";

/** `pkg/acme/geo` → `appl.pkg/acme.geo`. One folder deep, so that none is inside of another one. */
export const packageFolder = (name: string): string => `${PACKAGES}/${name.split("/").slice(1).join(".")}`;

/** The package's folder with a `/` behind it, if the path leads into one. */
export function packageAround(path: string): string | undefined {
  return /^(?:.*?\/)?appl\.pkg\/[^/]+\//.exec(path)?.[0];
}

export interface Package {
  readonly digest: LockDigest;
  /** By path in the package. */
  readonly files: ReadonlyMap<string, Uint8Array>;
}

const limits = { files: 4096, entries: 20_000, depth: 16, bytes: 32 * 1024 * 1024 };

/** Undefined if there is no such folder; a reason if it can be no package. */
export function readPackage(folder: string, from: Files): Package | { readonly reason: string } | undefined {
  const top = from.list(folder);
  const at = (path: string): string => (folder === "" ? path : `${folder}/${path}`);
  if (!top) return undefined;
  const files = new Map<string, Uint8Array>();
  const folded = new Map<string, string>();
  let [bytes, seen] = [0, 0];
  const pending = [{ path: "", entries: top, depth: 1 }];
  for (let next = pending.pop(); next; next = pending.pop())
    for (const { name, kind, target } of next.entries) {
      const path = `${next.path}${name}`;
      if (++seen > limits.entries) return { reason: `more than ${limits.entries} files and folders` };
      if (name.startsWith(".")) continue;
      const unfit =
        unfitName(name) ?? (name === name.normalize("NFC") ? undefined : "its name is not in normal form C");
      if (unfit) return { reason: `\`${path}\`: ${unfit}` };
      if (target !== undefined || kind === "lost") return { reason: `\`${path}\` is a link` };
      if (kind === "other") return { reason: `\`${path}\` is neither a file nor a folder` };
      const other = folded.get(path.toLowerCase());
      if (other !== undefined)
        return { reason: `\`${path}\` and \`${other}\` differ only by upper and lower case` };
      folded.set(path.toLowerCase(), path);
      if (kind === "folder") {
        const entries = from.list(at(path));
        if (!entries || next.depth >= limits.depth)
          return {
            reason: entries ? `more than ${limits.depth} folders deep` : `\`${path}\` cannot be read`,
          };
        pending.push({ path: `${path}/`, entries, depth: next.depth + 1 });
        continue;
      }
      const content = from.read(at(path));
      if (!content) return { reason: `\`${path}\` cannot be read` };
      bytes += content.length;
      files.set(path, content);
      if (files.size > limits.files) return { reason: `more than ${limits.files} files` };
      if (bytes > limits.bytes) return { reason: `more than ${limits.bytes >> 20} MiB` };
    }
  return { digest: digestOf(files), files: new Map([...files].sort(([a], [b]) => compareText(a, b))) };
}

function digestOf(files: ReadonlyMap<string, Uint8Array>): LockDigest {
  const plain = [...files].map(([path, bytes]) => [path, { bytes, executable: false }] as const);
  return `sha256:${hashOfTree(new Map(plain))}`;
}
