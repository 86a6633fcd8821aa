import { expect, test } from "vitest";
import type { Digest } from "../store/digest.ts";
import type { Bill } from "./bill.ts";
import { uuidOf } from "./document.ts";
import { spdxOf } from "./spdx.ts";

const digest: Digest = `sha256:${"0".repeat(64)}`;
const billOf = (...paths: string[]): Bill => ({
  appliance: "ns1",
  target: "kvm",
  backend: "kvm",
  digests: { recipe: digest, contents: digest, image: digest, manifest: digest },
  outputs: [{ name: "ns1.elf", media: "application/x-elf", digest, size: 1 }],
  params: [],
  toolchain: digest,
  parts: [],
  files: paths.map((path) => ({ path, digest, role: "data", package: undefined })),
  packages: [],
  libraries: [],
  surroundings: {
    tools: [{ name: "appl", version: "1.0.0", licence: "ISC" }],
    compiler: digest,
    description: "ns1.appl",
    params: {},
    lock: undefined,
    sourceDate: undefined,
    sha1: () => "0".repeat(40),
  },
});
const read = (bill: Bill) => JSON.parse(new TextDecoder().decode(spdxOf(bill)));

test("names that look alike as identifiers have identifiers of their own", () => {
  const { files, relationships } = read(billOf("a/b", "a-b", "ä", "ö", "a_b.2"));
  const ids = files.map(({ SPDXID }: { SPDXID: string }) => SPDXID);
  expect(ids[0]).toBe("SPDXRef-File-a-b");
  expect(new Set(ids).size).toBe(5);
  for (const id of ids) {
    expect(id).toMatch(/^SPDXRef-[A-Za-z0-9.-]+$/);
    expect(JSON.stringify(relationships)).toContain(`"${id}"`);
  }
});

test("the document's name space is another one as soon as anything in it is", () => {
  const space = (...paths: string[]) => read(billOf(...paths)).documentNamespace as string;
  expect(space("a")).toBe(space("a"));
  expect(space("a")).not.toBe(space("b"));
  expect(space()).toMatch(/^https:\/\/spdx\.org\/spdxdocs\/ns1-[0-9a-f-]{36}$/);
});

test("a UUID of content has version 8 and the variant of RFC 9562", () => {
  for (let n = 0; n < 64; n++)
    expect(uuidOf([n])).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});
