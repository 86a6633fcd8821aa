/** The store on disk, used by the real command: killed at any moment, by several at once, on disks that take nothing. */
import { execFile, spawn, spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";
import { nodeBlobs, pathOf } from "../cli/edges/node-blobs.ts";
import { storedFiles } from "../cli/edges/store-files.ts";
import { verifyStore } from "../cli/store/verify.ts";
import { decodeAction } from "../compiler/store/entries.ts";
import { temporaryFolder } from "./appliance.ts";
import { applProcess, requireBundle } from "./cli-process.ts";
import { appl } from "./command.ts";

const program = resolve("dist/appl.js");
const description = resolve("test/tap.appl");
const run = promisify(execFile);

interface Built {
  readonly digests: Readonly<Record<string, string>>;
  readonly steps: readonly { readonly step: string; readonly done: boolean }[];
}

/** `appl build` in a process of its own. */
async function build(cache: string, env: NodeJS.ProcessEnv = {}, file = description): Promise<Built> {
  const image = join(temporaryFolder(), "image");
  const { stdout, stderr } = await run(process.execPath, [program, "build", file, "-o", image, "--json"], {
    env: { ...process.env, APPL_CACHE: cache, ...env },
  });
  expect(stderr).toBe("");
  return JSON.parse(stdout) as Built;
}

/** Numbers from 0 to 1, the same in every run. */
function* seeded(seed: number): Generator<number, never> {
  for (let state = seed >>> 0; ; ) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state / 2 ** 32;
  }
}

const folder = temporaryFolder();
/** A cache that has been through one build. */
const whole = join(folder, "whole");
/** One that knows the compiled program and nothing else: everything but the slow step is done anew. */
const begun = join(folder, "begun");
let reference: Built;

beforeAll(async () => {
  requireBundle();
  reference = await build(whole);
  for (const { name, path } of storedFiles(whole, "action")) {
    const entry = decodeAction(name, readFileSync(path));
    if (entry?.action !== "program") continue;
    const objects = Object.values(entry.outputs).map((digest) => ["object", digest] as const);
    for (const [space, each] of [["action", name] as const, ...objects])
      nodeBlobs(begun).write(space, each, readFileSync(pathOf(whole, space, each)));
  }
});

const clean = (cache: string) => expect(verifyStore(cache).bad).toEqual([]);
const fresh = (name: string) => {
  const cache = join(temporaryFolder(), name);
  cpSync(begun, cache, { recursive: true });
  return cache;
};

test("what is kept is named by its sha256, as sha256sum says, and nobody may write to it", () => {
  for (const { name, path } of storedFiles(whole, "object")) {
    const { stdout } = spawnSync("sha256sum", [path], { encoding: "utf8" });
    expect(`sha256:${stdout.slice(0, 64)}`).toBe(name);
    expect(path.slice(whole.length)).toMatch(/^\/sha256\/[0-9a-f]{2}\/[0-9a-f]{62}$/);
  }
  const { stdout } = spawnSync("find", [whole, "-type", "f", "-perm", "/222"], { encoding: "utf8" });
  expect(stdout).toBe("");
  expect(readdirSync(join(whole, "draft"))).toEqual([]);
});

