/** `appl keygen`, `appl sign` and `appl verify --key`, with minisign as the other side. */
import { spawnSync } from "node:child_process";
import { copyFileSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { temporaryFolder } from "./appliance.ts";
import { appl, applJson } from "./command.ts";

const folder = temporaryFolder();
const at = (name: string) => join(folder, name);
const built = at("built.wasm");
const image = at("ns1.wasm");
const manifest = `${image}.manifest.json`;
const signature = `${manifest}.minisig`;
const key = at("a.key");

function minisign(input: string, ...args: string[]) {
  const { status, stdout, stderr, error } = spawnSync("minisign", args, { input, encoding: "utf8" });
  if (error) throw new Error(`these tests need minisign: apt-get install minisign (${error.message})`);
  return { code: status, text: stdout + stderr };
}
const sign = (...more: string[]) => appl("sign", image, "--key", key, ...more);
const verify = (by = `${key}.pub`) => appl("verify", image, "--key", by);
const change = (path: string, edit: (bytes: Buffer) => Buffer | string) =>
  writeFileSync(path, edit(readFileSync(path)));

beforeAll(async () => {
  await applJson("build", "examples/ns1/ns1.appl@host", "-o", built);
  expect(await appl("keygen", key, "--unencrypted")).toMatchObject({ code: 0, stderr: "" });
  writeFileSync(at("password"), "correct horse\n");
});

beforeEach(() => {
  for (const kind of ["", ".manifest.json"]) copyFileSync(`${built}${kind}`, `${image}${kind}`);
  rmSync(signature, { force: true });
});

describe("keygen", () => {
  test("makes a secret key that nobody else can read, a public one, and no other file", () => {
    expect(statSync(key).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder).filter((name) => name.includes("key"))).toEqual(["a.key", "a.key.pub"]);
  });

  test("never takes the place of a key", async () => {
    const before = readFileSync(key, "utf8");
    const { code, stderr } = await appl("keygen", key, "--unencrypted");
    expect({ code, stderr }).toMatchObject({
      code: 1,
      stderr: expect.stringContaining(`there is a \`${key}\` already`),
    });
    expect(readFileSync(key, "utf8")).toBe(before);
  });

  test("asks on a terminal, twice", () => {
    const line = `${process.execPath} --import tsx cli/main.ts keygen ${at("typed.key")}`;
    const typed = (input: string) =>
      spawnSync("script", ["-qec", line, "/dev/null"], { input, encoding: "utf8", timeout: 60_000 });
    expect(typed("one\rother\r").stdout).toContain("the two passwords differ");
    const { stdout, status } = typed("horse\rhorse\r");
    expect({ status, stdout }).toMatchObject({
      status: 0,
      stdout: expect.stringContaining("keep it secret"),
    });
    // `script` echoes what it is given before the command is there to hide it; what the command says has none of it.
    expect(stdout.slice(stdout.indexOf("the same again"))).not.toContain("horse");
    expect(minisign("horse\n", "-S", "-s", at("typed.key"), "-m", image, "-x", at("x.minisig")).code).toBe(0);
  });
});

describe("with minisign", () => {
  test("it trusts what we sign", async () => {
    expect(await sign()).toMatchObject({ code: 0, stderr: "" });
    const { code, text } = minisign("", "-Vm", manifest, "-p", `${key}.pub`);
    expect({ code, text }).toMatchObject({
      code: 0,
      text: expect.stringContaining("comment signature verified"),
    });
    expect(text).toMatch(/^Trusted comment: image:sha256:[0-9a-f]{64}\tfile:ns1\.wasm$/m);
    change(manifest, (bytes) => bytes.toString().replace("wasm", "WASM"));
    expect(minisign("", "-Vm", manifest, "-p", `${key}.pub`).code).not.toBe(0);
  });

  test.each([
    ["prehashed", []],
    ["legacy", ["-l"]],
  ])("we trust what it signs, %s", async (_, flags) => {
    const args = ["-S", ...flags, "-s", key, "-m", manifest, "-t", "by hand"];
    expect(minisign("", ...args).code).toBe(0);
    const { code, stdout } = await verify();
    expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining(": by hand\n") });
  });

  test("each opens the other's keys with their passwords", async () => {
    expect(minisign("correct horse\ncorrect horse\n", "-G", "-p", at("m.pub"), "-s", at("m.key")).code).toBe(
      0,
    );
    expect(await appl("sign", image, "--key", at("m.key"), "--password-file", at("password"))).toMatchObject({
      code: 0,
    });
    expect(minisign("", "-Vm", manifest, "-p", at("m.pub")).code).toBe(0);
    expect(await verify(at("m.pub"))).toMatchObject({ code: 0 });

    expect(await appl("keygen", at("p.key"), "--password-file", at("password"))).toMatchObject({ code: 0 });
    expect(minisign("correct horse\n", "-S", "-s", at("p.key"), "-m", manifest).code).toBe(0);
    const text = readFileSync(at("p.key.pub"), "utf8").split("\n")[1]!;
    expect(await verify(text)).toMatchObject({ code: 0 });
    writeFileSync(at("wrong"), "correct horses\n");
    const wrong = await appl("sign", image, "--key", at("p.key"), "--password-file", at("wrong"));
    expect(wrong).toMatchObject({ code: 1, stderr: expect.stringContaining("the password is wrong") });
  });
});

