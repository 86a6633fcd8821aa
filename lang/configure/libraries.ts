/** Where libraries come from. */
import type { LibraryLine } from "../lock/lock.ts";

export interface Libraries {
  /** The text of a library by its path (`std/dns`), and the path that spans name it by. */
  find(modulePath: string): { readonly path: string; readonly text: string } | undefined;
  /** Every path that `find` knows, in a fixed order: for suggestions. */
  all?(): readonly string[];
  /** What the lock calls `std` or `board/NAME`, as it is here; undefined if there is no such thing. */
  identity?(name: string): LibraryIdentity | undefined;
}

/** A version for people, and a digest of all that an image can get from it. */
export type LibraryIdentity = Pick<LibraryLine, "version" | "digest">;

/** Libraries that exist only here: for tests, and for texts that a program made. */
export class MemoryLibraries implements Libraries {
  readonly #texts: ReadonlyMap<string, { readonly path: string; readonly text: string }>;

  /** From library path to text; spans name them `std/dns.appl`. */
  constructor(texts: Readonly<Record<string, string>>) {
    this.#texts = new Map(
      Object.entries(texts).map(([name, text]) => [name, { path: `${name}.appl`, text }]),
    );
  }

  find(modulePath: string): { readonly path: string; readonly text: string } | undefined {
    return this.#texts.get(modulePath);
  }

  all(): readonly string[] {
    return [...this.#texts.keys()].sort();
  }
}
