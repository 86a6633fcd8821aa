import fc from "fast-check";
import { expect, test } from "vitest";
import { canonical, type Json } from "./canonical.ts";
import { differingLeaves } from "./compare.ts";
import { type Digest, pureSha256 } from "./digest.ts";

const objects = new Map<Digest, Uint8Array>();
const put = (value: Json): Digest => {
  const bytes = canonical(value);
  const digest: Digest = `sha256:${pureSha256(bytes)}`;
  objects.set(digest, bytes);
  return digest;
};
const read = { a: (digest: Digest) => objects.get(digest), b: (digest: Digest) => objects.get(digest) };
const leaves = (a: Json, b: Json, most = 10) => differingLeaves(canonical(a), canonical(b), read, most);

test("leaves are named by their way through the documents", () => {
  const inner = (value: number) => put({ appl: "config@1", rows: [["x", value]] });
  expect(
    leaves({ name: "n", modules: [{ config: inner(1) }] }, { name: "n", modules: [{ config: inner(2) }] }),
  ).toEqual([{ path: "modules[0].config > rows[0][1]", a: "1", b: "2" }]);
});

test("what only one side has, and what is of another kind", () => {
  expect(leaves({ a: 1, b: [1] }, { b: { c: 1 }, d: [] })).toEqual([
    { path: "a", a: "1", b: undefined },
    { path: "b", a: "[1]", b: '{"c":1}' },
    { path: "d", a: undefined, b: "[]" },
  ]);
});

test("objects that are no documents, or are not there, differ as digests", () => {
  const [one, other] = [put([1]), `sha256:${"0".repeat(64)}`];
  expect(leaves({ x: one }, { x: other })).toEqual([{ path: "x", a: `"${one}"`, b: `"${other}"` }]);
});

test("no more than are wanted, and equal documents have none", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.stringMatching(/^[a-z]$/), fc.nat()), (value) => {
      expect(leaves(value, value)).toEqual([]);
      const other = Object.fromEntries(Object.keys(value).map((key) => [key, -1]));
      expect(leaves(value, other, 3)).toHaveLength(Math.min(3, Object.keys(value).length));
    }),
  );
});

test("documents that lead to themselves are looked at once", () => {
  const [self, other] = ["1", "2"].map((digit): Digest => `sha256:${digit.repeat(64)}`);
  const one = canonical({ x: self!, y: 1 });
  const two = canonical({ x: other!, y: 2 });
  expect(differingLeaves(one, two, { a: () => one, b: () => two }, 5)).toEqual([
    { path: "x > y", a: "1", b: "2" },
    { path: "y", a: "1", b: "2" },
  ]);
});
