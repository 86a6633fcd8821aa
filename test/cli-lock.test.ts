/** Packages: with real repositories and a real server. */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { packTar } from "modern-tar";
import { beforeAll, describe, expect, test } from "vitest";
import { temporaryFolder } from "./appliance.ts";
import { applBeside, applProcess, requireBundle } from "./cli-process.ts";
import { appl } from "./command.ts";
import { description, geo, git, lineIn, lock, lockIn, project, repository, zone } from "./lock-project.ts";

beforeAll(requireBundle);

describe("packages", () => {
  const { url, work, commits } = repository();

  test("are fetched from a repository by tag, branch, commit or a part of its name", async () => {
    for (const [rev, version, commit] of [
      ["v1.0.0", "1.0.0", commits[0]],
      ["v1.1.0", "1.1.0", commits[1]],
      ["main", "-", commits[1]],
      [commits[0]!, "-", commits[0]],
      [commits[0]!.slice(0, 9), "-", commits[0]],
    ]) {
      const folder = project({});
      expect(await lock(folder, "add", "pkg/acme/geo", `${url}?rev=${rev}`)).toMatchObject({
        code: 0,
        stderr: "",
      });
      const [, found, digest, source] = lineIn(folder, "pkg/acme/geo");
      expect(found).toBe(version);
      expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
      expect(source).toContain(`rev=${commit}`);
      expect(readdirSync(join(folder, "appl.pkg/acme.geo")).toSorted()).toEqual(["data", "geo.appl"]);
    }
  });

  test("are used by check and build without any network, and held against the lock", async () => {
    const folder = project({ "ns1.appl": description(zone("geo.web"), "use pkg/acme/geo") });
    const file = join(folder, "ns1.appl");
    expect((await appl("check", file)).stderr).toContain(`appl lock add pkg/acme/geo git+https://`);
    await lock(folder, "add", "pkg/acme/geo", `${url}?rev=v1.0.0`);
    expect(await lock(folder)).toMatchObject({ code: 0, stderr: "" });
    expect(await appl("check", file, "--locked")).toMatchObject({ code: 0, stderr: "" });
    writeFileSync(join(folder, "appl.pkg/acme.geo/geo.appl"), geo("10.0.2.99"));
    const tampered = await appl("check", file);
    expect(tampered).toMatchObject({ code: 1 });
    expect(tampered.stderr).toContain("error[E0157]");
    expect(tampered.stderr).toContain(lineIn(folder, "pkg/acme/geo")[2]);
    expect(tampered.stderr).toContain(join(folder, "appl.lock"));
    expect(await lock(folder)).toMatchObject({ code: 1 });
    expect((await lock(folder, "--restore")).stdout).toBe("pkg/acme/geo  fetched\n");
    expect(await appl("check", file, "--locked")).toMatchObject({ code: 0, stderr: "" });
  });

  test("that are missing are fetched by the lock's line, and nothing else will do", async () => {
    const folder = project({});
    await lock(folder, "add", "pkg/acme/geo", `${url}?rev=v1.0.0`);
    rmSync(join(folder, "appl.pkg"), { recursive: true });
    expect((await lock(folder)).stdout).toBe("pkg/acme/geo  fetched\n");
    rmSync(join(folder, "appl.pkg"), { recursive: true });
    const other = lockIn(folder).replace(/sha256:[0-9a-f]{64}/, `sha256:${"0".repeat(64)}`);
    writeFileSync(join(folder, "appl.lock"), other);
    const { code, stderr } = await lock(folder);
    expect({ code, stderr }).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("does not give what the lock names"),
    });
    expect(readdirSync(folder)).toEqual(["appl.lock"]);
  });

  test("follow their branch when they are updated; a commit stays", async () => {
    const folder = project({});
    await lock(folder, "add", "pkg/acme/geo", `${url}?rev=main`);
    writeFileSync(join(work, "geo.appl"), geo("10.0.2.17"));
    git(work, "commit", "--quiet", "--all", "--message=three");
    git(work, "push", "--quiet", "origin", "main");
    const three = git(work, "rev-parse", "HEAD").trim();
    expect((await lock(folder)).stdout).toBe("appl.lock: nothing to change\n");
    expect((await lock(folder, "update")).stdout).toBe(
      `pkg/acme/geo  ${commits[1]!.slice(0, 10)} -> ${three.slice(0, 10)}\n`,
    );
    expect(readFileSync(join(folder, "appl.pkg/acme.geo/geo.appl"), "utf8")).toBe(geo("10.0.2.17"));
    await lock(folder, "add", "pkg/acme/geo", `${url}?rev=${commits[0]}`);
    expect(await lock(folder, "update", "pkg/acme/geo")).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("is held at the commit"),
    });
  });

  test("in work are read where they are, with their own places, and not with --locked", async () => {
    const folder = project({
      "site/ns1.appl": description(zone("geo.web"), "use pkg/acme/geo"),
      "geo/geo.appl": geo("10.0.2.15"),
    });
    const site = join(folder, "site");
    expect((await lock(site, "add", "pkg/acme/geo", "path:../geo")).stdout).toBe(
      "pkg/acme/geo  path:../geo\n",
    );
    expect(readdirSync(site).toSorted()).toEqual(["appl.lock", "ns1.appl"]);
    const file = join(site, "ns1.appl");
    expect(await appl("check", `${file}@host`)).toMatchObject({ code: 0, stderr: "" });
    writeFileSync(join(folder, "geo/geo.appl"), geo("10.0.2.15 +"));
    const { stderr } = await appl("check", `${file}@host`);
    expect(stderr).toContain(`--> ${join(folder, "geo/geo.appl")}:`);
    expect(stderr).toContain("10.0.2.15 +");
    writeFileSync(join(folder, "geo/geo.appl"), geo("10.0.2.15"));
    expect((await appl("check", `${file}@host`, "--locked")).stderr).toContain("error[E0161]");
    const built = applProcess(["build", `${file}@host`, "-o", join(site, "x.wasm"), "--check"]);
    expect(built).toMatchObject({ code: 0, stdout: expect.stringContaining("the same bytes") });
  });

  test("bring types, values, functions and modules to check; code of theirs is not built yet", async () => {
    const folder = project({
      "site/x.appl": "appl 1\nuse pkg/acme/geo\nappliance x { geo { place = berlin } }\n",
      "geo/geo.appl": `appl 1\nlibrary pkg/acme/geo\ntype Place = berlin | bern\nmodule geo { option place : Place  code as "./geo.ts" { hooks = [start] } }\n`,
      "geo/geo.ts": "export function start(): void {}\n",
    });
    const site = join(folder, "site");
    await lock(site, "add", "pkg/acme/geo", "path:../geo");
    const file = join(site, "x.appl");
    expect(await appl("check", `${file}@host`)).toMatchObject({ code: 0, stderr: "" });
    const { code, stderr } = await appl("build", `${file}@host`, "-o", join(site, "x.wasm"));
    expect({ code, stderr }).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("is a module of a package"),
    });
    writeFileSync(file, "appl 1\nuse pkg/acme/geo\nappliance x { geo { place = paris } }\n");
    expect((await appl("check", `${file}@host`)).stderr).toContain("error[E02");
  });

  test("go with their line, if nobody has worked in them", async () => {
    const folder = project({});
    await lock(folder, "add", "pkg/acme/geo", `${url}?rev=v1.0.0`);
    writeFileSync(join(folder, "appl.pkg/acme.geo/mine.txt"), "");
    expect(await lock(folder, "remove", "pkg/acme/geo")).toMatchObject({ code: 1 });
    rmSync(join(folder, "appl.pkg/acme.geo/mine.txt"));
    expect((await lock(folder, "remove", "pkg/acme/geo")).stdout).toBe("pkg/acme/geo  removed\n");
    expect(lockIn(folder)).toBe("appl-lock 1\n");
    expect(readdirSync(join(folder, "appl.pkg"))).toEqual([]);
  });

  test("that cannot be had are said in one line, and the lock stays as it is", async () => {
    const linked = project({ "geo.appl": geo("1.2.3.4") });
    symlinkSync("/etc/passwd", join(linked, "x"));
    git(linked, "init", "--quiet");
    git(linked, "add", "--all");
    git(linked, "commit", "--quiet", "--message=x");
    const folder = project({});
    for (const [name, source, said] of [
      ["pkg/acme/geo", `${url}?rev=v9`, "git cannot fetch"],
      ["pkg/acme/geo", `${url}?rev=deadbeef`, "has no commit `deadbeef`"],
      ["pkg/acme/geo", "git+file:///no/such/place", "git cannot fetch"],
      ["pkg/acme/geo", "git+https://127.0.0.1:1/x", "git cannot fetch"],
      ["pkg/acme/geo", "https://127.0.0.1:2/x.tar.gz", "ECONNREFUSED"],
      ["pkg/acme/geo", `git+file://${linked}`, "`x` is a symbolic link"],
      ["pkg/acme/sky", `${url}?rev=v1.0.0`, "it has no `sky.appl`"],
      ["pkg/other/geo", `${url}?rev=v1.0.0`, "appl lock add pkg/acme/geo"],
      ["pkg/acme/geo", "path:../nowhere", "there is no folder"],
      ["geo", `${url}?rev=v1.0.0`, "is no name of a package"],
      ["pkg/acme/geo", "geo", "is no source"],
    ]) {
      const { code, stderr } = await lock(folder, "add", name!, source!);
      expect(stderr).toContain(said);
      expect(stderr.trimEnd().split("\n").length).toBeLessThanOrEqual(2);
      expect([1, 2]).toContain(code);
    }
    expect(readdirSync(folder)).toEqual([]);
  });

  test("need git only for repositories", () => {
    const folder = project({});
    const { code, stderr } = applProcess(["lock", "add", "pkg/acme/geo", `${url}?rev=v1.0.0`], {
      cwd: folder,
      env: { PATH: "/nowhere" },
    });
    expect(code).toBe(1);
    expect(stderr).toContain("`git` is not on this machine");
    expect(stderr).toContain("apt-get install git");
  });
});

