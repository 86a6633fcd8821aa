/**
 * What SPDX 2.3 wants of a document, as far as ours go: its clauses 6, 7, 8 and 11 as a schema without further members. The official JSON
 * schema is in no package, and it checks less: which identifiers there are, and that each file has a SHA1, is only in the text.
 */
import { readFileSync } from "node:fs";
import { z } from "zod";

/** From the official CycloneDX schemas, which have the list of SPDX. */
const { enum: licences } = JSON.parse(
  readFileSync("node_modules/@cyclonedx/cyclonedx-library/res/schema/spdx.SNAPSHOT.schema.json", "utf8"),
) as { readonly enum: readonly string[] };

const id = z.string().regex(/^SPDXRef-[a-zA-Z0-9.-]+$/);
const licence = z.union([z.enum(["NOASSERTION", "NONE"]), z.enum(licences as [string, ...string[]])]);
const checksum = z.discriminatedUnion("algorithm", [
  z.strictObject({ algorithm: z.literal("SHA1"), checksumValue: z.string().regex(/^[0-9a-f]{40}$/) }),
  z.strictObject({ algorithm: z.literal("SHA256"), checksumValue: z.string().regex(/^[0-9a-f]{64}$/) }),
]);
const place = z
  .string()
  .regex(/^(?:NONE|NOASSERTION|https:\/\/\S+|git\+(?:https|ssh|file):\/\/[^\s@]+(?:@[0-9a-f]{40,64})?)$/);

const packageShape = z.strictObject({
  name: z.string().min(1),
  SPDXID: id,
  versionInfo: z.string().optional(),
  packageFileName: z.string().optional(),
  description: z.string().optional(),
  primaryPackagePurpose: z.enum(["APPLICATION", "LIBRARY", "FIRMWARE", "SOURCE"]),
  downloadLocation: place,
  filesAnalyzed: z.literal(false),
  licenseConcluded: licence,
  licenseDeclared: licence,
  copyrightText: z.literal("NOASSERTION"),
  checksums: z.array(checksum).optional(),
  externalRefs: z
    .array(
      z.strictObject({
        referenceCategory: z.literal("PACKAGE-MANAGER"),
        referenceType: z.literal("purl"),
        referenceLocator: z.string().regex(/^pkg:(?:npm|generic)(?:\/[\w.%-]+)+(?:@[\w.%-]+)?$/),
      }),
    )
    .optional(),
  comment: z.string().optional(),
});

const fileShape = z.strictObject({
  fileName: z.string().startsWith("./"),
  SPDXID: id,
  fileTypes: z.array(z.enum(["SOURCE", "OTHER"])),
  checksums: z
    .array(checksum)
    .refine((all) => all.some(({ algorithm }) => algorithm === "SHA1"), "8.4: at least a SHA1"),
  licenseConcluded: licence,
  licenseInfoInFiles: z.array(licence),
  copyrightText: z.literal("NOASSERTION"),
});

const relationship = z.strictObject({
  spdxElementId: id,
  relationshipType: z.enum(["DESCRIBES", "CONTAINS", "DEPENDS_ON", "GENERATED_FROM", "BUILD_TOOL_OF"]),
  relatedSpdxElement: id,
  comment: z.string().optional(),
});

export const spdxRules = z
  .strictObject({
    spdxVersion: z.literal("SPDX-2.3"),
    dataLicense: z.literal("CC0-1.0"),
    SPDXID: z.literal("SPDXRef-DOCUMENT"),
    name: z.string().min(1),
    documentNamespace: z.url().refine((uri) => !uri.includes("#"), "6.5: no `#`"),
    creationInfo: z.strictObject({
      created: z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      creators: z.array(z.string().regex(/^Tool: \S+-\d+\.\d+\.\d+$/)).min(1),
    }),
    packages: z.array(packageShape),
    files: z.array(fileShape),
    relationships: z.array(relationship),
  })
  .superRefine(({ packages, files, relationships }, context) => {
    const ids = ["SPDXRef-DOCUMENT", ...[...packages, ...files].map(({ SPDXID }) => SPDXID)];
    if (new Set(ids).size !== ids.length) context.addIssue("an identifier stands for two elements");
    for (const { spdxElementId, relatedSpdxElement } of relationships)
      for (const end of [spdxElementId, relatedSpdxElement])
        if (!ids.includes(end)) context.addIssue(`there is no ${end}`);
    const related = new Set(relationships.flatMap((each) => [each.spdxElementId, each.relatedSpdxElement]));
    for (const each of ids) if (!related.has(each)) context.addIssue(`nothing is said of ${each}`);
  });

export type Spdx = z.output<typeof spdxRules>;
