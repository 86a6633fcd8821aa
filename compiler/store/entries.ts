/** The entries of the store that are no objects: small canonical documents that carry their own name, so that each can be checked by itself. */
import type { Space } from "./blobs.ts";
import { canonical, type Json } from "./canonical.ts";
import { type Digest, isDigest } from "./digest.ts";

/** What an action gave. */
export interface ActionEntry {
  /** `program`, `image`: for people. */
  readonly action: string;
  readonly outputs: Readonly<Record<string, Digest>>;
}

/** A build that was done, and every entry that it consists of. */
export interface RootEntry {
  /** A file of this machine; when it is gone, so is the reason to keep the rest. */
  readonly origin: string;
  readonly appliance: string;
  readonly target: string;
  /** Digest of the manifest; none after a check, which makes no image. */
  readonly manifest?: Digest | undefined;
  readonly objects: readonly Digest[];
  readonly actions: readonly Digest[];
  readonly index: readonly Digest[];
}

const kinds = { action: "outputs@1", index: "index@1", root: "root@1" } as const;

export type EntrySpace = Exclude<Space, "object">;

export const encodeAction = (name: Digest, { action, outputs }: ActionEntry): Uint8Array =>
  canonical({ appl: kinds.action, name, action, outputs });

export const encodeIndex = (name: Digest, value: Json): Uint8Array =>
  canonical({ appl: kinds.index, name, value });

export const encodeRoot = (name: Digest, { manifest, ...root }: RootEntry): Uint8Array =>
  canonical({ appl: kinds.root, name, ...root, ...(manifest && { manifest }) });

/** Undefined for anything but an entry that we wrote under this name. */
export function decodeAction(name: Digest, bytes: Uint8Array): ActionEntry | undefined {
  const entry = decode("action", name, bytes);
  const { action, outputs } = entry ?? {};
  return typeof action === "string" && isDigests(outputs) ? { action, outputs } : undefined;
}

/** The value in a record, which tells nothing from an entry that is broken. */
export function decodeIndex(name: Digest, bytes: Uint8Array): { readonly value: unknown } | undefined {
  const entry = decode("index", name, bytes);
  return entry?.["value"] === undefined ? undefined : { value: entry["value"] };
}

export function decodeRoot(name: Digest, bytes: Uint8Array): RootEntry | undefined {
  const entry = decode("root", name, bytes);
  if (entry === undefined) return undefined;
  const { origin, appliance, target, manifest, objects, actions, index } = entry;
  if (![origin, appliance, target].every((each) => typeof each === "string")) return undefined;
  if (![objects, actions, index].every(isDigestList)) return undefined;
  if (manifest !== undefined && !isDigest(manifest)) return undefined;
  return { origin, appliance, target, manifest, objects, actions, index } as RootEntry;
}

/** Whether an entry is one that was written under its name. */
export const isEntry = (space: EntrySpace, name: Digest, bytes: Uint8Array): boolean =>
  ({ action: decodeAction, index: decodeIndex, root: decodeRoot })[space](name, bytes) !== undefined;

function decode(space: EntrySpace, name: Digest, bytes: Uint8Array): Record<string, unknown> | undefined {
  try {
    const entry: unknown = JSON.parse(new TextDecoder().decode(bytes));
    if (typeof entry !== "object" || entry === null) return undefined;
    const found = entry as Record<string, unknown>;
    return found["appl"] === kinds[space] && found["name"] === name ? found : undefined;
  } catch {
    return undefined;
  }
}

const isDigestList = (value: unknown): value is Digest[] => Array.isArray(value) && value.every(isDigest);
const isDigests = (value: unknown): value is Record<string, Digest> =>
  typeof value === "object" && value !== null && Object.values(value).every(isDigest);