describe("archives", () => {
  test("come over https, checked, with the folder taken off that code hosts put around", async () => {
    const keys = temporaryFolder();
    execFileSync(
      "openssl",
      [
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-days",
        "2",
        "-subj",
        "/CN=localhost",
        "-addext",
        "subjectAltName=DNS:localhost",
        "-keyout",
        "key.pem",
        "-out",
        "cert.pem",
      ],
      { cwd: keys, stdio: "ignore" },
    );
    const file = (name: string, body: string) => ({
      header: { name, size: Buffer.byteLength(body), type: "file" as const },
      body,
    });
    const archives: Record<string, Uint8Array> = {
      "/geo-1.2.3.tar.gz": gzipSync(
        await packTar([
          file("geo-1.2.3/geo.appl", geo("10.0.2.15")),
          file(`geo-1.2.3/${"long/".repeat(15)}${"n".repeat(90)}.txt`, "x"),
          file("geo-1.2.3/.github/x", ""),
        ]),
      ),
      "/up.tar.gz": gzipSync(await packTar([file("geo.appl", geo("10.0.2.15")), file("../../evil", "x")])),
      "/bomb.tar.gz": gzipSync(new Uint8Array(100 << 20)),
      "/torn.tar.gz": gzipSync(await packTar([file("geo.appl", geo("10.0.2.15"))])).subarray(0, 60),
    };
    const server = createServer(
      { key: readFileSync(join(keys, "key.pem")), cert: readFileSync(join(keys, "cert.pem")) },
      (request, response) => {
        const found = archives[request.url!];
        response.writeHead(found ? 200 : 404).end(found);
      },
    );
    await new Promise<void>((done) => server.listen(0, "localhost", done));
    const base = `https://localhost:${(server.address() as AddressInfo).port}`;
    const add = (name: string, cwd: string, trusted = true) =>
      applBeside(["lock", "add", "pkg/acme/geo", `${base}/${name}`], {
        cwd,
        env: trusted ? { NODE_EXTRA_CA_CERTS: join(keys, "cert.pem") } : {},
      });
    try {
      const folder = project({});
      expect(await add("geo-1.2.3.tar.gz", folder)).toMatchObject({ code: 0, stderr: "" });
      expect(lineIn(folder, "pkg/acme/geo")).toMatchObject({ 1: "1.2.3", 3: `${base}/geo-1.2.3.tar.gz` });
      expect(readdirSync(join(folder, "appl.pkg/acme.geo")).toSorted()).toEqual(["geo.appl", "long"]);
      for (const [name, said] of [
        ["missing.tar.gz", "404"],
        ["up.tar.gz", "no archive that can be used"],
        ["bomb.tar.gz", "no archive that can be used"],
        ["torn.tar.gz", "no archive that can be used"],
      ])
        expect(await add(name!, project({}))).toMatchObject({
          code: 1,
          stderr: expect.stringContaining(said!),
        });
      expect(await add("geo-1.2.3.tar.gz", project({}), false)).toMatchObject({
        code: 1,
        stderr: expect.stringContaining("cannot fetch"),
      });
    } finally {
      server.close();
    }
  });
});

test.each([
  [["add"], "wants NAME"],
  [["add", "pkg/a/b"], "wants SOURCE"],
  [["remove"], "wants NAME"],
  [["remove", "pkg/a/b"], "has no line `pkg/a/b`"],
  [["remove", "a", "b"], "has no use for `b`"],
  [["set", "serial/a/b"], "wants NUMBER"],
  [["set", "serial/a/b", "4294967296"], "no number"],
  [["set", "std", "1"], "no serial"],
  [["bump"], "it can add, update, remove, set"],
  [["update", "std", "x"], "has no use for `x`"],
] as const)("appl lock %j is answered", async (args, said) => {
  const { code, stderr } = await lock(project({}), ...args);
  expect(stderr).toContain(said);
  expect(code).toBeGreaterThan(0);
});
