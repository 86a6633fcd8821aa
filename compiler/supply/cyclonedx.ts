/** CycloneDX 1.6, as JSON: https://cyclonedx.org/docs/1.6/json/ */
import { type PackageLine, printSource } from "#lang";
import type { Json } from "../store/canonical.ts";
import type { Bill, BilledFile, Part, Tool } from "./bill.ts";
import { documentBytes, generic, hexOf, npm, timeText, uuidOf } from "./document.ts";

const IMAGE = "image";

const ref = {
  module: (name: string) => `module:${name}`,
  package: (name: string) => `package:${name}`,
  file: (path: string) => `file:${path}`,
  tool: (name: string) => `tool:${name}`,
};

export function cyclonedxOf(bill: Bill): Uint8Array {
  const { parts, packages, files, surroundings } = bill;
  const { tools, sourceDate, compiler } = surroundings;
  const document = {
    $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: {
      ...(sourceDate !== undefined && { timestamp: timeText(sourceDate) }),
      lifecycles: [{ phase: "build" }],
      tools: { components: [tool(tools[0], compiler)] },
      component: image(bill),
    },
    components: [
      ...parts.map(moduleComponent),
      ...packages.map(sourcePackage),
      ...files.map(file),
      // The tools are in no image.
      ...tools.map((each, n) => ({
        ...tool(each, n === 0 ? compiler : undefined),
        "bom-ref": ref.tool(each.name),
        scope: "excluded",
      })),
    ],
    dependencies: dependencies(bill),
    compositions: [{ aggregate: "complete", assemblies: [IMAGE], dependencies: [IMAGE] }],
  };
  const { $schema, bomFormat, specVersion, ...rest } = document;
  const serialNumber = `urn:uuid:${uuidOf(document)}`;
  return documentBytes({ $schema, bomFormat, specVersion, serialNumber, ...rest });
}

function image({ appliance, target, backend, digests, outputs, params }: Bill): Json {
  const [output] = outputs;
  return {
    type: output.media === "application/wasm" ? "application" : "firmware",
    "bom-ref": IMAGE,
    name: appliance,
    version: digests.contents,
    hashes: [sha256(output.digest)],
    properties: [
      property("target", target),
      property("backend", backend),
      property("file", output.name),
      property("recipe", digests.recipe),
      property("contents", digests.contents),
      property("manifest", digests.manifest),
      ...params.map(([name, value]) => property(`param:${name}`, value)),
    ],
  };
}

function moduleComponent(part: Part): Json {
  const { name, version, licence, doc, code, interface: face, parts, because } = part;
  const properties = [
    ...(face ? [property("interface", face)] : []),
    ...parts.map((each) => property("part", each)),
    ...because.map((each) => property("because", each)),
  ];
  return {
    type: "library",
    "bom-ref": ref.module(name),
    name,
    ...(version && { version }),
    ...(doc && { description: doc }),
    ...(code && { hashes: [sha256(code)] }),
    ...(licence && { licenses: [{ license: { id: licence } }] }),
    purl: generic(name, version),
    ...(properties.length > 0 && { properties }),
  };
}

function sourcePackage({ name, version, digest, source }: PackageLine): Json {
  const known = version === "-" ? undefined : version;
  return {
    type: "library",
    "bom-ref": ref.package(name),
    name,
    ...(known && { version: known }),
    purl: generic(name, known),
    ...(source.kind !== "path" && {
      externalReferences: [{ type: source.kind === "git" ? "vcs" : "distribution", url: source.url }],
    }),
    properties: [property("source", printSource(source)), ...(digest ? [property("tree", digest)] : [])],
  };
}

const file = ({ path, digest, role }: BilledFile): Json => ({
  type: "file",
  "bom-ref": ref.file(path),
  name: path,
  hashes: [sha256(digest)],
  properties: [property("role", role)],
});

/** `digest`: of the compiler's files. What it uses comes from npm. */
function tool({ name, version, licence }: Tool, digest: string | undefined) {
  return {
    type: "application",
    name,
    version,
    licenses: [{ license: { id: licence } }],
    purl: digest === undefined ? npm(name, version) : generic(name, version),
    ...(digest && { properties: [property("compiler", digest)] }),
  };
}

/** Of a component without any it is said that there are none. */
function dependencies({ parts, packages, files, surroundings }: Bill): Json {
  const depends = (name: string, on: readonly string[]) => ({ ref: name, dependsOn: [...on] });
  return [
    depends(IMAGE, [
      ...parts.map(({ name }) => ref.module(name)),
      ...packages.map(({ name }) => ref.package(name)),
      ...files.filter((each) => each.package === undefined).map(({ path }) => ref.file(path)),
    ]),
    ...parts.map(({ name, needs }) =>
      depends(
        ref.module(name),
        needs.map(({ by }) => ref.module(by)),
      ),
    ),
    ...packages.map(({ name }) =>
      depends(
        ref.package(name),
        files.filter((each) => each.package === name).map(({ path }) => ref.file(path)),
      ),
    ),
    ...files.map(({ path }) => depends(ref.file(path), [])),
    ...surroundings.tools.map(({ name }) => depends(ref.tool(name), [])),
  ];
}

const sha256 = (digest: string) => ({ alg: "SHA-256", content: hexOf(digest) });

const property = (name: string, value: string) => ({ name: `appl:${name}`, value });
