/**
 * Where objects and the results of actions are kept. Nothing in it is ever changed: an entry is there and right, or not there.
 *
 * `object` names are digests of the bytes; the others are digests of what was asked, and entries of those may be replaced.
 */
export interface Blobs {
  read(space: Space, name: string): Uint8Array | undefined;
  /** Afterwards `read` gives these bytes, also in other processes. A store that cannot keep them may forget them. */
  write(space: Space, name: string, bytes: Uint8Array): void;
  /** Takes away what turned out to be damaged. */
  remove(space: Space, name: string): void;
}

/** `action`: what an action gave. `index`: what was remembered. `root`: which entries a build is made of, so that they are kept. */
export type Space = "object" | "action" | "index" | "root";

export class MemoryBlobs implements Blobs {
  readonly #entries = new Map<string, Uint8Array>();

  read(space: Space, name: string): Uint8Array | undefined {
    return this.#entries.get(`${space}/${name}`);
  }

  write(space: Space, name: string, bytes: Uint8Array): void {
    this.#entries.set(`${space}/${name}`, bytes.slice());
  }

  remove(space: Space, name: string): void {
    this.#entries.delete(`${space}/${name}`);
  }
}

/** Keeps nothing: everything is done anew. */
export const noBlobs: Blobs = { read: () => undefined, write: () => undefined, remove: () => undefined };
