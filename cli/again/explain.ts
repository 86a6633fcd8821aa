/** What two builds that should be the same differ in, layer by layer: digests, documents, sections, functions, offsets. */
import {
  byteChanges,
  type Digest,
  differingLeaves,
  type Finished,
  type Given,
  imageBytes,
  knownBuilds,
  readReport,
  type Store,
  type SupplyKind,
} from "#compiler";
import type { Again } from "./elsewhere.ts";

export interface Difference {
  /** `build`: the second one came to no image. */
  readonly layer: "build" | "digest" | "document" | "section" | "symbol";
  readonly name: string;
  readonly a: string;
  readonly b: string;
  /** Of a section or symbol: the first byte that differs, in the file. */
  readonly offset?: number;
}

const MOST = 20;

/** Empty if everything is the same. `store` has the objects of the first build, `documents` is what was written beside it. */
export function differences(
  first: Finished,
  again: Again,
  store: Store,
  documents: Readonly<Record<SupplyKind, Uint8Array>>,
): Difference[] {
  if ("refused" in again)
    return [{ layer: "build", name: "build", a: "an image", b: firstLine(again.refused) }];
  const { digests } = first.report;
  const names = ["recipe", "contents", "image", "manifest"] as const;
  const found: Difference[] = names
    .filter((name) => digests[name] !== again.digests[name])
    .map((name) => ({ layer: "digest", name, a: digests[name], b: again.digests[name] }));
  if (Buffer.compare(first.image, again.image) !== 0 && digests.image === again.digests.image)
    found.push({ layer: "digest", name: "image", a: "its digest", b: "other bytes under the same digest" });
  const both = {
    a: (digest: Digest) => store.blob(digest),
    b: (digest: Digest) => again.store.blob(digest),
  };
  for (const name of ["recipe", "contents"] as const) {
    const [one, other] = [both.a(digests[name]), both.b(again.digests[name])];
    if (one === undefined || other === undefined || digests[name] === again.digests[name]) continue;
    const leaves = differingLeaves(one, other, both, MOST);
    for (const { path, a = "nothing", b = "nothing" } of leaves)
      found.push({ layer: "document", name: `${name} ${path}`, a, b });
  }
  found.push(...byteDifferences(first, again, store));
  // They say what the image consists of: they differ if that does, and only else is it of interest.
  return found.length > 0 ? found : supplyKinds.flatMap((kind) => inDocument(kind, documents[kind], again));
}

const supplyKinds = ["spdx", "cdx", "provenance"] as const satisfies readonly SupplyKind[];

function inDocument(
  kind: SupplyKind,
  one: Uint8Array,
  again: Extract<Again, { readonly image: Uint8Array }>,
): Difference[] {
  const other = again.document(kind);
  if (Buffer.compare(one, other) === 0) return [];
  const nothing = () => undefined;
  return differingLeaves(one, other, { a: nothing, b: nothing }, MOST).map(
    ({ path, a = "nothing", b = "nothing" }) => ({ layer: "document", name: `${kind} ${path}`, a, b }),
  );
}

/** Where the bytes are not the same, by section and function; all that is known of where things are comes from the two stores. */
function byteDifferences(
  first: Finished,
  again: Extract<Again, { readonly image: Uint8Array }>,
  store: Store,
) {
  const one = imageBytes(first.image, givenOf(first.report.digests, store), store);
  const other = imageBytes(again.image, givenOf(again.digests, again.store), again.store);
  return byteChanges(one, other)
    .slice(0, MOST)
    .map(({ section, symbol, a, b, first: at }): Difference => {
      const shown = (bytes: Uint8Array, extent: typeof a) =>
        extent === undefined
          ? "nothing"
          : `${Buffer.from(bytes.subarray(extent.offset + at, extent.offset + Math.min(at + SHOWN, extent.size))).toString("hex")}`;
      return {
        layer: symbol === undefined ? "section" : "symbol",
        name: symbol === undefined ? section : `${section} ${symbol}`,
        a: shown(first.image, a),
        b: shown(again.image, b),
        offset: (a ?? b)!.offset + at,
      };
    });
}

function givenOf({ contents, manifest }: Finished["report"]["digests"], store: Store): Given {
  const build = knownBuilds(contents, store).find((each) => each.manifest === manifest);
  return { build, report: build && readReport(build, store) };
}

/** Bytes of each side. */
const SHOWN = 8;

const firstLine = (text: string): string => text.split("\n").slice(0, 3).join("; ");

export function differenceLines(found: readonly Difference[]): string[] {
  return found.map(({ layer, name, a, b, offset }) => {
    const where = offset === undefined ? "" : ` from 0x${offset.toString(16)} of the file`;
    return `${layer} ${name}${where}: ${shortened(a)} -> ${shortened(b)}`;
  });
}

const shortened = (text: string): string =>
  text.replace(/sha256:([0-9a-f]{10})[0-9a-f]{54}/g, "$1").slice(0, 120);
