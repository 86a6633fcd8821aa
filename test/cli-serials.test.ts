/** Serial numbers that `appl.lock` keeps, and several who write it at once. */
import { readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { temporaryFolder } from "./appliance.ts";
import { applBeside, applProcess, requireBundle } from "./cli-process.ts";
import { description, git, lineIn, lockIn, project, zone } from "./lock-project.ts";

beforeAll(requireBundle);

describe("serial numbers", () => {
  const days = { first: "1795219200", next: "1795305600" }; // 2026-11-21, 2026-11-22
  const on = (day: string, cwd: string, ...argv: string[]) =>
    applProcess(argv, { cwd, env: { SOURCE_DATE_EPOCH: day } });

  test("count when a zone changes, and the lock is written before the image", () => {
    const folder = project({ "ns1.appl": description(zone("10.0.2.15")) });
    expect(on(days.first, folder, "build", "ns1.appl@host").stdout).toContain(
      "counted in appl.lock\n  serial/ns1/example.com  2026112100",
    );
    const [lockThen, imageThen] = [lockIn(folder), readFileSync(join(folder, "ns1.wasm"))];
    // The next day, with another cache: the same bytes.
    const again = applProcess(["build", "ns1.appl@host", "--locked"], {
      cwd: folder,
      env: { SOURCE_DATE_EPOCH: days.next, APPL_CACHE: temporaryFolder() },
    });
    expect(again).toMatchObject({ code: 0, stderr: "" });
    expect(lockIn(folder)).toBe(lockThen);
    expect(Buffer.compare(readFileSync(join(folder, "ns1.wasm")), imageThen)).toBe(0);

    writeFileSync(join(folder, "ns1.appl"), description(zone("10.0.2.99")));
    expect(on(days.next, folder, "check", "ns1.appl@host").stdout).toContain(
      "counts on: serial/ns1/example.com",
    );
    const refused = on(days.next, folder, "build", "ns1.appl@host", "--locked");
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining("error[E0162]") });
    expect(lockIn(folder)).toBe(lockThen);
    expect(on(days.next, folder, "build", "ns1.appl@host").stdout).toContain("2026112100 -> 2026112200");

    // What was: its bytes come from its lock.
    writeFileSync(join(folder, "ns1.appl"), description(zone("10.0.2.15")));
    writeFileSync(join(folder, "appl.lock"), lockThen);
    expect(on(days.next, folder, "build", "ns1.appl@host").code).toBe(0);
    expect(Buffer.compare(readFileSync(join(folder, "ns1.wasm")), imageThen)).toBe(0);
  });

  test("that begin with this build are the same when it is checked a year later", () => {
    const folder = project({ "ns1.appl": description(zone("10.0.2.15")) });
    const { code, stdout } = on("", folder, "build", "ns1.appl@host", "--check");
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining("the same bytes") });
    expect(lineIn(folder, "serial/ns1/example.com")[1]).toMatch(/^20\d{8}$/);
  });

  test("are counted by lock too, for every description of the folder, which then says what it was made with", () => {
    const folder = project({
      "a.appl": description(zone("10.0.2.15"), "", "a"),
      "b.appl": `${description(zone("10.0.2.15"), "", "b1")}appliance b2 { net eth0 { address = 10.0.2.16/24 } dns { ${zone("10.0.2.16", "b.example")} } }\n`,
      "shared.appl": "appl 1\nlet x = 1\n",
    });
    expect(on(days.first, folder, "lock")).toMatchObject({ code: 0, stderr: "" });
    expect(
      lockIn(folder)
        .split("\n")
        .map((line) => line.split(" ")[0]),
    ).toEqual([
      "appl-lock",
      "serial/a/example.com",
      "serial/b1/example.com",
      "serial/b2/b.example",
      "std",
      "",
    ]);
    writeFileSync(
      join(folder, "appl.lock"),
      lockIn(folder).replace(/^std .*$/m, `std  0.0.9  sha256:${"0".repeat(64)}`),
    );
    const check = (...more: string[]) => on(days.first, folder, "check", "a.appl@host", ...more);
    expect(check()).toMatchObject({ code: 0, stderr: expect.stringContaining("warning[W0160]") });
    expect(check("--locked")).toMatchObject({ code: 1, stderr: expect.stringContaining("error[E0160]") });
    expect(on(days.first, folder, "lock", "update", "std").stdout).toContain("std  0.0.9 -> ");
    expect(check("--locked")).toMatchObject({ code: 0, stderr: "" });
  });

  test("go on from a number that a zone had before", () => {
    const folder = project({ "ns1.appl": description(zone("10.0.2.15")) });
    expect(on(days.first, folder, "lock", "set", "serial/ns1/example.com", "2027010107").code).toBe(0);
    expect(on(days.first, folder, "lock").stdout).toContain(
      "serial/ns1/example.com  2027010107 -> 2027010108",
    );
  });

  test("of a lock that was deleted begin anew", () => {
    const folder = project({ "ns1.appl": description(zone("10.0.2.15")) });
    on(days.first, folder, "lock");
    const before = lockIn(folder);
    rmSync(join(folder, "appl.lock"));
    on(days.first, folder, "lock");
    expect(lockIn(folder)).toBe(before);
  });

  test("of two branches merge line by line", () => {
    const two = (a: string, b: string) => description(`${zone(a, "a.example")}\n${zone(b, "b.example")}`);
    const folder = project({ "ns1.appl": two("10.0.2.15", "10.0.2.15") });
    git(folder, "init", "--quiet", "--initial-branch=main");
    const commit = (text: string, message: string) => {
      writeFileSync(join(folder, "ns1.appl"), text);
      on(days.next, folder, "lock");
      git(folder, "add", "ns1.appl", "appl.lock");
      git(folder, "commit", "--quiet", `--message=${message}`);
    };
    commit(two("10.0.2.15", "10.0.2.15"), "base");
    git(folder, "checkout", "--quiet", "-b", "other");
    commit(two("10.0.2.15", "10.0.2.77"), "b");
    git(folder, "checkout", "--quiet", "main");
    commit(two("10.0.2.66", "10.0.2.15"), "a");
    // Neighbouring lines are a conflict for git, although each side changed another one.
    expect(() => git(folder, "merge", "--quiet", "other")).toThrow();
    expect(on(days.next, folder, "check", "ns1.appl@host").stderr).toContain("error[E0152]");
    writeFileSync(join(folder, "ns1.appl"), two("10.0.2.66", "10.0.2.77"));
    expect(on(days.next, folder, "lock").stdout).toBe("appl.lock: both sides of the merge are in it\n");
    expect(lineIn(folder, "serial/ns1/a.example")[1]).toBe("2026112201");
    expect(lineIn(folder, "serial/ns1/b.example")[1]).toBe("2026112201");
  });
});

