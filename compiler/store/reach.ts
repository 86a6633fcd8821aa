/** What objects lead to: documents name others by digest, so what is kept keeps all that it speaks of. */
import type { Digest } from "./digest.ts";

const NAMED = /sha256:[0-9a-f]{64}/g;

/** Every digest that a text speaks of. */
export const digestsIn = (text: string): Digest[] => (text.match(NAMED) ?? []) as Digest[];

/**
 * `from` and all that can be reached from there. `read` gives the text of an object that may be a document, and undefined for others and for those
 * that are not there. Every object is looked at once, whatever leads to it.
 */
export function reach(
  from: Iterable<Digest>,
  read: (digest: Digest) => string | undefined,
): ReadonlySet<Digest> {
  const reached = new Set<Digest>(from);
  // What is added while a set is walked is walked, too.
  for (const digest of reached) for (const next of digestsIn(read(digest) ?? "")) reached.add(next);
  return reached;
}
