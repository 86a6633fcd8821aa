import { execFileSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { childAssembler } from "./asc.ts";
import { cacheFolder, nodeBlobs } from "./node-blobs.ts";
import { nodeFiles } from "./node-files.ts";
import { packageRoot, toolIdentity } from "./tool.ts";

const folder = () => mkdtempSync(join(tmpdir(), "appl-edges-"));
const bytes = new TextEncoder().encode("content");

test("what is written to the store is read again, by others too", () => {
  const where = folder();
  expect(nodeBlobs(where).read("object", "sha256:abcd")).toBeUndefined();
  nodeBlobs(where).write("object", "sha256:abcd", bytes);
  expect([...nodeBlobs(where).read("object", "sha256:abcd")!]).toEqual([...bytes]);
  const path = join(where, "sha256", "ab", "cd");
  expect(statSync(path).mode & 0o222).toBe(0);
  expect(readdirSync(join(where, "sha256", "ab"))).toEqual(["cd"]);
  expect(readdirSync(join(where, "draft"))).toEqual([]);
});

test("an entry may be replaced", () => {
  const store = nodeBlobs(folder());
  store.write("index", "sha256:abcd", bytes);
  store.write("index", "sha256:abcd", bytes.slice(1));
  expect(store.read("index", "sha256:abcd")).toHaveLength(bytes.length - 1);
});

test("a store that cannot be written to keeps nothing and hurts nobody", () => {
  const where = join(folder(), "file");
  writeFileSync(where, "");
  const store = nodeBlobs(where);
  expect(store.trouble).toBeUndefined();
  store.write("object", "sha256:abcd", bytes);
  expect(store.trouble).toBe("there is a file in the place of a folder");
  expect(store.read("object", "sha256:abcd")).toBeUndefined();
});

test("the cache's folder follows the environment", () => {
  expect(cacheFolder({ APPL_CACHE: "/a", XDG_CACHE_HOME: "/b" })).toBe("/a");
  expect(cacheFolder({ XDG_CACHE_HOME: "/b" })).toBe("/b/appl");
  expect(cacheFolder({})).toMatch(/\.cache\/appl$/);
});

test("only files of the project are there", () => {
  const where = folder();
  const outside = join(folder(), "outside");
  writeFileSync(outside, "x");
  writeFileSync(join(where, "inside"), "content");
  symlinkSync(outside, join(where, "link"));
  const files = nodeFiles(where);
  expect(new TextDecoder().decode(files.read("inside"))).toBe("content");
  expect(new TextDecoder().decode(files.read("./inside"))).toBe("content");
  for (const path of ["missing", outside, "link", "../outside", "", "."])
    expect(files.read(path)).toBeUndefined();
});

test("a folder is listed with what its links lead to", () => {
  const where = folder();
  mkdirSync(join(where, "site", "deep"), { recursive: true });
  for (const name of ["site/run", "site/plain", "shared"]) writeFileSync(join(where, name), "x");
  chmodSync(join(where, "site/run"), 0o755);
  symlinkSync("../shared", join(where, "site/link"));
  symlinkSync("deep", join(where, "site/down"));
  symlinkSync("nothing", join(where, "site/broken"));
  symlinkSync(tmpdir(), join(where, "site/outside"));
  const files = nodeFiles(where);
  const found = [...files.list("site")!].sort((a, b) => (a.name < b.name ? -1 : 1));
  expect(found).toEqual([
    { name: "broken", kind: "lost", executable: false },
    { name: "deep", kind: "folder", executable: false },
    { name: "down", kind: "folder", executable: false, target: "deep" },
    { name: "link", kind: "file", executable: false, target: "../shared" },
    { name: "outside", kind: "lost", executable: false },
    { name: "plain", kind: "file", executable: false },
    { name: "run", kind: "file", executable: true },
  ]);
  for (const path of ["shared", "missing", "..", "site/outside"]) expect(files.list(path)).toBeUndefined();
});

test("a pipe is listed, and not waited for", () => {
  const where = folder();
  execFileSync("mkfifo", [join(where, "pipe")]);
  expect(nodeFiles(where).list(".")).toEqual([{ name: "pipe", kind: "other", executable: false }]);
  expect(nodeFiles(where).read("pipe")).toBeUndefined();
});

test("a file without permission is not there", () => {
  const where = folder();
  writeFileSync(join(where, "secret"), "x");
  chmodSync(join(where, "secret"), 0);
  if (process.getuid?.() !== 0) expect(nodeFiles(where).read("secret")).toBeUndefined();
});

test("the compiler knows itself, and is the same as a moment ago", () => {
  expect(readdirSync(packageRoot())).toContain("package.json");
  expect(toolIdentity()).toMatch(/^sha256:[0-9a-f]{64}$/);
  expect(toolIdentity()).toBe(toolIdentity());
});

test("mistakes in sources come back with their places, and the process serves again", async () => {
  const assembler = childAssembler();
  const ask = (text: string) =>
    assembler.assemble({ entry: "a.ts", sources: { "a.ts": text }, keep: ["start"] });
  const wrong = await ask("export function start(): void { wrong; }");
  expect(wrong).toMatchObject({ kind: "refused", mistakes: [{ code: 2304, place: { start: 32, end: 37 } }] });
  const rest = "export function prepare(): void {} export function collect(): void { __collect(); }";
  expect(await ask(`export function start(): void {} ${rest}`)).toMatchObject({ kind: "done" });
  const missing = await ask(`import { x } from "./b"; export function start(): void { x(); }`);
  expect(missing).toMatchObject({ kind: "refused" });
  await assembler.close();
});

test("memory that is taken at run time is found, with the way to it", async () => {
  const assembler = childAssembler();
  const source = `
    class A { constructor(public n: i32) {} }
    function deep(n: i32): i32 { return new A(n).n; }
    export function start(): void { assert(deep(2) == 2); }
    export function prepare(): void {}
    export function collect(): void { __collect(); }`;
  const outcome = await assembler.assemble({
    entry: "a.ts",
    sources: { "a.ts": source },
    keep: ["start"],
  });
  await assembler.close();
  if (outcome.kind !== "done") throw new Error(outcome.kind);
  expect(outcome.facts.allocation).toEqual(["a/start", "a/deep", "a/A#constructor", "~lib/rt/tcms/__new"]);
});
