/** How an image was made: an in-toto statement (v1) with SLSA provenance (v1). Everything that was read is in it, and nothing of when or where. */
import { type PackageLine, printSource } from "#lang";
import type { Json } from "../store/canonical.ts";
import type { Digest } from "../store/digest.ts";
import type { Bill } from "./bill.ts";
import { documentBytes, generic, hexOf, npm } from "./document.ts";

/** What a reader of the parameters has to know of: docs/supply-chain.md says what they mean. It is a name and leads nowhere. */
export const BUILD_TYPE = "urn:appl:build:1";
/** Somebody's `appl build`. Whoever signs the statement says whose. */
const BUILDER = "urn:appl:builder:local";

/** A document that lies beside the image, by the name that it has there. */
export interface Byproduct {
  readonly name: string;
  readonly digest: Digest;
}

export function provenanceOf(bill: Bill, byproducts: readonly Byproduct[]): Uint8Array {
  const { appliance, target, backend, digests, outputs, params, surroundings } = bill;
  const [compiler] = surroundings.tools;
  return documentBytes({
    _type: "https://in-toto.io/Statement/v1",
    subject: outputs.map(({ name, digest }) => described(name, digest)),
    predicateType: "https://slsa.dev/provenance/v1",
    predicate: {
      buildDefinition: {
        buildType: BUILD_TYPE,
        externalParameters: {
          description: surroundings.description,
          appliance,
          target,
          params: sorted(Object.entries(surroundings.params)),
          ...(surroundings.sourceDate !== undefined && { SOURCE_DATE_EPOCH: surroundings.sourceDate }),
        },
        internalParameters: {
          backend,
          params: sorted(params),
          recipe: digests.recipe,
          contents: digests.contents,
          toolchain: bill.toolchain,
        },
        resolvedDependencies: dependencies(bill),
      },
      runDetails: {
        builder: { id: BUILDER, version: { [compiler.name]: compiler.version } },
        byproducts: byproducts.map(({ name, digest }) => described(name, digest)),
      },
    },
  });
}

function dependencies({ files, packages, libraries, toolchain, surroundings }: Bill): Json {
  const { tools, compiler } = surroundings;
  return [
    ...files.map(({ path, digest, role }) => ({ ...described(path, digest), annotations: { role } })),
    ...packages.map(packageOf),
    ...libraries.map(({ path, digest }) => ({
      ...described(path, digest),
      annotations: { role: "library" },
    })),
    ...tools.map(({ name, version }, n) =>
      n === 0
        ? {
            name,
            uri: generic(name, version),
            digest: { applFiles: hexOf(compiler) },
            annotations: { role: "compiler" },
          }
        : { name, uri: npm(name, version), annotations: { role: "tool" } },
    ),
    { ...described("toolchain@1", toolchain), annotations: { role: "toolchain" } },
  ];
}

/** Digests of trees are named apart from those of bytes. */
const packageOf = ({ name, source, digest }: PackageLine): Json => ({
  name,
  uri: printSource(source),
  ...((digest !== undefined || source.kind === "git") && {
    digest: {
      ...(source.kind === "git" && source.commit !== undefined && { gitCommit: source.commit }),
      ...(digest && { applTree: hexOf(digest) }),
    },
  }),
  annotations: { role: "package" },
});

const described = (name: string, digest: string) => ({ name, digest: { sha256: hexOf(digest) } });

const sorted = (entries: readonly (readonly [string, string])[]): { readonly [name: string]: string } =>
  Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
