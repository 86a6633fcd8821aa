import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type FileValue, hashOfTree } from "#lang";
import { type Digest, pureSha256 } from "./digest.ts";
import {
  compareNames,
  decodeTree,
  encodeTree,
  filesOf,
  makeTree,
  type TreeFile,
  TreeProblem,
} from "./tree.ts";

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const digestOf = (content: string): Digest => `sha256:${pureSha256(new TextEncoder().encode(content))}`;

function file(path: string, content = path, executable = false): TreeFile {
  return { path, digest: digestOf(content), size: content.length, ...(executable && { executable }) };
}

function made(files: readonly TreeFile[]) {
  const objects = new Map<Digest, Uint8Array>();
  const put = (bytes: Uint8Array) => {
    const digest: Digest = `sha256:${pureSha256(bytes)}`;
    objects.set(digest, bytes);
    return digest;
  };
  return { objects, ...makeTree(files, put) };
}

test("a tree is what the reference says, and sha256sum names it too", () => {
  const { digest, objects, size } = made([file("b", "two"), file("a/x", "run", true), file("a/y", "")]);
  const inner = `{"appl":"tree@1","entries":[["x","x","${digestOf("run")}",3],["y","f","${digestOf("")}",0]]}`;
  const outer = `{"appl":"tree@1","entries":[["a","d","${digestOf(inner)}",3],["b","f","${digestOf("two")}",3]]}`;
  expect([...objects.values()].map(text)).toEqual([inner, outer]);
  expect(digest).toBe(`sha256:${createHash("sha256").update(outer).digest("hex")}`);
  expect(size).toBe(6);
});

test("an empty folder is a tree", () => {
  expect(made([]).digest).toBe(digestOf('{"appl":"tree@1","entries":[]}'));
});

test("names are in the order of their UTF-8 bytes, not of UTF-16", () => {
  const names = ["\u{1f600}", "\uffee", "z", "a", "ab", "é"];
  const byBytes = names.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  expect(names.toSorted(compareNames)).toEqual(byBytes);
  expect(names.toSorted()).not.toEqual(byBytes);
});

const names = fc.stringMatching(/^[a-cé]{1,2}$/);
const paths = fc.array(names, { minLength: 1, maxLength: 3 }).map((parts) => parts.join("/"));
/** Paths of which none is a folder of another. */
const fileSets = fc
  .uniqueArray(paths, { maxLength: 12 })
  .map((all) => all.filter((path) => !all.some((other) => other.startsWith(`${path}/`))))
  .map((all) => all.map((path) => file(path)));

test("a tree depends on no order, and gives its files back", () => {
  fc.assert(
    fc.property(fileSets, fc.nat(), (files, seed) => {
      const turned = files.toSorted(
        (a, b) => ((a.path.length * 7 + seed) % 5) - ((b.path.length * 7 + seed) % 5),
      );
      const one = made(files);
      expect(made(turned).digest).toBe(one.digest);
      expect(filesOf(one.digest, (digest) => one.objects.get(digest))).toEqual(
        files.toSorted((a, b) => compareNames(a.path, b.path)),
      );
    }),
  );
});

describe("what makes no tree", () => {
  test.each([
    ["the same path twice", ["a", "a"]],
    ["the same path in two spellings", ["e\u0301", "é"]],
    ["a file in the place of a folder", ["a", "a/b"]],
    ["a folder in the place of a file", ["a/b", "a"]],
    ["an empty name", ["a//b"]],
    ["the way up", ["../a"]],
    ["a name with a control character", ["a\n"]],
    ["a name with a backslash, a slash elsewhere", ["a\\b"]],
    ["half a character", ["\ud800"]],
    ["too many folders", [`${"a/".repeat(70)}b`]],
  ])("%s", (_, all) => {
    expect(() => made(all.map((path) => file(path)))).toThrow(TreeProblem);
  });
});

test("names are taken in normal form C", () => {
  expect(made([file("e\u0301", "x")]).digest).toBe(made([file("é", "x")]).digest);
});

test("other bytes are no tree, and no bytes make the reader throw", () => {
  const good = text(encodeTree([{ name: "a", kind: "f", digest: digestOf("a"), size: 1 }]));
  expect(decodeTree(new TextEncoder().encode(good))).toHaveLength(1);
  for (const [from, to] of [
    ["tree@1", "tree@2"],
    ['"a"', '".."'],
    ['"f"', '"l"'],
    ["sha256:", "sha1:"],
    [",1]", ",-1]"],
    [",1]", ",1,1]"],
    ["]]", `],${/\[\[(.*)\]\]/.exec(good)![0].slice(1)}`],
  ] as const)
    expect(decodeTree(new TextEncoder().encode(good.replace(from, to))), to).toBeUndefined();
  fc.assert(fc.property(fc.uint8Array(), (bytes) => void decodeTree(bytes)));
  fc.assert(fc.property(fc.json(), (json) => void decodeTree(new TextEncoder().encode(json))));
});

test("a tree that leads to itself, or lacks a part, has no files", () => {
  const self = digestOf("self");
  const around = encodeTree([{ name: "a", kind: "d", digest: self, size: 0 }]);
  expect(filesOf(self, () => around)).toBeUndefined();
  expect(filesOf(self, () => undefined)).toBeUndefined();
});

test("a small tree of very many files is not walked to its end", () => {
  const objects = new Map<Digest, Uint8Array>();
  let digest = digestOf("");
  for (let n = 0; n < 40; n++) {
    const kind = n === 0 ? "f" : "d";
    const bytes = encodeTree(["a", "b"].map((name) => ({ name, kind, digest, size: 1 })));
    digest = `sha256:${pureSha256(bytes)}`;
    objects.set(digest, bytes);
  }
  expect(filesOf(digest, (each) => objects.get(each))).toBeUndefined();
});

test("the language gives a folder the same digest", () => {
  const files = [
    file("b", "two"),
    file("a/x", "run", true),
    file("a/é/y", ""),
    file("a.b", "3"),
    file("ａ", "4"),
    file("😀", "5"),
  ];
  const values = files.map(({ path, executable = false }, n): [string, FileValue] => {
    const bytes = new TextEncoder().encode(["two", "run", "", "3", "4", "5"][n]);
    return [path, { kind: "file", path, bytes, executable }];
  });
  expect(`sha256:${hashOfTree(new Map(values))}`).toBe(made(files).digest);
});
