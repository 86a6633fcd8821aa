/**
 * Machine code of functions that builds have made, for those that come after them. All functions of a program are one object, a pack, since many small files are slow; an index
 * names the packs that were made last. It is replaced as a whole: of two builds that end at once one is forgotten there, and costs the next one time, nothing else.
 */
import { decode, encode } from "cborg";
import type { FunctionCache, IsaName, KeptSection } from "#codegen";
import { type Digest, isDigest } from "../store/digest.ts";
import type { Store } from "../store/store.ts";

/** So many programs are looked through. */
const MOST_PACKS = 8;

export class FunctionPacks implements FunctionCache {
  readonly #store: Store;
  readonly #key: { readonly functions: string };
  readonly #packs: readonly Pack[];
  /** What this program consists of. */
  readonly #used = new Map<string, Uint8Array>();

  /** Packs that are gone or damaged are none. */
  constructor(store: Store, isa: IsaName) {
    this.#store = store;
    this.#key = { functions: isa };
    const digests = store.index(this.#key);
    this.#packs = (Array.isArray(digests) ? digests : []).filter(isDigest).flatMap((digest) => {
      const bytes = store.blob(digest);
      return bytes === undefined ? [] : [{ digest, functions: new Map(decode(bytes) as Row[]) }];
    });
  }

  digest(bytes: Uint8Array): string {
    return this.#store.digest(bytes);
  }

  get(key: string): readonly KeptSection[] | undefined {
    const bytes =
      this.#used.get(key) ?? this.#packs.find((pack) => pack.functions.has(key))?.functions.get(key);
    if (bytes === undefined) return undefined;
    this.#used.set(key, bytes);
    return decode(bytes) as KeptSection[];
  }

  put(key: string, sections: readonly KeptSection[]): void {
    this.#used.set(key, encode(sections));
  }

  /** Keeps what was used, in the place of packs that have hardly anything else. */
  keep(): void {
    const rows: Row[] = [...this.#used].toSorted(([a], [b]) => (a < b ? -1 : 1));
    const digest = this.#store.put(encode(rows));
    const others = this.#packs.filter((pack) => pack.digest !== digest && !this.#isCovered(pack));
    this.#store.remember(this.#key, [digest, ...others.map((pack) => pack.digest)].slice(0, MOST_PACKS));
  }

  #isCovered({ functions }: Pack): boolean {
    const others = [...functions.keys()].filter((key) => !this.#used.has(key));
    return others.length <= functions.size / 8;
  }
}

type Row = readonly [key: string, sections: Uint8Array];

interface Pack {
  readonly digest: Digest;
  readonly functions: ReadonlyMap<string, Uint8Array>;
}