describe("several at once", () => {
  test("write one after the other, and no line is lost", async () => {
    const folder = project({});
    const numbers = Array.from({ length: 8 }, (_, n) => n + 1);
    const ran = await Promise.all(
      numbers.map((n) => applBeside(["lock", "set", `serial/a/z${n}`, String(n)], { cwd: folder })),
    );
    expect(ran.map(({ code, stderr }) => ({ code, stderr }))).toEqual(
      numbers.map(() => ({ code: 0, stderr: "" })),
    );
    expect(numbers.map((n) => lineIn(folder, `serial/a/z${n}`)[1])).toEqual(numbers.map(String));
    expect(readdirSync(folder)).toEqual(["appl.lock"]);
  });

  test("build the same zone with the same number", async () => {
    const folder = project({ "ns1.appl": description(zone("10.0.2.15")) });
    const builds = await Promise.all(
      ["a.wasm", "b.wasm", "c.wasm"].map((out, n) =>
        applBeside(["build", "ns1.appl@host", "-o", out], {
          cwd: folder,
          env: { SOURCE_DATE_EPOCH: String(1795219200 + 86400 * n) },
        }),
      ),
    );
    expect(builds.map(({ code }) => code)).toEqual([0, 0, 0]);
    const [a, b, c] = ["a.wasm", "b.wasm", "c.wasm"].map((name) => readFileSync(join(folder, name)));
    expect([Buffer.compare(a!, b!), Buffer.compare(a!, c!)]).toEqual([0, 0]);
  });

  test("do not wait for one that was ended while it wrote", () => {
    const folder = project({ ".appl.lock.new": "appl-lo" });
    const long = Date.now() / 1000 - 60;
    utimesSync(join(folder, ".appl.lock.new"), long, long);
    expect(applProcess(["lock", "set", "serial/a/b", "1"], { cwd: folder })).toMatchObject({
      code: 0,
      stderr: "",
    });
    expect(readdirSync(folder)).toEqual(["appl.lock"]);
  });
});
