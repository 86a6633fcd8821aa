/** Where two documents differ, and the documents that they lead to: for when something should be equal and is not. */
import { type Digest, isDigest } from "./digest.ts";

export interface Leaf {
  /** `modules[3].config[0] > rows[5][2]`; `>` leads into another object. */
  readonly path: string;
  /** As JSON; undefined if it is not there. */
  readonly a: string | undefined;
  readonly b: string | undefined;
}

export type ReadObject = (digest: Digest) => Uint8Array | undefined;

/** At most `most`, in order; the same two objects are compared once. Objects that are no documents differ as digests. */
export function differingLeaves(
  a: Uint8Array,
  b: Uint8Array,
  read: { readonly a: ReadObject; readonly b: ReadObject },
  most: number,
): Leaf[] {
  const found: Leaf[] = [];
  const seen = new Set<string>();
  const pairs: Pair[] = [{ path: "", a: parse(a), b: parse(b) }];
  for (let pair = pairs.pop(); pair !== undefined && found.length < most; pair = pairs.pop()) {
    const key = isDigest(pair.a) && isDigest(pair.b) ? `${pair.a} ${pair.b}` : undefined;
    if (key !== undefined && seen.has(key)) continue;
    if (key !== undefined) seen.add(key);
    const inner = partsOf(pair) ?? partsOf(followed(pair, read));
    // The last one is looked at first.
    if (inner !== undefined) pairs.push(...inner.toReversed());
    else if (text(pair.a) !== text(pair.b)) found.push({ path: pair.path, a: text(pair.a), b: text(pair.b) });
  }
  return found;
}

interface Pair {
  readonly path: string;
  readonly a: unknown;
  readonly b: unknown;
}

/** Undefined if they are not both lists or both records. */
function partsOf({ path, a, b }: Pair): Pair[] | undefined {
  if (Array.isArray(a) && Array.isArray(b))
    return Array.from({ length: Math.max(a.length, b.length) }, (_, n) => ({
      path: `${path}[${n}]`,
      a: a[n] as unknown,
      b: b[n] as unknown,
    }));
  if (!isRecord(a) || !isRecord(b)) return undefined;
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])].toSorted();
  return names.map((name) => ({
    path: path === "" || path.endsWith("> ") ? `${path}${name}` : `${path}.${name}`,
    a: a[name],
    b: b[name],
  }));
}

/** Two digests as what they stand for. */
function followed(pair: Pair, read: { readonly a: ReadObject; readonly b: ReadObject }): Pair {
  const { path, a, b } = pair;
  if (!isDigest(a) || !isDigest(b) || a === b) return pair;
  return { path: `${path} > `, a: parse(read.a(a)), b: parse(read.b(b)) };
}

/** Undefined for what is no document. */
function parse(bytes: Uint8Array | undefined): unknown {
  try {
    const found: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return isRecord(found) ? found : undefined;
  } catch {
    return undefined;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const text = (value: unknown): string | undefined => JSON.stringify(value) as string | undefined;
