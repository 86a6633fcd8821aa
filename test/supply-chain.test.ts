/** Bills of materials and provenance of real appliances, held against the schemas of others and against what a build really reads. */
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import formats from "ajv-formats";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { backends } from "../backends/index.ts";
import { childAssembler } from "../cli/edges/asc.ts";
import { libraryFiles } from "../cli/edges/library-files.ts";
import { cacheFolder, nodeBlobs } from "../cli/edges/node-blobs.ts";
import { nodeFiles } from "../cli/edges/node-files.ts";
import { nodeSha256, toolIdentity, tools } from "../cli/edges/tool.ts";
import { build } from "../compiler/index.ts";
import type { Files } from "../lang/index.ts";
import { temporaryFolder } from "./appliance.ts";
import { appl, applJson } from "./command.ts";
import { description, git, lock, project, repository, zone } from "./lock-project.ts";
import { type Spdx, spdxRules } from "./spdx-rules.ts";

const hex = (bytes: Uint8Array, algorithm = "sha256") => createHash(algorithm).update(bytes).digest("hex");
const kinds = ["spdx", "cdx", "provenance"] as const;
const read = (image: string, kind: string) => readFileSync(`${image}.${kind}.json`);
const json = (image: string, kind: string) => JSON.parse(read(image, kind).toString());

/** The official schemas of CycloneDX 1.6. */
function cyclonedxSchema() {
  const folder = "node_modules/@cyclonedx/cyclonedx-library/res/schema";
  const schema = (name: string) => JSON.parse(readFileSync(`${folder}/${name}.SNAPSHOT.schema.json`, "utf8"));
  // Formats that `ajv-formats` does not have.
  const ajv = new Ajv({ strict: false, formats: { "idn-email": true, "iri-reference": true } });
  formats.default(ajv);
  for (const name of ["spdx", "jsf-0.82"])
    ajv.addSchema(schema(name), `http://cyclonedx.org/schema/${name}.SNAPSHOT.schema.json`);
  return ajv.compile(schema("bom-1.6"));
}

const sha256 = z.strictObject({ sha256: z.string().regex(/^[0-9a-f]{64}$/) });
const described = z.strictObject({ name: z.string(), digest: sha256 });
/** in-toto Statement v1 and SLSA provenance v1: the members that they name, and none that they do not. */
const provenanceRules = z.strictObject({
  _type: z.literal("https://in-toto.io/Statement/v1"),
  subject: z.array(described).min(1),
  predicateType: z.literal("https://slsa.dev/provenance/v1"),
  predicate: z.strictObject({
    buildDefinition: z.strictObject({
      buildType: z.url(),
      externalParameters: z.record(z.string(), z.unknown()),
      internalParameters: z.record(z.string(), z.unknown()),
      resolvedDependencies: z.array(
        z
          .strictObject({
            name: z.string(),
            uri: z.url().optional(),
            digest: z.record(z.string().regex(/^[a-zA-Z0-9]+$/), z.string().regex(/^[0-9a-f]+$/)).optional(),
            annotations: z.record(z.string(), z.string()),
          })
          .refine(({ uri, digest }) => uri ?? digest, "a URI or a digest"),
      ),
    }),
    runDetails: z.strictObject({
      builder: z.strictObject({ id: z.url(), version: z.record(z.string(), z.string()) }),
      byproducts: z.array(described),
    }),
  }),
});
type Provenance = z.output<typeof provenanceRules>;
const dependencies = ({ predicate }: Provenance) => predicate.buildDefinition.resolvedDependencies;

