import fc from "fast-check";
import { expect, test } from "vitest";
import { configure, type Entry, type Files, MemoryFiles, MemoryLibraries } from "#lang";
import { someMachine } from "../test/libraries.ts";

/** What is said of a description with `let d = dir "./d" …` that asserts something. */
function said(files: Files, settings: string, assertion: string): string {
  const text = `appl 1\nlet d = dir "./d" ${settings}\nappliance t { assert ${assertion} }\n`;
  const own: Files = {
    read: (path) => (path === "t.appl" ? new TextEncoder().encode(text) : files.read(path)),
    list: (path) => files.list(path),
  };
  const { diagnostics } = configure({
    path: "t.appl",
    files: own,
    libraries: new MemoryLibraries({}),
    machines: someMachine,
  });
  return diagnostics.map((it) => `${it.code} ${it.text}: ${it.primary.text}`).join("\n");
}

const file = (name: string, extra: Partial<Entry> = {}): Entry => ({
  name,
  kind: "file",
  executable: false,
  ...extra,
});
const folder = (name: string, extra: Partial<Entry> = {}): Entry => ({
  ...file(name),
  kind: "folder",
  ...extra,
});

/** Folders as they are listed; every file in them holds its own path. */
function folders(lists: Readonly<Record<string, readonly Entry[]>>): Files {
  const read = (path: string) => (path.startsWith("d/") ? new TextEncoder().encode(path) : undefined);
  return { read, list: (path) => lists[path] };
}

test("files have names, sizes, hashes and media types", () => {
  const files = new MemoryFiles({ "d/index.html": "abc", "d/js/a.js": "", "d/LICENSE": "x" });
  const holding = [
    'keys(d.files) == ["LICENSE", "index.html", "js/a.js"]',
    'd.files["index.html"].size == 3B and d.size == 4B',
    'd.files["index.html"].hash == hash.sha256("abc")',
    'd.files["index.html"].name == "index.html" and d.files["js/a.js"].path == "d/js/a.js"',
    '[for f in d.files: f.media] == ["application/octet-stream", "text/html", "text/javascript"]',
    '"index.html" in d.files and not "js" in d.files',
  ];
  expect(holding.map((it) => said(files, "", it)).join("")).toBe("");
});

test("the hash is that of the tree object", () => {
  // by Python's hashlib and json, from the definition
  const files = new MemoryFiles({ "d/b/a": "x", "d/B.txt": "x" });
  const hash = "sha256:b89d8b7b743577f0d1cc53ff395bb9a91983d0dfe235af419b70653c74b8d4cc";
  expect(said(files, "", `d.hash == ${hash}`)).toBe("");
});

test("what is executable is known", () => {
  const executable = folders({ d: [file("run", { executable: true })] });
  const plain = folders({ d: [file("run")] });
  expect(said(executable, "", 'd.files["run"].executable')).toBe("");
  expect(said(plain, "", 'not d.files["run"].executable')).toBe("");
});

test("links are followed as long as they stay inside", () => {
  const files = folders({
    d: [folder("a"), folder("b", { target: "a" }), file("f", { target: "a/x" })],
    "d/a": [file("x"), file("y", { target: "../a/x" })],
  });
  const names = 'keys(d.files) == ["a/x", "a/y", "b/x", "b/y", "f"]';
  expect(said(files, "", names)).toBe("");
  expect(said(files, "", 'd.files["b/y"].path == "d/a/x"')).toBe("");
});

test.each([
  ["out of the folder", [file("l", { target: "../secret" })], "a link out of the folder"],
  ["to nothing", [file("l", { kind: "lost" })], "a link to nothing"],
  ["up", [folder("l", { target: "." })], "it would never end"],
  ["a pipe", [file("l", { kind: "other" })], "neither a file nor a folder"],
  ["not UTF-8", [file("l\ufffd")], "not UTF-8"],
  ["a line feed", [file("l\n")], "control character"],
  ["a backslash", [file("l\\m")], "divides folders"],
  ["too long", [file("l".repeat(256))], "255 bytes"],
  ["the same in normal form C", [file("\u00e9"), file("e\u0301")], "looks the same"],
  ["case", [file("a"), file("A")], "only by upper and lower case"],
] as const)("a fault wherever it is found: %s", (_, entries, reason) => {
  expect(said(folders({ d: entries }), "", "true")).toContain(reason);
});

test("what is left out may be anything", () => {
  const entries = [file("ok"), file("l", { kind: "lost" }), folder("deep"), file("OK")];
  expect(said(folders({ d: entries }), '{ skip = ["l", "deep", "OK"] }', 'keys(d.files) == ["ok"]')).toBe("");
  expect(said(folders({ d: entries }), '{ only = ["ok"] }', 'keys(d.files) == ["ok"]')).toBe("");
});

test("folders that differ by case only are a fault too, and the same one twice is none", () => {
  const files = folders({
    d: [folder("A"), folder("a")],
    "d/A": [file("x"), file("y")],
    "d/a": [file("z")],
  });
  expect(said(files, "", "true")).toContain("only by upper and lower case");
  expect(said(files, '{ skip = ["a"] }', "len(d.files) == 2")).toBe("");
});

test("there is a limit to everything", () => {
  const endless: Files = { read: () => undefined, list: () => [folder("f")] };
  expect(said(endless, "", "true")).toContain("deep");
  const many = folders({ d: Array.from({ length: 20_001 }, (_, n) => file(`f${n}`)) });
  expect(said(many, "", "true")).toContain("too many files");
  const large: Files = {
    read: (path) => (path.startsWith("d/") ? new Uint8Array(30_000_000) : undefined),
    list: () => "abcdefghij".split("").map((it) => file(it)),
  };
  expect(said(large, "", "true")).toContain("more bytes");
});

test("the order in which a folder is listed does not count", () => {
  const names = ["b", "a", "é", "Z", "😀", "\ufb01", "a.b", "a-b"];
  const hashes = new Set<string>();
  fc.assert(
    fc.property(fc.shuffledSubarray(names, { minLength: names.length }), (shuffled) => {
      const files = folders({
        d: [folder("a"), ...shuffled.filter((it) => it !== "a").map((it) => file(it))],
        "d/a": [file("x")],
      });
      const text = said(files, "", "d.size == 0B");
      hashes.add(text);
      return text.includes("E0701");
    }),
    { numRuns: 50 },
  );
  expect(hashes.size).toBe(1);
});