describe("killed", () => {
  const hook = `--import=${pathToFileURL(resolve("test/kill-at.mjs")).href}`;

  const hooked = (cache: string, env: NodeJS.ProcessEnv) =>
    spawnSync(process.execPath, [hook, program, "build", description, "-o", join(folder, "never")], {
      env: { ...process.env, APPL_CACHE: cache, KILL_BELOW: cache, ...env },
    }).signal;
  const killed = (cache: string, at: number) => hooked(cache, { KILL_AT: String(at) }) === "SIGKILL";

  /** How often a whole build changes something in the cache. */
  let touches = 0;
  beforeAll(() => {
    const count = join(folder, "count");
    hooked(fresh("counted"), { KILL_COUNT: count });
    touches = Number(readFileSync(count, "utf8"));
    expect(touches).toBeGreaterThan(100);
  });

  const moments = seeded(20260817);
  test.each(Array.from({ length: 4 }, (_, n) => [n, moments.next().value] as const))(
    "at moment %d, the store is whole and the next build gives the same",
    async (_, moment) => {
      const cache = fresh("killed");
      const at = 1 + Math.floor(moment * touches);
      expect(killed(cache, at), `change ${at} of ${touches}`).toBe(true);
      clean(cache);
      expect((await build(cache)).digests).toEqual(reference.digests);
      clean(cache);
    },
  );

  test("again and again, each time a little later, it comes to its end", async () => {
    const cache = fresh("again");
    let times = 0;
    while (times < 50 && killed(cache, touches >> 1)) times += 1;
    expect(times).toBeGreaterThan(1);
    expect(times).toBeLessThan(50);
    clean(cache);
    expect((await build(cache)).digests).toEqual(reference.digests);
    const { stdout } = applProcess(["gc"], { env: { APPL_CACHE: cache } });
    expect(stdout).toContain("freed 0 bytes");
    expect(readdirSync(join(cache, "draft"))).toEqual([]);
  });

  test("from outside, with nothing cached, at any time", async () => {
    const cache = join(temporaryFolder(), "cold");
    for (let n = 0; n < 3; n++) {
      const child = spawn(process.execPath, [program, "build", description, "-o", join(folder, "never")], {
        env: { ...process.env, APPL_CACHE: cache },
        stdio: "ignore",
      });
      const ended = new Promise((done) => child.once("exit", done));
      await new Promise((done) => setTimeout(done, 100 + moments.next().value * 3000));
      child.kill("SIGKILL");
      await ended;
      clean(cache);
    }
    expect((await build(cache)).digests).toEqual(reference.digests);
    expect(applProcess(["verify"], { env: { APPL_CACHE: cache } })).toMatchObject({ code: 0, stderr: "" });
  });
});

describe("several at once", () => {
  test("in one cold cache give the same image and a clean store", async () => {
    const cache = join(temporaryFolder(), "shared");
    const all = await Promise.all([1, 2].map(() => build(cache)));
    for (const { digests } of all) expect(digests).toEqual(reference.digests);
    clean(cache);
    expect(readdirSync(join(cache, "draft"))).toEqual([]);
    expect((await build(cache)).steps.map(({ step }) => step)).toEqual(["look"]);
  });

  test("a collection beside builds takes nothing away from them", async () => {
    // All of it is garbage, and some of it is of use for the builds.
    const cache = join(temporaryFolder(), "collected");
    cpSync(whole, cache, { recursive: true });
    rmSync(join(cache, "root"), { recursive: true });
    spawnSync("find", [cache, "-type", "f", "-exec", "touch", "-d", "2 hours ago", "{}", "+"]);
    const place = temporaryFolder();
    let building = true;
    const builds = [1, 2, 3].map(async (n) => {
      const file = join(place, `tap${n}.appl`);
      cpSync(description, file);
      expect((await build(cache, {}, file)).digests).toEqual(reference.digests);
    });
    const all = Promise.all(builds).finally(() => {
      building = false;
    });
    for (; building; clean(cache))
      await run(process.execPath, [program, "gc"], { env: { ...process.env, APPL_CACHE: cache } });
    await all;
    expect((await build(cache)).digests).toEqual(reference.digests);
    clean(cache);
  });
});

