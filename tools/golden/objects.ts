/**
 * What is kept of an example's image so that it can be compared later: its recipe and report with all that they name and `diff` reads. One
 * object a line, in any order, so that lines of two branches together are right, too. Machine code and the image itself are not kept.
 */

import { nodeSha256 } from "../../cli/edges/tool.ts";
import { type BuildReport, type Digest, type Given, reach, type Store } from "../../compiler/index.ts";

export type Objects = ReadonlyMap<Digest, Uint8Array>;

/** Kinds of documents that say what was built. The others are large, or tell bytes and not causes. */
const KINDS = new Set(
  [
    "recipe",
    "contents",
    "manifest",
    "image",
    "toolchain",
    "board",
    "iface",
    "config",
    "code",
    "tree",
    "functions",
  ].map((kind) => `${kind}@1`),
);

/** Everything of one build; `report` is the digest of its report. */
export function objectsOf(report: Digest, store: Pick<Store, "blob">): Objects {
  const bytes = store.blob(report);
  if (bytes === undefined) throw new Error(`the report ${report} is not in the store`);
  const { digests } = JSON.parse(text(bytes)) as BuildReport;
  const recipe = JSON.parse(text(store.blob(digests.recipe)!)) as { files: { digest: Digest }[] };
  const named = new Set<Digest>([report, ...recipe.files.map(({ digest }) => digest)]);
  const wanted = (digest: Digest): Uint8Array | undefined => {
    const found = store.blob(digest);
    return found && (named.has(digest) || KINDS.has(kindOf(found))) ? found : undefined;
  };
  const reached = reach(named, (digest) => {
    const found = wanted(digest);
    return found && text(found);
  });
  const all = [...reached].flatMap((digest) => {
    const found = wanted(digest);
    return found === undefined ? [] : [[digest, found] as const];
  });
  return new Map(all);
}

function kindOf(bytes: Uint8Array): string {
  if (bytes[0] !== 0x7b) return "";
  return /"appl":"(\w+@\d+)"/.exec(text(bytes))?.[1] ?? "";
}

/** In order of what they are, and then of their digests: an object that stays keeps its place. */
export function writeObjects(objects: Objects): string {
  const lines = [...objects].map(([digest, bytes]) => ({ kind: kindOf(bytes), digest, line: lineOf(bytes) }));
  return lines
    .toSorted((a, b) => (`${a.kind} ${a.digest}` < `${b.kind} ${b.digest}` ? -1 : 1))
    .map(({ line }) => `${line}\n`)
    .join("");
}

/** The digest is not written down: it is what the bytes have. */
export function readObjects(lines: string): Objects {
  return new Map(
    lines
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => {
        const bytes = bytesOf(line);
        return [`sha256:${nodeSha256(bytes)}`, bytes];
      }),
  );
}

/** A document as it is; a text as a string; anything else as its base64 in a list. */
function lineOf(bytes: Uint8Array): string {
  const written = text(bytes);
  if (Buffer.compare(Buffer.from(written), bytes) !== 0)
    return JSON.stringify([Buffer.from(bytes).toString("base64")]);
  return written.startsWith("{") && !written.includes("\n") ? written : JSON.stringify(written);
}

function bytesOf(line: string): Uint8Array {
  if (line.startsWith("{")) return Buffer.from(line);
  const found = JSON.parse(line) as string | [string];
  return typeof found === "string" ? Buffer.from(found) : Buffer.from(found[0], "base64");
}

/** One side of a comparison. */
export function givenOf(report: Digest, objects: Objects): Given {
  const read = JSON.parse(text(objects.get(report)!)) as BuildReport;
  return { build: read.digests, report: read };
}

const text = (bytes: Uint8Array): string => new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
