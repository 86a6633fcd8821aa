/** Which code a module consists of: digests of its sources as far as they count, so that a comment is no change. */
import type { Wiring } from "../assemble/wiring.ts";
import { canonical } from "../store/canonical.ts";
import type { Digest } from "../store/digest.ts";
import type { Store } from "../store/store.ts";
import type { Program } from "./program.ts";
import { ownerOf } from "./sizes.ts";
import { withoutComments } from "./source-text.ts";

/** Path of a module, or of a library for what its modules share → digest of `code@1`, in order of path. */
export async function codeByOwner(
  { sources, texts }: Program,
  { generated, owners }: Wiring,
  store: Store,
): Promise<ReadonlyMap<string, Digest>> {
  const paths = Object.keys(sources).filter((path) => !generated.has(path));
  const inputs = { sources: paths.map((path) => [path, sources[path]!]) };
  const { texts: known } = await store.action("source-texts", inputs, async () => {
    const rows = paths.map((path) => [path, digestOf(withoutComments(texts[path]!), store)] as const);
    return { texts: canonical(rows) };
  });
  const files = JSON.parse(new TextDecoder().decode(known.bytes())) as [string, Digest][];
  const found = new Map<string, [string, Digest][]>();
  for (const file of files) {
    const owner = ownerOf(file[0], owners);
    found.set(owner, [...(found.get(owner) ?? []), file]);
  }
  return new Map(
    [...found]
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([owner, own]) => [owner, store.put(canonical({ appl: "code@1", files: own }))]),
  );
}

const digestOf = (text: string, store: Store): Digest => store.digest(new TextEncoder().encode(text));
