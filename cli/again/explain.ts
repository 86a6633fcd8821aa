/** What two builds that should be the same differ in, layer by layer: manifest, documents, sections, offsets. */
import { decodeManifest, differingLeaves, type Finished, type ReadObject } from "#compiler";
import type { Again } from "./elsewhere.ts";

export interface Difference {
  /** `build`: the second one came to no image. */
  readonly layer: "build" | "digest" | "document" | "section";
  readonly name: string;
  readonly a: string;
  readonly b: string;
  /** Of a section: the first byte that differs, in the file. */
  readonly offset?: number;
}

const MOST = 20;

/** Empty if everything is the same. `read` finds objects of the first build. */
export function differences(first: Finished, again: Again, read: ReadObject): Difference[] {
  if ("refused" in again)
    return [{ layer: "build", name: "build", a: "an image", b: firstLine(again.refused) }];
  const { digests } = first.report;
  const names = ["recipe", "contents", "image", "manifest"] as const;
  const found: Difference[] = names
    .filter((name) => digests[name] !== again.digests[name])
    .map((name) => ({ layer: "digest", name, a: digests[name], b: again.digests[name] }));
  if (Buffer.compare(first.image, again.image) !== 0 && digests.image === again.digests.image)
    found.push({ layer: "digest", name: "image", a: "its digest", b: "other bytes under the same digest" });
  const both = { a: read, b: again.object as ReadObject };
  for (const name of ["recipe", "contents"] as const) {
    const [one, other] = [both.a(digests[name]), both.b(again.digests[name])];
    if (one === undefined || other === undefined || digests[name] === again.digests[name]) continue;
    const leaves = differingLeaves(one, other, both, MOST);
    for (const { path, a = "nothing", b = "nothing" } of leaves)
      found.push({ layer: "document", name: `${name} ${path}`, a, b });
  }
  return [...found, ...sectionDifferences(first, again, both.b(again.digests.manifest))];
}

function sectionDifferences(
  { image, documents }: Finished,
  again: Extract<Again, { readonly image: Uint8Array }>,
  manifest: Uint8Array | undefined,
): Difference[] {
  const [a, b] = [documents.manifest, manifest].map((bytes) => bytes && decodeManifest(bytes)?.sections);
  if (a === undefined || b === undefined) return [];
  const names = [...new Set([...a, ...b].map(({ name }) => name))];
  return names.flatMap((name): Difference[] => {
    const [one, other] = [a, b].map((sections) => sections.find((section) => section.name === name));
    if (one?.digest === other?.digest) return [];
    if (one === undefined || other === undefined)
      return [{ layer: "section", name, a: one ? "there" : "missing", b: other ? "there" : "missing" }];
    const [mine, theirs] = [
      image.subarray(one.offset, one.offset + one.size),
      again.image.subarray(other.offset, other.offset + other.size),
    ];
    const at = mine.findIndex((byte, n) => byte !== theirs[n]);
    const first = at === -1 ? mine.length : at;
    const shown = (bytes: Uint8Array) =>
      `${bytes.length} bytes, ${Buffer.from(bytes.subarray(first, first + 8)).toString("hex") || "nothing"}`;
    return [{ layer: "section", name, a: shown(mine), b: shown(theirs), offset: one.offset + first }];
  });
}

const firstLine = (text: string): string => text.split("\n").slice(0, 3).join("; ");

export function differenceLines(found: readonly Difference[]): string[] {
  return found.map(({ layer, name, a, b, offset }) => {
    const where = offset === undefined ? "" : ` from 0x${offset.toString(16)} of the file`;
    return `${layer} ${name}${where}: ${shortened(a)} -> ${shortened(b)}`;
  });
}

const shortened = (text: string): string =>
  text.replace(/sha256:([0-9a-f]{10})[0-9a-f]{54}/g, "$1").slice(0, 120);
