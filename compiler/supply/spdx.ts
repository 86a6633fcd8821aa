/** SPDX 2.3, as JSON: https://spdx.github.io/spdx-spec/v2.3/ */
import { type PackageLine, printSource } from "#lang";
import type { Json } from "../store/canonical.ts";
import type { Bill, BilledFile, Part, Tool } from "./bill.ts";
import { documentBytes, generic, hexOf, npm, timeText, uuidOf } from "./document.ts";

/** SPDX wants a time. Without a given one it is this, which everybody takes for none. */
const NO_TIME = 0;
const UNKNOWN = "NOASSERTION";
const DOCUMENT = "SPDXRef-DOCUMENT";
const IMAGE = "SPDXRef-Image";

export function spdxOf(bill: Bill): Uint8Array {
  const { appliance, target, surroundings } = bill;
  const ids = new Ids();
  for (const { name } of bill.parts) ids.add("Module", name);
  for (const { name } of bill.packages) ids.add("Package", name);
  for (const { path } of bill.files) ids.add("File", path);
  for (const { name } of surroundings.tools) ids.add("Tool", name);
  const [compiler] = surroundings.tools;
  const document = {
    spdxVersion: "SPDX-2.3",
    dataLicense: "CC0-1.0",
    SPDXID: DOCUMENT,
    name: `${appliance}@${target}`,
    creationInfo: {
      created: timeText(surroundings.sourceDate ?? NO_TIME),
      creators: [`Tool: ${compiler.name}-${compiler.version}`],
    },
    packages: [
      image(bill),
      ...bill.parts.map((part) => modulePackage(part, ids.of("Module", part.name))),
      ...bill.packages.map((line) => sourcePackage(line, ids.of("Package", line.name))),
      ...surroundings.tools.map((tool, n) =>
        toolPackage(tool, ids.of("Tool", tool.name), n === 0 ? surroundings.compiler : undefined),
      ),
    ],
    files: bill.files.map((file) => fileOf(file, bill, ids.of("File", file.path))),
    relationships: relationships(bill, ids),
  };
  // The name space is a name, and need not lead anywhere: this is the one that the specification offers to those without a web site.
  const { spdxVersion, dataLicense, SPDXID, name, ...rest } = document;
  const documentNamespace = `https://spdx.org/spdxdocs/${encodeURIComponent(appliance)}-${uuidOf(document)}`;
  return documentBytes({ spdxVersion, dataLicense, SPDXID, name, documentNamespace, ...rest });
}

function image({ appliance, digests, outputs }: Bill): Json {
  const [file] = outputs;
  return {
    name: appliance,
    SPDXID: IMAGE,
    versionInfo: digests.contents,
    packageFileName: file.name,
    primaryPackagePurpose: file.media === "application/wasm" ? "APPLICATION" : "FIRMWARE",
    ...unsaid,
    checksums: [sha256(file.digest)],
    comment: `recipe ${digests.recipe}; contents ${digests.contents}; manifest ${digests.manifest}`,
  };
}

/** What a bill says nothing of, in the words that SPDX wants for it. */
const unsaid = {
  downloadLocation: UNKNOWN,
  filesAnalyzed: false,
  licenseConcluded: UNKNOWN,
  licenseDeclared: UNKNOWN,
  copyrightText: UNKNOWN,
} as const;

function modulePackage(
  { name, version, licence, doc, code, interface: face, parts }: Part,
  id: string,
): Json {
  const about = [
    code && `code ${code}`,
    face && `interface ${face}`,
    parts.length > 0 && `parts ${parts.join(", ")}`,
  ].filter((each) => typeof each === "string");
  return {
    name,
    SPDXID: id,
    ...(version && { versionInfo: version }),
    ...(doc && { description: doc }),
    primaryPackagePurpose: "LIBRARY",
    ...unsaid,
    ...(licence && { licenseDeclared: licence }),
    ...(code && { checksums: [sha256(code)] }),
    externalRefs: [purl(generic(name, version))],
    ...(about.length > 0 && { comment: about.join("; ") }),
  };
}

