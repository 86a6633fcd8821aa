import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { compareText, treeObjects } from "#lang";
import { type Digest, pureSha256 } from "./digest.ts";
import { decodeTree, filesOf } from "./tree.ts";

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const bytesOf = (content: string) => new TextEncoder().encode(content);
const digestOf = (content: string): Digest => `sha256:${pureSha256(bytesOf(content))}`;

interface File {
  readonly path: string;
  readonly content: string;
  readonly executable: boolean;
}

const file = (path: string, content = path, executable = false): File => ({ path, content, executable });

/** As a build keeps a folder: its tree objects, the last one being its own. */
function made(files: readonly File[]) {
  const trees = treeObjects(
    new Map(files.map(({ path, content, executable }) => [path, { bytes: bytesOf(content), executable }])),
  );
  const objects = new Map(trees.map((bytes) => [digestOf(text(bytes)), bytes]));
  return { trees, objects, digest: digestOf(text(trees.at(-1)!)) };
}

test("a tree is what the reference says, and sha256sum names it too", () => {
  const { digest, trees } = made([file("b", "two"), file("a/x", "run", true), file("a/y", "")]);
  const inner = `{"appl":"tree@1","entries":[["x","x","${digestOf("run")}",3],["y","f","${digestOf("")}",0]]}`;
  const outer = `{"appl":"tree@1","entries":[["a","d","${digestOf(inner)}",3],["b","f","${digestOf("two")}",3]]}`;
  expect(trees.map(text)).toEqual([inner, outer]);
  expect(digest).toBe(`sha256:${createHash("sha256").update(outer).digest("hex")}`);
});

test("an empty folder is a tree", () => {
  expect(made([]).trees.map(text)).toEqual(['{"appl":"tree@1","entries":[]}']);
});

test("names are in the order of their UTF-8 bytes, not of UTF-16", () => {
  const names = ["\u{1f600}", "\uffee", "z", "a", "ab", "é"];
  const byBytes = names.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  expect(decodeTree(made(names.map((name) => file(name))).trees[0]!)!.map(({ name }) => name)).toEqual(
    byBytes,
  );
  expect(names.toSorted()).not.toEqual(byBytes);
});

const names = fc.stringMatching(/^[a-cé]{1,2}$/);
const paths = fc.array(names, { minLength: 1, maxLength: 3 }).map((parts) => parts.join("/"));
/** Paths of which none is a folder of another. */
const fileSets = fc
  .uniqueArray(fc.tuple(paths, fc.boolean()), { maxLength: 12, selector: ([path]) => path })
  .map((all) => all.filter(([path]) => !all.some(([other]) => other.startsWith(`${path}/`))))
  .map((all) => all.map(([path, executable]) => file(path, path, executable)));

test("a tree depends on no order, and gives its files back", () => {
  fc.assert(
    fc.property(fileSets, fc.nat(), (files, seed) => {
      const turned = files.toSorted(
        (a, b) => ((a.path.length * 7 + seed) % 5) - ((b.path.length * 7 + seed) % 5),
      );
      const one = made(files);
      expect(made(turned).digest).toBe(one.digest);
      expect(filesOf(one.digest, (digest) => one.objects.get(digest))).toEqual(
        files
          .toSorted((a, b) => compareText(a.path, b.path))
          .map(({ path, content, executable }) => ({
            path,
            digest: digestOf(content),
            size: bytesOf(content).length,
            executable,
          })),
      );
    }),
  );
});

test("other bytes are no tree, and no bytes make the reader throw", () => {
  const good = text(made([file("a", "a")]).trees[0]!);
  expect(decodeTree(bytesOf(good))).toHaveLength(1);
  for (const [from, to] of [
    ["tree@1", "tree@2"],
    ['"a"', '".."'],
    ['"a"', '"a/b"'],
    ['"a"', '"e\u0301"'],
    ['"f"', '"l"'],
    ["sha256:", "sha1:"],
    [",1]", ",-1]"],
    [",1]", ",1,1]"],
    ["]]", `],${/\[\[(.*)\]\]/.exec(good)![0].slice(1)}`],
  ] as const)
    expect(decodeTree(bytesOf(good.replace(from, to))), to).toBeUndefined();
  fc.assert(fc.property(fc.uint8Array(), (bytes) => void decodeTree(bytes)));
  fc.assert(fc.property(fc.json(), (json) => void decodeTree(bytesOf(json))));
});

test("a tree that leads to itself, or lacks a part, has no files", () => {
  const self = digestOf("self");
  const around = bytesOf(`{"appl":"tree@1","entries":[["a","d","${self}",0]]}`);
  expect(filesOf(self, () => around)).toBeUndefined();
  expect(filesOf(self, () => undefined)).toBeUndefined();
});

test("a small tree of very many files is not walked to its end", () => {
  const objects = new Map<Digest, Uint8Array>();
  let digest = digestOf("");
  for (let n = 0; n < 40; n++) {
    const entries = ["a", "b"].map((name) => [name, n === 0 ? "f" : "d", digest, 1]);
    const object = JSON.stringify({ appl: "tree@1", entries });
    digest = digestOf(object);
    objects.set(digest, bytesOf(object));
  }
  expect(filesOf(digest, (each) => objects.get(each))).toBeUndefined();
});
