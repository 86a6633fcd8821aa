import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { forms, readForm, writeForm } from "./hash-forms.ts";

const sha256 = (text: string) => createHash("sha256").update(text).digest();

// The first three are in Nix's own tests (tests/functional/hash-convert.sh, hash-path.sh, store paths of empty files) and in its manual.
test.each([
  ["", "0mdqa9w1p6cmli6976v4wi0sw9r4p5prkj7lzfd1877wk11c9c73"],
  ["abc", "1b8m03r63zqhnjf7l5wnldhh7c134ap5vpj0850ymkq1iyzicy5s"],
])("the sha256 of %j in nix32 is what Nix writes", (text, nix32) => {
  expect(writeForm(sha256(text), "nix32")).toBe(nix32);
});

test("the other forms are what their tools write", () => {
  const digest = sha256("abc");
  const hex = execFileSync("sha256sum", { input: "abc", encoding: "utf8" }).split(" ")[0];
  expect(writeForm(digest, "hex")).toBe(hex);
  expect(writeForm(digest, "oci")).toBe(`sha256:${hex}`);
  expect(writeForm(digest, "multihash")).toBe(`1220${hex}`);
  // W3C Subresource Integrity, 3.1, has the form; base64 is coreutils'.
  const base64 = execFileSync("base64", { input: digest, encoding: "utf8" }).trim();
  expect(writeForm(digest, "sri")).toBe(`sha256-${base64}`);
});

test("every form is read again", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (digest) => {
      for (const form of forms) expect([...readForm(writeForm(digest, form))!], form).toEqual([...digest]);
      expect([...readForm(`sha256:${writeForm(digest, "nix32")}`)!]).toEqual([...digest]);
    }),
  );
});

test("other text is no digest", () => {
  for (const text of ["", "abc", "sha256:", `sha256:${"0".repeat(63)}`, `sha256:${"G".repeat(64)}`])
    expect(readForm(text), text).toBeUndefined();
  // Bits that belong to no byte.
  expect(readForm("z".repeat(52))).toBeUndefined();
  expect(readForm(`sha256-${"A".repeat(42)}B=`)).toBeUndefined();
  fc.assert(fc.property(fc.string(), (text) => void readForm(text)));
});