describe("damage", () => {
  test.each([
    ["truncated", (bytes: Uint8Array) => bytes.subarray(0, bytes.length >> 1)],
    ["changed by one bit", (bytes: Uint8Array) => bytes.map((byte, n) => (n === 5 ? byte ^ 1 : byte))],
  ])("an image that was %s in the store is found, said once and made again", async (_, damage) => {
    const cache = join(temporaryFolder(), "damaged");
    cpSync(whole, cache, { recursive: true });
    const path = pathOf(cache, "object", reference.digests["image"]!);
    const bytes = readFileSync(path);
    chmodSync(path, 0o644);
    writeFileSync(path, damage(bytes));
    const env = { APPL_CACHE: cache };
    const verified = applProcess(["verify"], { env });
    expect(verified.code).toBe(1);
    expect(verified.stdout).toContain(`object ${reference.digests["image"]}: its bytes are sha256:`);
    const again = applProcess(["build", description, "-o", join(folder, "damaged.elf")], { env });
    expect(again.code).toBe(0);
    const digits = reference.digests["image"]!.slice(7, 17);
    expect(again.stderr).toBe(
      `appl: ${digits} was damaged in the cache; \`appl verify\` looks at all of it\n`,
    );
    expect(readFileSync(join(folder, "damaged.elf"))).toEqual(bytes);
    expect(applProcess(["verify"], { env }).code).toBe(0);
  });

  test("everything that is damaged can be taken away, and the next build makes it again", async () => {
    const cache = join(temporaryFolder(), "ruined");
    cpSync(whole, cache, { recursive: true });
    for (const space of ["object", "action", "index", "root"] as const)
      for (const { path } of storedFiles(cache, space)) {
        chmodSync(path, 0o644);
        writeFileSync(path, "x");
      }
    const env = { APPL_CACHE: cache };
    expect(applProcess(["verify"], { env }).code).toBe(1);
    expect(applProcess(["verify", "--repair"], { env }).code).toBe(0);
    expect(applProcess(["verify", "--json"], { env }).stdout).toContain('"objects": 0');
    expect((await build(cache)).digests).toEqual(reference.digests);
    clean(cache);
  });
});

describe("a disk", () => {
  /** Builds with a file system of its own in the place of the cache. */
  const on = (place: string, mount: string, ...argv: readonly string[]) =>
    spawnSync(
      "unshare",
      [
        ...["--user", "--map-root-user", "--mount", "sh", "-c", `${mount} && exec "$@"`, "sh"],
        ...[process.execPath, program, ...argv],
      ],
      { encoding: "utf8", env: { ...process.env, APPL_CACHE: place } },
    );

  test("that is full costs the cache and not the build", async () => {
    const place = join(temporaryFolder(), "small");
    mkdirSync(place);
    const image = join(folder, "full.elf");
    // What the compiled program needs, and nearly nothing more.
    const { stdout } = spawnSync("du", ["-sk", begun], { encoding: "utf8" });
    const mount = `mount -t tmpfs -o size=${Number.parseInt(stdout, 10) + 32}k none ${place} && cp -r ${begun}/. ${place}`;
    const { status, stderr } = on(place, mount, "build", description, "-o", image);
    expect(stderr).toBe(`appl: the cache \`${place}\` keeps nothing of this: the disk is full\n`);
    expect(status).toBe(0);
    expect(await appl("hash", image)).toMatchObject({ stdout: `${reference.digests["image"]}\n` });
  });

  test("that is read-only is read, and the build goes on without it", async () => {
    const place = join(temporaryFolder(), "fixed");
    cpSync(begun, place, { recursive: true });
    const image = join(folder, "fixed.elf");
    const mount = `mount --bind ${place} ${place} && mount -o remount,ro,bind ${place}`;
    const { status, stderr } = on(place, mount, "build", description, "-o", image);
    expect(stderr).toBe(`appl: the cache \`${place}\` keeps nothing of this: the file system is read-only\n`);
    expect(status).toBe(0);
    expect(await appl("hash", image)).toMatchObject({ stdout: `${reference.digests["image"]}\n` });
    expect(existsSync(join(place, "root"))).toBe(false);
    for (const command of [["verify"], ["gc"]]) expect(on(place, mount, ...command).status).toBe(0);
  });
});
