import { expect, test } from "vitest";
import { type Entry, MemoryFiles } from "#lang";
import { RecordingFiles } from "./recording-files.ts";

const text = (bytes: Uint8Array | undefined) => bytes && new TextDecoder().decode(bytes);

test("what was read and listed is taken down, also what is not there", () => {
  const files = new RecordingFiles(new MemoryFiles({ "site/a": "A" }));
  files.read("site/a");
  files.read("b");
  files.list("site");
  files.list("none");
  expect(files.all().map(([path, bytes]) => [path, text(bytes)])).toEqual([
    ["b", undefined],
    ["none/", undefined],
    ["site/", '["a","file",false,""]'],
    ["site/a", "A"],
  ]);
  for (const [path, bytes] of files.all())
    expect(text(new RecordingFiles(new MemoryFiles({ "site/a": "A" })).content(path))).toBe(text(bytes));
});

test("a listing changes when a name comes or goes, or what it is, and not with its order", () => {
  const listed = (entries: readonly Entry[]) =>
    text(new RecordingFiles({ read: () => undefined, list: () => entries }).content("d/"));
  const file = (name: string): Entry => ({ name, kind: "file", executable: false });
  const first = listed([file("a"), file("b")]);
  expect(listed([file("b"), file("a")])).toBe(first);
  const others = [
    [file("a")],
    [file("a"), file("b"), file("c")],
    [file("a"), { ...file("b"), executable: true }],
    [file("a"), { ...file("b"), target: "a" }],
    [file("a"), { ...file("b"), kind: "folder" as const }],
  ];
  for (const entries of others) expect(listed(entries)).not.toBe(first);
});
