/** The examples' images are those that `examples/golden/` has written down, and each change of one is in its change log. */
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { compareBuilds, digestsIn } from "../compiler/index.ts";
import { buildExamples } from "../tools/golden/build.ts";
import { lastEntry } from "../tools/golden/changes.ts";
import { readDigests } from "../tools/golden/digests.ts";
import { changesOf, readGolden, updated } from "../tools/golden/golden.ts";
import { givenOf, readObjects, writeObjects } from "../tools/golden/objects.ts";
import { temporaryFolder } from "./appliance.ts";

const files = readGolden("examples/golden");
const rows = readDigests(files.digests);
const mend =
  'run `npm run golden -- "why"`, read what it appends to examples/golden/CHANGES.md, and commit it';
let examples: Awaited<ReturnType<typeof buildExamples>>;

beforeAll(async () => {
  examples = await buildExamples("examples");
});

describe("what is written down", () => {
  test("has every image of the examples that can be built, once", () => {
    const names = examples.built.map(({ name }) => name).toSorted();
    expect(names).toContain("ns1@kvm");
    expect(
      rows.map(({ name }) => name),
      mend,
    ).toEqual(names);
  });

  test("is what is built today", () => {
    const changed = changesOf(files, examples.built).map(({ before, now }) => ({
      name: now.name,
      was: before?.image,
      is: now.image,
    }));
    expect(changed, mend).toEqual([]);
  });

  test("is what the last entry of the change log says, with the difference to what was before", () => {
    for (const { name, contents, image } of rows) {
      const entry = lastEntry(files.changes, name);
      expect({ contents: entry?.contents, image: entry?.image }, mend).toEqual({ contents, image });
      const isNew = files.changes.split(`## ${name} `).length === 2;
      if (!isNew) expect(entry!.diff, name).toMatch(/\S/);
    }
  });

  test("has all that a comparison reads, and nothing else", () => {
    const objects = readObjects(files.objects);
    for (const { report } of rows) {
      const given = givenOf(report, objects);
      expect(compareBuilds(given, given, { blob: (digest) => objects.get(digest) }).difference.verdict).toBe(
        "identical",
      );
      const { recipe, contents } = given.report!.digests;
      const named = digestsIn(new TextDecoder().decode(objects.get(recipe)));
      expect(named.length).toBeGreaterThan(9);
      for (const digest of [...named, contents, given.report!.functions])
        expect(objects.has(digest)).toBe(true);
    }
    expect(writeObjects(objects), mend).toBe(files.objects);
    expect(files.objects.length).toBeLessThan(rows.length * 100_000);
  });
});

describe("a change", () => {
  const folder = temporaryFolder();
  let changed: typeof examples;
  beforeAll(async () => {
    cpSync("examples/ns1", join(folder, "ns1"), { recursive: true });
    const path = join(folder, "ns1/ns1.appl");
    writeFileSync(path, readFileSync(path, "utf8").replace("ttl = 5min", "ttl = 1min"));
    changed = await buildExamples(folder);
  });

  test("is appended to the log with its cause, and the digests become those of now", () => {
    const after = updated(files, changed.built, changed.store, "Answers are to age faster.");
    expect(after.changes.startsWith(files.changes)).toBe(true);
    const added = after.changes.slice(files.changes.length);
    expect(added.match(/^## ns1@\w+ [0-9a-f]{10} -> [0-9a-f]{10}$/gm)).toHaveLength(changed.built.length);
    expect(added).toContain("\nAnswers are to age faster.\n");
    expect(added).toMatch(/dns\.zone\["example\.com"\]\.primary\.host\["www"\]\.ttl\n +5min -> 1min/);
    expect(changesOf(after, changed.built)).toEqual([]);
    const [kvm] = changed.built.filter(({ name }) => name === "ns1@kvm");
    expect(lastEntry(after.changes, "ns1@kvm")).toMatchObject({ contents: kvm!.contents, image: kvm!.image });
  });

  test("that is none leaves the files as they are", () => {
    expect(updated(files, examples.built, examples.store, "")).toEqual(files);
  });

  test("on two branches can be joined line by line, and is made one by the next run", () => {
    const base = updated({ digests: "", objects: "", changes: "" }, examples.built, examples.store, "");
    const one = updated(base, changed.built, changed.store, "");
    const union = (a: string, b: string) => [...new Set([...a.split("\n"), ...b.split("\n")])].join("\n");
    const joined = {
      digests: union(base.digests, one.digests),
      objects: union(base.objects, one.objects),
      changes: one.changes,
    };
    expect(readDigests(joined.digests)).toHaveLength(examples.built.length + changed.built.length);
    const after = updated(joined, examples.built, examples.store, "");
    expect(after.digests).toBe(base.digests);
    expect(after.objects).toBe(base.objects);
    expect(lastEntry(after.changes, "ns1@kvm")!.diff).toContain("1min -> 5min");
  });
});