function sourcePackage({ name, version, digest, source }: PackageLine, id: string): Json {
  const place = printSource(source);
  return {
    name,
    SPDXID: id,
    ...(version !== "-" && { versionInfo: version }),
    primaryPackagePurpose: "SOURCE",
    ...unsaid,
    ...(source.kind === "archive" && { downloadLocation: source.url }),
    ...(source.kind === "git" && {
      downloadLocation: `git+${source.url}${source.commit === undefined ? "" : `@${source.commit}`}`,
    }),
    externalRefs: [purl(generic(name, version === "-" ? undefined : version))],
    comment: `${place}${digest === undefined ? "" : `; tree ${digest}`}`,
  };
}

function toolPackage({ name, version, licence }: Tool, id: string, digest: string | undefined): Json {
  return {
    name,
    SPDXID: id,
    versionInfo: version,
    primaryPackagePurpose: "APPLICATION",
    ...unsaid,
    licenseDeclared: licence,
    externalRefs: [purl(digest === undefined ? npm(name, version) : generic(name, version))],
    ...(digest && { comment: `files of the compiler ${digest}` }),
  };
}

const fileOf = ({ path, digest, role }: BilledFile, { surroundings }: Bill, id: string): Json => ({
  fileName: `./${path}`,
  SPDXID: id,
  fileTypes: [role === "description" || role === "imported" ? "SOURCE" : "OTHER"],
  checksums: [{ algorithm: "SHA1", checksumValue: surroundings.sha1(path) }, sha256(digest)],
  licenseConcluded: UNKNOWN,
  licenseInfoInFiles: [UNKNOWN],
  copyrightText: UNKNOWN,
});

function relationships({ parts, packages, files, surroundings }: Bill, ids: Ids): Json {
  const relation = (from: string, type: string, to: string, because: readonly string[] = []) => ({
    spdxElementId: from,
    relationshipType: type,
    relatedSpdxElement: to,
    ...(because.length > 0 && { comment: because.join("; ") }),
  });
  return [
    relation(DOCUMENT, "DESCRIBES", IMAGE),
    ...parts.map(({ name, because }) => relation(IMAGE, "CONTAINS", ids.of("Module", name), because)),
    ...parts.flatMap(({ name, needs }) =>
      needs.map(({ by, because }) =>
        relation(ids.of("Module", name), "DEPENDS_ON", ids.of("Module", by), because),
      ),
    ),
    ...packages.map(({ name }) => relation(IMAGE, "GENERATED_FROM", ids.of("Package", name))),
    ...files.map(({ path, role, package: from }) =>
      from === undefined
        ? relation(IMAGE, "GENERATED_FROM", ids.of("File", path), [role])
        : relation(ids.of("Package", from), "CONTAINS", ids.of("File", path)),
    ),
    ...surroundings.tools.map(({ name }) => relation(ids.of("Tool", name), "BUILD_TOOL_OF", IMAGE)),
  ];
}

const sha256 = (digest: string) => ({ algorithm: "SHA256", checksumValue: hexOf(digest) });

const purl = (locator: string) => ({
  referenceCategory: "PACKAGE-MANAGER",
  referenceType: "purl",
  referenceLocator: locator,
});

/** `SPDXRef-Module-std-net-arp`: letters, digits, points and hyphens, each once. */
class Ids {
  readonly #ids = new Map<string, string>();
  readonly #taken = new Set<string>();

  add(kind: string, name: string): void {
    const wanted = `SPDXRef-${kind}-${name.replace(/[^A-Za-z0-9.]+/g, "-")}`;
    let id = wanted;
    for (let n = 2; this.#taken.has(id); n++) id = `${wanted}.${n}`;
    this.#taken.add(id);
    this.#ids.set(`${kind} ${name}`, id);
  }

  of(kind: string, name: string): string {
    const id = this.#ids.get(`${kind} ${name}`);
    if (id === undefined) throw new Error(`BUG: nothing is known of ${name}`);
    return id;
  }
}
