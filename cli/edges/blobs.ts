/** The store on disk: one file an entry, below two letters of its name. Written beside its place, then renamed; never changed. */
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join } from "node:path";
import type { Blobs, Space } from "#compiler";

export function cacheFolder(): string {
  const { APPL_CACHE: own, XDG_CACHE_HOME: shared } = process.env;
  if (own !== undefined && own !== "") return own;
  return join(shared !== undefined && shared !== "" ? shared : join(homedir(), ".cache"), "appl");
}

export class DiskBlobs implements Blobs {
  readonly #folder: string;
  #count = 0;

  constructor(folder: string = cacheFolder()) {
    this.#folder = folder;
  }

  read(space: Space, name: string): Uint8Array | undefined {
    try {
      return readFileSync(this.#path(space, name));
    } catch {
      return undefined;
    }
  }

  /** A disk that is full or read-only only makes the next build slower. */
  write(space: Space, name: string, bytes: Uint8Array): void {
    const path = this.#path(space, name);
    this.#count += 1;
    const draft = `${path}.${process.pid}.${this.#count}`;
    try {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(draft, bytes);
      chmodSync(draft, 0o444);
      renameSync(draft, path);
    } catch {
      rmSync(draft, { force: true });
    }
  }

  #path(space: Space, name: string): string {
    const hex = name.slice(name.indexOf(":") + 1);
    return join(this.#folder, space, hex.slice(0, 2), hex.slice(2));
  }
}
