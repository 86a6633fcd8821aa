/** The bundled command in a process of its own: `run`, pipes, folders, caches, programs that are missing. */
import { execFile, spawn, spawnSync } from "node:child_process";
import { createSocket } from "node:dgram";
import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";
import { requireQemu } from "../tools/qemu.ts";
import { freePort, temporaryFolder } from "./appliance.ts";
import { applProcess, requireBundle, startAppl } from "./cli-process.ts";

const example = "examples/ns1/ns1.appl";
const execute = promisify(execFile);

/** `script` makes a terminal for a command; it is part of every Linux. */
const terminals = spawnSync("script", ["--version"]).status === 0;

beforeAll(() => {
  requireBundle();
  requireQemu();
});

/** `+short` of what dig finds on a port of this machine; it asks again for as long as nobody answers. */
async function asked(port: number): Promise<string> {
  const args = ["@127.0.0.1", "-p", String(port), "+short", "+time=2", "+tries=10", "www.example.com"];
  return (await execute("dig", args)).stdout.trim();
}

test("letters beyond ASCII mean in the bundle what they mean in the source: the greenhouse's tests have degrees", () => {
  const { code, stdout, stderr } = applProcess(["test", "examples/greenhouse/wired.appl"]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toContain("3 passed, 0 failed");
});

test("what a script says later and means nothing is a mistake of the command line, too", () => {
  const words = ["simulate", "examples/greenhouse/wired.appl", "--for", "1min", "--set", "air warm at 10s"];
  const { code, stderr } = applProcess(words);
  expect(code).toBe(2);
  expect(stderr).toMatch(
    /^appl: `air warm at 10s`: `warm` says nothing of a sensor\n {2}what can be said: .*30°C 60%/,
  );
});

describe("run", () => {
  test.each(["SIGINT", "SIGTERM"] as const)("on host answers until %s, and ends with 0", async (signal) => {
    const [one, other] = [await freePort(), await freePort()];
    const running = startAppl([
      ...["run", `${example}@host`],
      ...["--publish", `${one}:53/udp`, "--publish", `127.0.0.1:${other}:53/udp`],
    ]);
    await running.waitFor(/Ctrl-C ends it/);
    expect(await asked(one)).toBe("192.0.2.80");
    expect(await asked(other)).toBe("192.0.2.80");
    const { code, stdout, stderr } = await running.end(signal);
    expect({ code, stdout }).toEqual({ code: 0, stdout: "" });
    expect(stderr).toBe(`ns1@host answers on 127.0.0.1:${one}/udp, 127.0.0.1:${other}/udp; Ctrl-C ends it\n`);
  });

  test.each(["SIGINT", "SIGTERM"] as const)("on kvm answers until %s, and ends with 0", async (signal) => {
    const port = await freePort();
    const running = startAppl(["run", example, "--publish", `${port}:53/udp`, "--memory", "16"]);
    await running.waitFor(/eth0: 10\.0\.2\.15/);
    expect(await asked(port)).toBe("192.0.2.80");
    const { code, stdout, stderr } = await running.end(signal);
    expect(stderr).toBe(`ns1@kvm is reached on 127.0.0.1:${port}/udp; Ctrl-C ends it\n`);
    expect(code).toBe(0);
    expect(stdout).toContain("10.0.2.15");
  });

  test.each(["SIGINT", "SIGTERM"] as const)("on linux answers until %s, and ends with 0", async (signal) => {
    const port = await freePort();
    const running = startAppl(["run", `${example}@linux`, "--publish", `${port}:53/udp`]);
    await running.waitFor(/Ctrl-C ends it/);
    expect(await asked(port)).toBe("192.0.2.80");
    const { code, stdout, stderr } = await running.end(signal);
    expect(stderr).toBe(`ns1@linux is reached on 127.0.0.1:${port}/udp; Ctrl-C ends it\n`);
    expect(stdout).toMatch(/^eth0: 10\.0\.2\.15 [0-9a-f:]+\n$/);
    expect(code).toBe(0);
  });

  test("with --json prints one document at its end, the console goes to the other side", async () => {
    for (const target of ["kvm", "linux", "host"]) {
      const port = await freePort();
      const running = startAppl(["run", `${example}@${target}`, "--publish", `${port}:53/udp`, "--json"]);
      await running.waitFor(target === "kvm" ? /10\.0\.2\.15/ : /Ctrl-C/);
      expect(await asked(port)).toBe("192.0.2.80");
      const { code, stdout } = await running.end("SIGINT");
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toEqual({ ok: true, target, diagnostics: [] });
    }
  });

  test("on kvm any address will do: QEMU's network is made around it", async () => {
    const folder = temporaryFolder();
    const text = readFileSync(example, "utf8").replace("10.0.2.15/24", "192.168.77.2/28");
    writeFileSync(join(folder, "ns1.appl"), text.replace("gateway = 10.0.2.2", "gateway = 192.168.77.1"));
    copyFileSync("examples/ns1/example.org.zone", join(folder, "example.org.zone"));
    const port = await freePort();
    const running = startAppl(["run", join(folder, "ns1.appl"), "--publish", `${port}:53/udp`]);
    await running.waitFor(/eth0: 192\.168\.77\.2 /);
    expect(await asked(port)).toBe("192.0.2.80");
    expect((await running.end("SIGINT")).code).toBe(0);
  });

  test.each(["q35", "pc"])("on the machine %s", async (machine) => {
    const port = await freePort();
    const running = startAppl(["run", example, "--publish", `${port}:53/udp`, "--machine", machine]);
    await running.waitFor(/10\.0\.2\.15/);
    expect(await asked(port)).toBe("192.0.2.80");
    expect((await running.end("SIGINT")).code).toBe(0);
  });

  test.each(["kvm", "linux", "host"])(
    "on %s a port in use is named, with what to write instead",
    async (target) => {
      const socket = createSocket("udp4");
      await new Promise<void>((done) => socket.bind(0, "127.0.0.1", done));
      const { port } = socket.address();
      const { code, stdout, stderr } = applProcess([
        ...["run", `${example}@${target}`, "--publish", `${port}:53/udp`],
      ]);
      socket.close();
      expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
      expect(stderr).toMatch(
        new RegExp(
          `^appl: cannot open 127.0.0.1:${port}/udp: another program uses it\n {2}choose another port: --publish \\d+:53/udp\n$`,
        ),
      );
    },
  );

  test.each(["kvm", "linux", "host"])("on %s an address of another machine is refused", (target) => {
    const argv = ["run", `${example}@${target}`, "--publish", "192.0.2.200:5300:53/udp"];
    const { code, stderr } = applProcess(argv);
    expect(code).toBe(1);
    expect(stderr).toMatch(/192\.0\.2\.200:5300\/udp: this machine has no such address/);
  });

  test.each([
    [
      "kvm",
      "5300:53",
      /is a TCP port, and nothing in ns1 speaks TCP\n {2}for UDP write --publish 5300:53\/udp/,
    ],
    ["host", "5300:53", /is a TCP port/],
    ["host", "5300:54/udp", /does not listen on port 54\n {2}it listens on: 53\/udp/],
  ])("on %s --publish %s, which leads nowhere, is refused", (target, publish, says) => {
    const path = join(temporaryFolder(), "ns1.appl");
    const text = readFileSync(example, "utf8").replace("  dns {", "  dns {\n    tcp = false");
    writeFileSync(path, text.replace(/^.*example\.org.*\n/gm, ""));
    const { code, stderr } = applProcess(["run", `${path}@${target}`, "--publish", publish]);
    expect(code).toBe(1);
    expect(stderr).toMatch(says);
  });

  test("on linux without what makes namespaces says how to get it", () => {
    const { code, stderr } = applProcess(["run", `${example}@linux`], { env: { PATH: "/nowhere" } });
    expect(code).toBe(1);
    expect(stderr).toBe(
      "appl: unshare is not here\n  install it: apt-get install -y util-linux; or run FILE@host, which needs nothing\n",
    );
  });

  test("without the emulator says which command installs it, and what runs without", () => {
    const { code, stdout, stderr } = applProcess(["run", example], { env: { PATH: "/nowhere" } });
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(
      /appl: qemu-system-x86_64 is not here\n {2}install it: apt-get install .*qemu-system-x86; or run FILE@host/,
    );
  });

  test("leaves nothing in the folder for temporary files", () => {
    const folder = temporaryFolder();
    const { code } = applProcess(["run", example], { env: { PATH: "/nowhere", TMPDIR: folder } });
    expect(code).toBe(1);
    expect(readdirSync(folder).filter((name) => name.startsWith("appl"))).toEqual([]);
  });
});

describe("as a process", () => {
  test("writes results to one side and nothing to the other, also when everything is done anew", () => {
    const folder = temporaryFolder();
    copyFileSync("test/tap.appl", join(folder, "tap.appl"));
    const where = { cwd: folder, env: { APPL_CACHE: join(folder, "cache"), FORCE_COLOR: "1" } };
    const cold = applProcess(["build", "tap.appl", "--check"], where);
    expect(cold.stderr).toBe("");
    expect(cold.code).toBe(0);
    expect(cold.stdout).toContain("built again elsewhere, without the cache: the same bytes");
    const [, appliance] = /^ {2}(\w+)@kvm$/m.exec(cold.stdout)!;
    expect(readdirSync(folder).toSorted()).toEqual(
      [
        "cache",
        "tap.appl",
        `${appliance}.elf`,
        ...["cdx", "manifest", "origin", "provenance", "recipe", "spdx"].map(
          (document) => `${appliance}.elf.${document}.json`,
        ),
      ].toSorted(),
    );

    const known = applProcess(["inspect", `${appliance}.elf`], where);
    expect(known.stdout).toContain("memory map");
    const unknown = applProcess(["inspect", `${appliance}.elf`], {
      ...where,
      env: { APPL_CACHE: join(folder, "none") },
    });
    expect(unknown).toMatchObject({ code: 0, stderr: "" });
    expect(unknown.stdout).toMatch(/contents {2}sha256:[\s\S]*not in this machine's cache/);
    expect(existsSync(join(folder, "none"))).toBe(false);
  });

  test.each([
    [["a.appl"], "for example appl build a.appl\n"],
    [["a.appl", "b.appl"], "descriptions in this folder: a.appl, b.appl\n"],
  ])("in a folder with %j, a command without a description says how to call it", (files, says) => {
    const folder = temporaryFolder();
    for (const name of files) writeFileSync(join(folder, name), "appl 1\n");
    const { code, stdout, stderr } = applProcess(["build"], { cwd: folder });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(`wants FILE[:APPLIANCE][@TARGET]\n  ${says}`);
  });

  test("leaves nothing half-written when the disk does not take it all", () => {
    const folder = temporaryFolder();
    const path = join(folder, "x.elf");
    const limited = `trap '' XFSZ; ulimit -f 16; exec "${process.execPath}" dist/appl.js build ${example} -o "${path}"`;
    const { status, stdout, stderr } = spawnSync("sh", ["-c", limited], { encoding: "utf8" });
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toContain(`cannot write \`${path}\`: the file would be larger than is allowed here`);
    expect(readdirSync(folder)).toEqual([]);
  });

  test("works with a cache that cannot be written", () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "cache"), "a file, not a folder");
    writeFileSync(join(folder, "x.appl"), "appl 1\nappliance x {}\n");
    const { code, stderr } = applProcess(["check", "x.appl"], {
      cwd: folder,
      env: { APPL_CACHE: join(folder, "cache") },
    });
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: `appl: the cache \`${join(folder, "cache")}\` keeps nothing of this: there is a file in the place of a folder\n`,
    });
  });

  test("ends quietly when its reader stops reading", () => {
    const folder = temporaryFolder();
    const image = join(folder, "x.elf");
    expect(applProcess(["build", example, "-o", image]).code).toBe(0);
    const line = `"${process.execPath}" dist/appl.js inspect "${image}" | head -1`;
    const { stdout, stderr } = spawnSync("sh", ["-c", line], { encoding: "utf8" });
    expect({ stdout, stderr }).toEqual({ stdout: `${image}\n`, stderr: "" });
  });

  test.skipIf(!terminals)("shows progress on a terminal, and Ctrl-C brings the cursor back", async () => {
    const folder = temporaryFolder();
    const line = `"${process.execPath}" dist/appl.js check test/tap.appl`;
    const env = { ...process.env, APPL_CACHE: join(folder, "cache"), TERM: "xterm" };
    // A spinner is not for machines, and says so by this variable.
    delete (env as NodeJS.ProcessEnv)["CI"];
    const child = spawn("script", ["-qec", line, "/dev/null"], { env, stdio: "pipe" });
    let shown = "";
    child.stdout.on("data", (bytes) => {
      shown += bytes;
      if (shown.includes("compiling the modules") && !child.stdin.writableEnded) child.stdin.end("\u0003");
    });
    const code = await new Promise((done) => child.once("close", done));
    expect(shown).toContain("checking the description");
    expect(shown.lastIndexOf("\u001b[?25h")).toBeGreaterThan(shown.lastIndexOf("\u001b[?25l"));
    expect(shown).not.toMatch(/at .*\.js:\d+/);
    expect(code).toBe(130);
  });

  test("is built from the version of package.json", () => {
    const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
    expect(applProcess(["--version"]).stdout).toContain(`appl ${version} `);
  });
});
