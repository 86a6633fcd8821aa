import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { beforeEach, describe, expect, test } from "vitest";
import { type Digest, Store } from "#compiler";
import { GRACE, nodeBlobs, pathOf } from "../edges/node-blobs.ts";
import { storedFiles } from "../edges/store-files.ts";
import { nodeSha256 } from "../edges/tool.ts";
import { collect } from "./collect.ts";
import { writeTag } from "./tags.ts";
import { verifyStore } from "./verify.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const spaces = ["root", "index", "action", "object"] as const;
const HOUR = 60 * 60 * 1000;
const DAY = 24 * HOUR;
const now = Date.now();

let folder: string;
let project: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "appl-gc-"));
  project = mkdtempSync(join(tmpdir(), "appl-gc-project-"));
  writeFileSync(join(project, "x.appl"), "");
});

/** What a build does: an action with an output, a manifest that names it, a root. */
async function build(name: string, { used = now, description = "x.appl" } = {}): Promise<Digest> {
  const blobs = nodeBlobs(folder);
  const store = new Store({ blobs, tool: "tool", sha256: nodeSha256 });
  const done = await store.action("image", { name }, async () => ({ image: bytes(`image of ${name}`) }));
  const settings = store.put(bytes(`{"settings of":"${name}"}`));
  const manifest = store.put(bytes(`{"image":"${done.image.digest}","settings":"${settings}"}`));
  store.remember({ name }, manifest);
  const origin = pathToFileURL(join(project, description)).href;
  store.keep({ origin, name }, { origin, appliance: "x", target: "kvm", manifest });
  setTimes(used);
  return manifest;
}

const dated = new Set<string>();
/** What has no time yet was used then. */
function setTimes(used: number): void {
  for (const space of spaces)
    for (const { path } of storedFiles(folder, space))
      if (!dated.has(path)) utimesSync(dated.add(path) && path, used / 1000, used / 1000);
}

const run = (options: Partial<Parameters<typeof collect>[1]> = {}) =>
  collect(folder, { keep: 5, since: now, dryRun: false, now, ...options });
const has = (object: Digest) => existsSync(pathOf(folder, "object", object));
const left = () => spaces.map((space) => [...storedFiles(folder, space)].length);

describe("collection", () => {
  test("keeps the last builds of a description, all that they lead to, and nothing else", async () => {
    const manifests: Digest[] = [];
    for (const [n, name] of ["one", "two", "three"].entries())
      manifests.push(await build(name, { used: now - 3 * DAY + n * HOUR }));
    expect(run({ keep: 2 }).dropped.map(({ entry }) => entry.manifest)).toEqual([manifests[0]]);
    expect(manifests.map(has)).toEqual([false, true, true]);
    expect(left()).toEqual([2, 2, 2, 6]);
    expect(verifyStore(folder).bad).toEqual([]);
    expect(run({ keep: 2 })).toMatchObject({ dropped: [], removed: { objects: 0, others: 0, bytes: 0 } });
  });

  test("a dry run says the same and removes nothing", async () => {
    for (const name of ["one", "two"]) await build(name, { used: now - 3 * DAY });
    const said = run({ keep: 1, dryRun: true });
    expect(left()).toEqual([2, 2, 2, 6]);
    expect(run({ keep: 1 })).toEqual(said);
    expect(left()).toEqual([1, 1, 1, 3]);
  });

  test("drops builds of a description that is gone", async () => {
    await build("one", { used: now - 3 * DAY });
    rmSync(join(project, "x.appl"));
    run();
    expect(left()).toEqual([0, 0, 0, 0]);
    expect(readdirSync(join(folder, "sha256"))).toEqual([]);
  });

  test("with a time, drops only what was not used since", async () => {
    await build("old", { used: now - 40 * DAY });
    await build("older", { used: now - 20 * DAY });
    await build("new", { used: now - 10 * DAY });
    run({ keep: 1, since: now - 30 * DAY });
    expect(left()).toEqual([2, 2, 2, 6]);
  });

  test("leaves alone what was of use within the grace period, and what that leads to", async () => {
    const manifest = await build("one", { used: now - GRACE / 2 });
    await build("two", { used: now - 3 * DAY });
    run({ keep: 0 });
    expect(has(manifest)).toBe(true);
    expect(left()).toEqual([1, 1, 1, 3]);
  });

  test("keeps what a tag or a lock leads to", async () => {
    const tagged = await build("tagged", { used: now - 3 * DAY, description: "gone.appl" });
    const locked = await build("locked", { used: now - 3 * DAY, description: "gone.appl" });
    const neither = await build("neither", { used: now - 3 * DAY, description: "gone.appl" });
    await build("here", { used: now - 3 * DAY });
    writeTag(folder, "release", tagged);
    writeFileSync(join(project, "appl.lock"), `use pkg/x ${locked}\n`);
    run();
    expect([tagged, locked, neither].map(has)).toEqual([true, true, false]);
    expect(left()).toEqual([1, 1, 1, 9]);
  });

  test("a build that uses something again keeps it", async () => {
    const manifest = await build("one", { used: now - 3 * DAY });
    rmSync(join(project, "x.appl"));
    nodeBlobs(folder).read("object", manifest);
    run();
    expect(has(manifest)).toBe(true);
  });

  test("sweeps drafts of processes that are gone, and no others", () => {
    mkdirSync(join(folder, "draft"));
    const mine = `${process.pid}.abc`;
    for (const name of [mine, "4194304.abc", "4194305.def"]) writeFileSync(join(folder, "draft", name), "x");
    run();
    expect(readdirSync(join(folder, "draft"))).toEqual([mine]);
  });

  test("touches nothing that is not ours", async () => {
    await build("one", { used: now - 3 * DAY });
    rmSync(join(project, "x.appl"));
    const strange = [join(folder, "sha256/README"), join(folder, "notes.txt")];
    for (const path of strange) writeFileSync(path, "x");
    for (const path of strange) utimesSync(path, 1, 1);
    run();
    expect(strange.map(existsSync)).toEqual([true, true]);
  });

  test("of a cache that is not there is nothing", () => {
    expect(collect(join(folder, "none"), { keep: 5, since: now, dryRun: false, now })).toMatchObject({
      builds: 0,
      kept: { objects: 0 },
    });
    expect(existsSync(join(folder, "none"))).toBe(false);
  });
});
