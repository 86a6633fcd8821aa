/**
 * Content-addressed results. An action is keyed by the digest of what it is, of the tool that does it and of its inputs; its outputs are objects. An
 * action whose inputs come out unchanged is not run, so work stops as early as it can.
 */
import type { Blobs } from "./blobs.ts";
import { canonical, type Json } from "./canonical.ts";
import { type Digest, pureSha256, type Sha256 } from "./digest.ts";
import {
  type ActionEntry,
  decodeAction,
  decodeIndex,
  encodeAction,
  encodeIndex,
  encodeRoot,
  type RootEntry,
} from "./entries.ts";

/** Named outputs of an action. */
export type Outputs = Readonly<Record<string, Uint8Array>>;

export interface StoreOptions {
  readonly blobs: Blobs;
  /** Digest of the compiler itself: another compiler shares no actions with this one. */
  readonly tool: string;
  readonly sha256?: Sha256;
  /** Called after each action that was really run. */
  readonly onRun?: (action: string) => void;
  /** Called when an object was found to be damaged; it is taken away, and made again by whoever needs it. */
  readonly onDamage?: (object: Digest) => void;
}

export class Store {
  readonly #blobs: Blobs;
  readonly #sha256: Sha256;
  readonly #onRun: (action: string) => void;
  readonly #onDamage: (object: Digest) => void;
  /** What was just put: it can be had again even if nothing is kept. */
  readonly #put = new Map<Digest, Uint8Array>();
  readonly #used = { objects: new Set<Digest>(), actions: new Set<Digest>(), index: new Set<Digest>() };
  readonly tool: string;

  constructor({ blobs, tool, sha256 = pureSha256, onRun = () => {}, onDamage = () => {} }: StoreOptions) {
    this.#blobs = blobs;
    this.#sha256 = sha256;
    this.#onRun = onRun;
    this.#onDamage = onDamage;
    this.tool = tool;
  }

  digest(bytes: Uint8Array): Digest {
    return `sha256:${this.#sha256(bytes)}`;
  }

  digestOf(value: Json): Digest {
    return this.digest(canonical(value));
  }

  put(bytes: Uint8Array): Digest {
    const digest = this.digest(bytes);
    if (this.blob(digest) === undefined) this.#blobs.write("object", digest, bytes);
    this.#put.set(digest, bytes);
    this.#used.objects.add(digest);
    return digest;
  }

  /** Undefined if it is not there, or is not what its name says. */
  blob(digest: Digest): Uint8Array | undefined {
    const bytes = this.#put.get(digest) ?? this.#blobs.read("object", digest);
    if (bytes === undefined) return undefined;
    if (this.digest(bytes) === digest) {
      this.#used.objects.add(digest);
      return bytes;
    }
    this.#blobs.remove("object", digest);
    this.#onDamage(digest);
    return undefined;
  }

  /** The outputs of an action: from the store if it was done before, else by `run`. */
  async action<Names extends string>(
    name: string,
    inputs: Json,
    run: () => Promise<Readonly<Record<Names, Uint8Array>>>,
  ): Promise<Readonly<Record<Names, Done>>> {
    const key = this.digestOf({ appl: "action@1", action: name, tool: this.tool, inputs });
    this.#used.actions.add(key);
    const known = this.#recall(key);
    if (known !== undefined) return known as Record<Names, Done>;
    const outputs: Outputs = await run();
    this.#onRun(name);
    const names = Object.keys(outputs).toSorted();
    const digests = Object.fromEntries(names.map((output) => [output, this.put(outputs[output]!)]));
    this.#blobs.write("action", key, encodeAction(key, { action: name, outputs: digests }));
    return Object.fromEntries(
      names.map((output) => [output, { digest: digests[output]!, bytes: () => outputs[output]! }]),
    ) as Record<Names, Done>;
  }

  #recall(key: Digest): Record<string, Done> | undefined {
    const outputs = this.#entry(key)?.outputs;
    if (outputs === undefined) return undefined;
    const done: Record<string, Done> = {};
    for (const [name, digest] of Object.entries(outputs)) {
      const bytes = this.blob(digest);
      if (bytes === undefined) return undefined;
      done[name] = { digest, bytes: () => bytes };
    }
    return done;
  }

  #entry(key: Digest): ActionEntry | undefined {
    const bytes = this.#blobs.read("action", key);
    return bytes && decodeAction(key, bytes);
  }

  /** What was remembered about `key`. */
  index(key: Json, scope: Scope = "tool"): unknown {
    const name = this.#indexName(key, scope);
    const bytes = this.#blobs.read("index", name);
    return bytes && decodeIndex(name, bytes)?.value;
  }

  remember(key: Json, value: Json, scope: Scope = "tool"): void {
    const name = this.#indexName(key, scope);
    this.#blobs.write("index", name, encodeIndex(name, value));
  }

  #indexName(key: Json, scope: Scope): Digest {
    const name = this.digestOf({ appl: "index@1", tool: scope === "tool" ? this.tool : "", key });
    this.#used.index.add(name);
    return name;
  }

  /** Everything that was used until now is kept as long as what `root` says holds. `key` tells it from other roots. */
  keep(key: Json, root: Pick<RootEntry, "origin" | "appliance" | "target" | "manifest">): Digest {
    const name = this.digestOf({ appl: "root@1", key });
    const { objects, actions, index } = this.#used;
    const used = { objects: inOrder(objects), actions: inOrder(actions), index: inOrder(index) };
    this.#blobs.write("root", name, encodeRoot(name, { ...root, ...used }));
    return name;
  }

  /** Says that a root is still of use. False if it is not there any more. */
  keepStill(name: Digest): boolean {
    const bytes = this.#blobs.read("root", name);
    if (bytes !== undefined) this.#blobs.write("root", name, bytes);
    return bytes !== undefined;
  }
}

/** `tool`: only this compiler may believe it; `any`: it is true whoever remembered it. */
export type Scope = "tool" | "any";

const inOrder = (digests: ReadonlySet<Digest>): Digest[] => [...digests].toSorted();

/** One output of an action. */
export interface Done {
  readonly digest: Digest;
  bytes(): Uint8Array;
}
