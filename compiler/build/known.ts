/** Which builds gave an image with these contents: several, when another compiler made the same bytes of the same description. */
import type { Json } from "../store/canonical.ts";
import type { Digest } from "../store/digest.ts";
import type { Store } from "../store/store.ts";
import type { BuildReport } from "./report.ts";

/** Digests that lead to all that is known of a build. */
export interface KnownBuild {
  readonly recipe: Digest;
  readonly contents: Digest;
  readonly image: Digest;
  readonly manifest: Digest;
  /** `BuildReport` as JSON. */
  readonly report: Digest;
}

/** Raised when the shape of `BuildReport` changes: what another version of the compiler has written is not read. */
const FORMAT = 6;
const MOST_BUILDS = 16;

/** The newest first. `digest` may be that of the recipe, too. */
export function knownBuilds(digest: Digest, store: Store): readonly KnownBuild[] {
  const found = store.index(keyOf(digest), "any");
  return Array.isArray(found) ? found.filter(isKnown) : [];
}

export function rememberBuild({ digests }: BuildReport, report: Digest, store: Store): void {
  const build: KnownBuild = { ...digests, report };
  for (const digest of [digests.contents, digests.recipe]) {
    const others = knownBuilds(digest, store).filter(({ recipe }) => recipe !== build.recipe);
    const builds = [build, ...others].slice(0, MOST_BUILDS);
    store.remember(keyOf(digest), builds as unknown as Json, "any");
  }
}

/** Undefined if it is not in the store any more. */
export function readReport({ report }: KnownBuild, store: Store): BuildReport | undefined {
  const bytes = store.blob(report);
  return bytes === undefined ? undefined : (JSON.parse(new TextDecoder().decode(bytes)) as BuildReport);
}

const keyOf = (digest: Digest): Json => ({ format: FORMAT, of: digest });

function isKnown(entry: unknown): entry is KnownBuild {
  if (typeof entry !== "object" || entry === null) return false;
  const known = entry as Record<string, unknown>;
  return ["recipe", "contents", "image", "manifest", "report"].every(
    (name) => typeof known[name] === "string",
  );
}