describe("verify --key", () => {
  test("says who has signed, and what; the same image is signed with the same bytes", async () => {
    const { stdout } = await sign();
    const [, id] = /key {4}([0-9A-F]{16})/.exec(stdout)!;
    const first = readFileSync(signature, "utf8");
    const json = await applJson("verify", image, "--key", `${key}.pub`);
    expect(json).toMatchObject({
      ok: true,
      image: { from: "file", signature: { key: id, comment: expect.stringMatching(/^image:sha256:/) } },
    });
    await sign();
    expect(readFileSync(signature, "utf8")).toBe(first);
  });

  test.each<[what: string, does: () => void, says: string]>([
    ["no signature", () => rmSync(signature), "is not signed: there is no"],
    ["no manifest", () => rmSync(manifest), "there is no `"],
    [
      "another manifest",
      () => change(manifest, (bytes) => bytes.toString().replace("wasm", "WASM")),
      "it is not what was signed",
    ],
    [
      "another comment",
      () => change(signature, (bytes) => bytes.toString().replace("file:", "File:")),
      "the comment of its signature was changed",
    ],
    [
      "another signature",
      () => change(signature, (bytes) => bytes.toString().replace(/^RU/m, "RX")),
      "is no signature: it is of no kind that we know",
    ],
  ])("%s: one line", async (_, does, says) => {
    await sign();
    does();
    const { code, stdout, stderr } = await verify();
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr.split("\n")[0]).toContain(says);
  });

  test("another key", async () => {
    await sign();
    await appl("keygen", at("other.key"), "--unencrypted");
    const { code, stderr } = await verify(at("other.key.pub"));
    expect({ code, stderr }).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/signed with the key \w{16}, and not with \w{16}/),
    });
  });

  test("an image that was changed in one bit, cut off, or is no image at all", async () => {
    await sign();
    for (const [edit, says] of [
      [(bytes: Buffer) => bytes.fill(bytes[5000]! ^ 1, 5000, 5001), "DAMAGED"],
      [(bytes: Buffer) => bytes.subarray(0, 6000), "bytes too few"],
      [(bytes: Buffer) => Buffer.concat([bytes, Buffer.alloc(3)]), "3 bytes too many"],
      [() => "something else", "DAMAGED"],
    ] as const) {
      copyFileSync(built, image);
      change(image, edit);
      const { code, stdout } = await verify();
      expect(code).toBe(1);
      expect(stdout).toMatch(/^.*: not as it was built\n/);
      expect(stdout).toContain(says);
    }
  });

  test("what this machine remembers of an image counts for nothing", async () => {
    await sign();
    writeFileSync(manifest, "{}");
    expect((await appl("verify", image)).code).toBe(0);
    expect((await verify()).code).toBe(1);
  });

  test.each([
    ["a file that is no key", () => verify(manifest), 1, "is no public key"],
    ["the secret key", () => verify(key), 1, "is no public key: it is a secret key"],
    ["no such key", () => verify(at("none")), 1, "there is no file"],
    ["no image", () => appl("verify", "--key", `${key}.pub`), 2, "`--key` is for one image"],
    ["no key to sign with", () => appl("sign", image), 2, "wants a key"],
    ["a public key to sign with", () => appl("sign", image, "--key", `${key}.pub`), 1, "it is a public key"],
    [
      "an image that is not as its manifest says",
      () => {
        change(image, (bytes) => bytes.subarray(1));
        return sign();
      },
      1,
      "is not the manifest of",
    ],
    [
      "a manifest that is none",
      () => {
        writeFileSync(manifest, "[]");
        return sign();
      },
      1,
      "is no manifest",
    ],
  ] as const)("%s is said in one line", async (_, run, code, says) => {
    const ran = await run();
    expect(ran).toMatchObject({ code, stdout: "" });
    expect(ran.stderr.split("\n")[0]).toContain(says);
  });
});
