/**
 * Content-addressed results. An action is keyed by the digest of what it is, of the tool that does it and of its inputs; its outputs are blobs. An
 * action whose inputs come out unchanged is not run, so work stops as early as it can.
 */
import type { Blobs } from "./blobs.ts";
import { canonical, type Json } from "./canonical.ts";
import { type Digest, pureSha256, type Sha256 } from "./digest.ts";

/** Named outputs of an action. */
export type Outputs = Readonly<Record<string, Uint8Array>>;

export interface StoreOptions {
  readonly blobs: Blobs;
  /** Digest of the compiler itself: another compiler shares no actions with this one. */
  readonly tool: string;
  readonly sha256?: Sha256;
  /** Called after each action that was really run. */
  readonly onRun?: (action: string) => void;
}

export class Store {
  readonly #blobs: Blobs;
  readonly #sha256: Sha256;
  readonly #onRun: (action: string) => void;
  readonly tool: string;

  constructor({ blobs, tool, sha256 = pureSha256, onRun = () => undefined }: StoreOptions) {
    this.#blobs = blobs;
    this.#sha256 = sha256;
    this.#onRun = onRun;
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
    if (this.blob(digest) === undefined) this.#blobs.write("blob", digest, bytes);
    return digest;
  }

  /** Undefined if it is not there, or is not what its name says. */
  blob(digest: Digest): Uint8Array | undefined {
    const bytes = this.#blobs.read("blob", digest);
    return bytes !== undefined && this.digest(bytes) === digest ? bytes : undefined;
  }

  /** The outputs of an action: from the store if it was done before, else by `run`. */
  async action<Names extends string>(
    name: string,
    inputs: Json,
    run: () => Promise<Readonly<Record<Names, Uint8Array>>>,
  ): Promise<Readonly<Record<Names, Done>>> {
    const key = this.digestOf({ appl: "action@1", action: name, tool: this.tool, inputs });
    const known = this.#recall(key);
    if (known !== undefined) return known as Record<Names, Done>;
    const outputs: Outputs = await run();
    this.#onRun(name);
    const names = Object.keys(outputs).toSorted();
    const digests = Object.fromEntries(names.map((output) => [output, this.put(outputs[output]!)]));
    this.#blobs.write("action", key, canonical({ appl: "outputs@1", outputs: digests }));
    return Object.fromEntries(
      names.map((output) => [output, { digest: digests[output]!, bytes: () => outputs[output]! }]),
    ) as Record<Names, Done>;
  }

  #recall(key: Digest): Record<string, Done> | undefined {
    const entry = parse(this.#blobs.read("action", key));
    if (entry === undefined) return undefined;
    const done: Record<string, Done> = {};
    for (const [name, digest] of Object.entries(entry)) {
      const bytes = this.blob(digest);
      if (bytes === undefined) return undefined;
      done[name] = { digest, bytes: () => bytes };
    }
    return done;
  }

  /** What was remembered about `key`. */
  index(key: Json, scope: Scope = "tool"): unknown {
    const bytes = this.#blobs.read("index", this.#indexName(key, scope));
    try {
      return bytes === undefined ? undefined : JSON.parse(new TextDecoder().decode(bytes));
    } catch {
      return undefined;
    }
  }

  remember(key: Json, value: Json, scope: Scope = "tool"): void {
    this.#blobs.write("index", this.#indexName(key, scope), canonical(value));
  }

  #indexName(key: Json, scope: Scope): Digest {
    return this.digestOf({ appl: "index@1", tool: scope === "tool" ? this.tool : "", key });
  }
}

/** `tool`: only this compiler may believe it; `any`: it is true whoever remembered it. */
export type Scope = "tool" | "any";

/** One output of an action. */
export interface Done {
  readonly digest: Digest;
  bytes(): Uint8Array;
}

/** Undefined for anything but an entry that we wrote. */
function parse(bytes: Uint8Array | undefined): Readonly<Record<string, Digest>> | undefined {
  if (bytes === undefined) return undefined;
  try {
    const entry: unknown = JSON.parse(new TextDecoder().decode(bytes));
    const { appl, outputs } = entry as { appl?: unknown; outputs?: unknown };
    if (appl !== "outputs@1" || typeof outputs !== "object" || outputs === null) return undefined;
    return outputs as Record<string, Digest>;
  } catch {
    return undefined;
  }
}