interface Cdx {
  readonly metadata: { readonly component: { readonly version: string } };
  readonly components: readonly {
    readonly type: string;
    readonly name: string;
    readonly "bom-ref": string;
  }[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

const folder = temporaryFolder();
const images = { kvm: join(folder, "ns1.elf"), host: join(folder, "ns1.wasm") };
let packaged: string;
let source: ReturnType<typeof repository>;
/** `appl` of a day, so that what it counts is known. */
const on = async (day: string, ...argv: string[]) => {
  vi.stubEnv("SOURCE_DATE_EPOCH", String(Date.parse(day) / 1000));
  try {
    expect(await appl(...argv)).toMatchObject({ code: 0 });
  } finally {
    vi.unstubAllEnvs();
  }
};

beforeAll(async () => {
  vi.stubEnv("SOURCE_DATE_EPOCH", "");
  for (const [target, path] of Object.entries(images))
    await applJson("build", `examples/ns1/ns1.appl@${target}`, "-o", path);
  source = repository();
  packaged = project({
    "ns1.appl": description(zone("geo.web"), "use pkg/acme/geo"),
  });
  expect(await lock(packaged, "add", "pkg/acme/geo", `${source.url}?rev=v1.0.0`)).toMatchObject({ code: 0 });
  await on("2026-11-21", "build", `${join(packaged, "ns1.appl")}@host`, "-o", join(packaged, "ns1.wasm"));
  vi.unstubAllEnvs();
});
const all = () => [...Object.values(images), join(packaged, "ns1.wasm")];

test("each is valid by the rules of its format", () => {
  const cyclonedx = cyclonedxSchema();
  for (const image of all()) {
    cyclonedx(json(image, "cdx"));
    expect(cyclonedx.errors).toBeNull();
    spdxRules.parse(json(image, "spdx"));
    provenanceRules.parse(json(image, "provenance"));
  }
  expect(cyclonedx({ ...json(images.kvm, "cdx"), serialNumber: "1" })).toBe(false);
  const spdx = json(images.kvm, "spdx");
  expect(() => spdxRules.parse({ ...spdx, files: [] })).toThrow(/there is no SPDXRef-File/);
});

describe("bills of materials", () => {
  test("name the image, every module with its code, and every file, in both forms", async () => {
    const { modules } = await applJson<{ modules: { path: string; needs: Record<string, string> }[] }>(
      "inspect",
      images.kvm,
    );
    const spdx = json(images.kvm, "spdx") as Spdx;
    const cdx = json(images.kvm, "cdx") as Cdx;
    const names = spdx.packages.map(({ name }) => name);
    for (const { path } of modules) expect(names).toContain(path);
    const files = spdx.files.map(({ fileName }) => fileName.slice(2));
    expect(files).toEqual(["example.org.zone", "ns1.appl"]);
    expect(cdx.components.map(({ name }) => name).toSorted()).toEqual(
      [...names.filter((name) => name !== "ns1"), ...files].toSorted(),
    );
    for (const { fileName, checksums } of spdx.files)
      for (const { algorithm, checksumValue } of checksums)
        expect(hex(readFileSync(join("examples/ns1", fileName)), algorithm.toLowerCase())).toBe(
          checksumValue,
        );
    const image = spdx.packages[0]!;
    expect(image.checksums).toEqual([{ algorithm: "SHA256", checksumValue: hex(readFileSync(images.kvm)) }]);
    expect(cdx.metadata.component.version).toBe(image.versionInfo);
  });

  test("what needs what is what `inspect` says, with the reason", async () => {
    const { modules } = await applJson<{ modules: { path: string; needs: Record<string, string> }[] }>(
      "inspect",
      images.kvm,
    );
    const spdx = json(images.kvm, "spdx") as Spdx;
    const cdx = json(images.kvm, "cdx") as Cdx;
    const idOf = (name: string) => spdx.packages.find((each) => each.name === name)!.SPDXID;
    const edges = modules.flatMap(({ path, needs }) =>
      [...new Set(Object.values(needs))].map((by) => [path, by] as const),
    );
    expect(edges.length).toBeGreaterThan(20);
    const depends = spdx.relationships.filter(({ relationshipType }) => relationshipType === "DEPENDS_ON");
    expect(depends).toHaveLength(edges.length);
    for (const [from, to] of edges) {
      expect(depends).toContainEqual(
        expect.objectContaining({ spdxElementId: idOf(from), relatedSpdxElement: idOf(to) }),
      );
      expect(cdx.dependencies.find(({ ref }) => ref === `module:${from}`)!.dependsOn).toContain(
        `module:${to}`,
      );
    }
    for (const { comment } of depends) expect(comment).toMatch(/^need `\w+` of [\w/]+\.\w+/);
    const contains = spdx.relationships.filter(
      ({ relatedSpdxElement }) => relatedSpdxElement === idOf("std/dns"),
    );
    expect(contains[0]).toMatchObject({ relationshipType: "CONTAINS", comment: "the description has `dns`" });
  });

  test("every reference leads to a component, and every component is said what it needs", () => {
    for (const image of all()) {
      const { components, dependencies: rows } = json(image, "cdx") as Cdx;
      const refs = ["image", ...components.map((each) => each["bom-ref"])];
      expect(new Set(refs).size).toBe(refs.length);
      expect(rows.map(({ ref }) => ref).toSorted()).toEqual(refs.toSorted());
      for (const { dependsOn } of rows) for (const ref of dependsOn) expect(refs).toContain(ref);
    }
  });

  test("licences of tools are those of the packages that are installed", () => {
    for (const { name, version, licence } of tools().slice(1)) {
      const installed = JSON.parse(readFileSync(`node_modules/${name}/package.json`, "utf8"));
      expect({ version, licence }).toEqual({ version: installed.version, licence: installed.license });
    }
  });

  test("a package is there with the commit that it comes from, and with its files", () => {
    const spdx = json(join(packaged, "ns1.wasm"), "spdx") as Spdx;
    const geo = spdx.packages.find(({ name }) => name === "pkg/acme/geo")!;
    expect(geo.downloadLocation).toBe(`${source.url}@${source.commits[0]}`);
    const inside = spdx.relationships.filter(({ spdxElementId }) => spdxElementId === geo.SPDXID);
    expect(inside.map(({ relationshipType }) => relationshipType)).toContain("CONTAINS");
    const found = dependencies(json(join(packaged, "ns1.wasm"), "provenance")).find(
      ({ name }) => name === "pkg/acme/geo",
    );
    expect(found!.digest).toMatchObject({ gitCommit: source.commits[0] });
    expect(found!.uri).toContain(source.url);
    expect(git(source.work, "cat-file", "-t", found!.digest!["gitCommit"]!).trim()).toBe("commit");
  });
});

describe("provenance", () => {
  test("is of the image, and names the documents beside it", () => {
    const { subject, predicate } = json(images.kvm, "provenance") as Provenance;
    expect(subject).toEqual([{ name: "ns1.elf", digest: { sha256: hex(readFileSync(images.kvm)) } }]);
    const { byproducts } = predicate.runDetails;
    expect(byproducts.map(({ name }) => name)).toEqual(
      ["manifest", "recipe", "spdx", "cdx"].map((kind) => `ns1.elf.${kind}.json`),
    );
    for (const { name, digest } of byproducts)
      expect(digest.sha256).toBe(hex(readFileSync(join(folder, name))));
  });

  test.each(["kvm", "host"] as const)(
    "has every file that a build for %s reads, and no other",
    async (target) => {
      const seen = { user: spied(nodeFiles("examples/ns1")), library: spied(nodeFiles(".")) };
      const assembler = childAssembler();
      afterAll(() => assembler.close());
      const { built } = await build({
        path: "ns1.appl",
        target,
        backends,
        files: seen.user.files,
        libraries: seen.library.files,
        libraryFiles,
        // Known steps are not done again, but nothing is taken as read.
        locked: true,
        edges: { assembler, blobs: nodeBlobs(cacheFolder()), tool: toolIdentity(), sha256: nodeSha256 },
      });
      expect(built).toBeDefined();
      const rows = dependencies(json(images[target], "provenance"));
      const listed = (...roles: string[]) =>
        Object.fromEntries(
          rows
            .filter(({ annotations }) => roles.includes(annotations["role"]!))
            .map(({ name, digest }) => [name, digest!["sha256"]]),
        );
      expect(listed("description", "data", "imported", "lock")).toEqual(Object.fromEntries(seen.user.read));
      expect(listed("library")).toEqual(Object.fromEntries(seen.library.read));
      expect(seen.library.read.size).toBeGreaterThan(20);
      const roles = rows.map(({ annotations }) => annotations["role"]);
      expect(roles.slice(-4)).toEqual(["compiler", "tool", "tool", "toolchain"]);
      expect(rows.at(-4)!.digest).toEqual({ applFiles: toolIdentity().slice("sha256:".length) });
    },
  );

  test("has what was given on the command line", async () => {
    const path = join(folder, "param.appl");
    writeFileSync(
      path,
      `appl 1\nuse std/net\nparam unit : Int = 1\nappliance a { net eth0 { address = 10.0.2.15/24; mtu = 1400 + unit } }\n`,
    );
    const image = join(folder, "param.elf");
    await applJson("build", `${path}@kvm`, "-o", image, "-p", "unit=7");
    const { buildDefinition } = (json(image, "provenance") as Provenance).predicate;
    expect(buildDefinition.externalParameters).toEqual({
      description: "param.appl",
      appliance: "a",
      target: "kvm",
      params: { unit: "7" },
    });
    expect(buildDefinition.internalParameters["params"]).toEqual({ unit: "7" });
  });
});

describe("nothing of when and where is in them", () => {
  test("built elsewhere without a cache, and found again in the cache, they are the same bytes", async () => {
    const elsewhere = temporaryFolder();
    mkdirSync(join(elsewhere, "another place"));
    cpSync("examples/ns1", join(elsewhere, "another place"), { recursive: true });
    const image = join(elsewhere, "other.name");
    vi.stubEnv("APPL_CACHE", join(elsewhere, "cache"));
    for (const steps of ["anew", "again"]) {
      await applJson("build", `${join(elsewhere, "another place/ns1.appl")}@host`, "-o", image);
      for (const kind of kinds)
        expect(`${steps} ${read(image, kind)}`).toBe(`${steps} ${read(images.host, kind)}`);
    }
    vi.unstubAllEnvs();
  });

  test("a build that counts has the lock that it leaves, so the next one says the same", async () => {
    const image = join(packaged, "ns1.wasm");
    const before = kinds.map((kind) => read(image, kind).toString());
    await on("2026-11-21", "build", `${join(packaged, "ns1.appl")}@host`, "-o", image);
    expect(kinds.map((kind) => read(image, kind).toString())).toEqual(before);
    const found = dependencies(json(image, "provenance")).find(({ name }) => name === "appl.lock");
    expect(found!.digest).toEqual({ sha256: hex(readFileSync(join(packaged, "appl.lock"))) });
  });

  test("a time is in them if one is given, and then it is that one", async () => {
    expect(json(images.host, "spdx").creationInfo.created).toBe("1970-01-01T00:00:00Z");
    expect(json(images.host, "cdx").metadata.timestamp).toBeUndefined();
    const image = join(folder, "dated.wasm");
    await on("2026-11-21T10:20:30Z", "build", "examples/ns1/ns1.appl@host", "-o", image);
    expect(json(image, "spdx").creationInfo.created).toBe("2026-11-21T10:20:30Z");
    expect(json(image, "cdx").metadata.timestamp).toBe("2026-11-21T10:20:30Z");
    expect(readFileSync(image).equals(readFileSync(images.host))).toBe(true);
  });
});

/** Files that remember what was read of them, and its digest. */
function spied(files: Files): { readonly files: Files; readonly read: Map<string, string> } {
  const found = new Map<string, string>();
  return {
    read: found,
    files: {
      list: (path) => files.list(path),
      read(path) {
        const bytes = files.read(path);
        if (bytes !== undefined) found.set(path, hex(bytes));
        return bytes;
      },
    },
  };
}
