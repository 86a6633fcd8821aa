/** The documents about a build that others' tools read. */
import type { Finished } from "../build/build.ts";
import { pureSha256, type Sha256 } from "../store/digest.ts";
import { billOf, type Surroundings } from "./bill.ts";
import { cyclonedxOf } from "./cyclonedx.ts";
import { provenanceOf } from "./provenance.ts";
import { spdxOf } from "./spdx.ts";

export type SupplyKind = "spdx" | "cdx" | "provenance";

/** `nameOf`: how a document is called that lies beside an image of this name. */
export function supplyDocuments(
  built: Finished,
  surroundings: Surroundings,
  nameOf: (image: string, kind: "manifest" | "recipe" | SupplyKind) => string,
  sha256: Sha256 = pureSha256,
): Record<SupplyKind, Uint8Array> {
  const bill = billOf(built, surroundings);
  const [image] = bill.outputs;
  const bills = { spdx: spdxOf(bill), cdx: cyclonedxOf(bill) };
  const beside = { ...built.documents, ...bills };
  const kinds = ["manifest", "recipe", "spdx", "cdx"] as const;
  const byproducts = kinds.map((kind) => ({
    name: nameOf(image.name, kind),
    digest: `sha256:${sha256(beside[kind])}` as const,
  }));
  return { ...bills, provenance: provenanceOf(bill, byproducts) };
}
