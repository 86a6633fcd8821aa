/** What each command prints, and that `--json` is what docs/json says. */
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import { beforeAll, describe, expect, test } from "vitest";
import { commands } from "../cli/commands.ts";
import { checkSubject, subjectOf } from "../cli/session.ts";
import { recordingTerminal } from "../cli/terminal.ts";
import type { OriginDocument } from "../compiler/index.ts";
import { temporaryFolder } from "./appliance.ts";
import { appl } from "./command.ts";

const example = "examples/ns1/ns1.appl";
const folder = temporaryFolder();
const at = (name: string) => join(folder, name);
const images = { kvm: at("ns1.elf"), host: at("ns1.wasm") };
const DIGEST = "sha256:[0-9a-f]{64}";

writeFileSync(at("wrong.appl"), "appl 1\nuse std/net\nappliance x { net eth0 { adress = 10.0.2.15/24 } }\n");
const wrong = at("wrong.appl");

beforeAll(async () => {
  for (const [target, path] of Object.entries(images))
    expect(await appl("build", `${example}@${target}`, "-o", path)).toMatchObject({ code: 0, stderr: "" });
});

describe("check", () => {
  test("says that there are no mistakes, and on which targets", async () => {
    expect(await appl("check", example)).toEqual({
      code: 0,
      stdout: `${example}: no mistakes (targets kvm, xen, linux, riscv, riscv32, esp32, esp32c3, host)\n`,
      stderr: "",
    });
  });

  test("prints mistakes once, with the path as it was given", async () => {
    const { code, stdout, stderr } = await appl("check", wrong);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr.match(/^error/gm)).toHaveLength(1);
    expect(stderr).toContain("error[E0101]: `net` has no option `adress`");
    expect(stderr).toContain(`--> ${wrong}:3:26`);
    expect(stderr).toContain("help: did you mean `address`?");
  });

  test("runs set-up and makes no machine code; a second time nothing is compiled", async () => {
    // Under a name that nobody builds: what was built is known without looking at it.
    writeFileSync(at("fresh.appl"), readFileSync("test/tap.appl"));
    const once = () => checkSubject(subjectOf(`${at("fresh.appl")}@kvm`), recordingTerminal());
    const { steps, diagnostics } = await once();
    expect(diagnostics).toEqual([]);
    const names = steps.map(({ step }) => step);
    expect(names).toContain("snapshot");
    expect(names).not.toContain("code");
    expect(names).not.toContain("image");
    const again = (await once()).steps.filter(({ step }) => !["look", "configure"].includes(step));
    expect(again.map(({ done }) => done)).toEqual(again.map(() => false));
  });
});

describe("build", () => {
  test("prints path, digests and sizes, and the sizes are of all that is in it", async () => {
    const { stdout } = await appl("build", `${example}@kvm`, "-o", images.kvm);
    expect(stdout).toMatch(
      new RegExp(
        `^${images.kvm}\n {2}ns1@kvm\n {2}contents {2}${DIGEST}\n {2}image {5}${DIGEST}\n\n(?: {2}[a-z].* [\\d,]+\n)+$`,
      ),
    );
    for (const row of ["std/dns", "std/net/arp", "backend/kvm/loop", "prepared data", "whole file"])
      expect(stdout).toContain(`  ${row} `);
    const [, whole] = /whole file +([\d,]+)/.exec(stdout)!;
    expect(Number(whole!.replaceAll(",", ""))).toBe(readFileSync(images.kvm).length);
  });

  test("writes beside it what it is, what it was made of, and where it comes from", async () => {
    const { stdout } = await appl("build", `${example}@kvm`, "-o", images.kvm, "--json");
    const { documents, digests } = JSON.parse(stdout) as Record<
      "documents" | "digests",
      Record<string, string>
    >;
    const sha256 = (path: string) =>
      `sha256:${createHash("sha256").update(readFileSync(path)).digest("hex")}`;
    const kinds = ["manifest", "recipe", "origin", "spdx", "cdx", "provenance"];
    expect(documents).toEqual(Object.fromEntries(kinds.map((kind) => [kind, `${images.kvm}.${kind}.json`])));
    expect(sha256(documents["manifest"]!)).toBe(digests["manifest"]);
    expect(sha256(documents["recipe"]!)).toBe(digests["recipe"]);
    const manifest = JSON.parse(readFileSync(documents["manifest"]!, "utf8")) as Record<string, unknown>;
    expect(manifest).toMatchObject({
      appl: "image@1",
      recipe: digests["recipe"],
      contents: digests["contents"],
      outputs: [{ digest: sha256(images.kvm), size: readFileSync(images.kvm).length }],
    });
    const origin = JSON.parse(readFileSync(documents["origin"]!, "utf8")) as OriginDocument;
    expect(origin).toMatchObject({
      appl: "origin@1",
      appliance: "ns1",
      target: "kvm",
      description: "ns1.appl",
      digests,
    });
    for (const { path, digest } of origin.sources) expect(sha256(join("examples/ns1", path))).toBe(digest);
    for (const { path, digest } of origin.libraries) expect(sha256(path)).toBe(digest);
    expect(origin.sources.map(({ path }) => path)).toContain("ns1.appl");
    expect(origin.libraries.map(({ path }) => path)).toContain("stdlib/dns/dns.appl");
    const set = origin.settings.find(({ path }) => path === 'net["eth0"].address')!;
    const line = readFileSync(join("examples/ns1", set.file), "utf8").split("\n")[set.line - 1]!;
    expect(line.slice(set.column - 1)).toMatch(/^address\b/);
    expect(Math.abs(Date.parse(origin.built.time) - Date.now())).toBeLessThan(600_000);
  });

  test("says nothing of time and place anywhere else", async () => {
    for (const kind of ["manifest", "recipe", "cdx", "provenance"]) {
      const text = readFileSync(`${images.kvm}.${kind}.json`, "utf8");
      expect(text).not.toContain(`"${hostname()}"`);
      expect(text).not.toMatch(/\d{4}-\d\d-\d\d/);
    }
  });

  test("leaves the file alone when the description is wrong", async () => {
    const path = at("kept.elf");
    writeFileSync(path, "as it was");
    expect((await appl("build", wrong, "-o", path)).code).toBe(1);
    expect(readFileSync(path, "utf8")).toBe("as it was");
  });

  test("writes through a symbolic link, and leaves no draft", async () => {
    mkdirSync(at("links"));
    symlinkSync(at("links/real.elf"), at("links/link.elf"));
    writeFileSync(at("links/real.elf"), "");
    expect((await appl("build", `${example}@kvm`, "-o", at("links/link.elf"))).code).toBe(0);
    expect(readFileSync(at("links/real.elf"))).toEqual(readFileSync(images.kvm));
    const kinds = ["cdx", "manifest", "origin", "provenance", "recipe", "spdx"];
    const documents = kinds.map((kind) => `link.elf.${kind}.json`);
    expect(readdirSync(at("links")).toSorted()).toEqual(["link.elf", ...documents, "real.elf"]);
  });

  test("a place that cannot be written to is said, and no draft is left", async () => {
    for (const path of ["/proc/appl.elf", "/dev/full"]) {
      const { code, stdout, stderr } = await appl("build", `${example}@kvm`, "-o", path);
      expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
      expect(stderr).toMatch(/^appl: cannot write `.*`: .*\n {2}choose another place with -o\n$/);
    }
  });
});

describe("inspect", () => {
  test("says what is in an image of kvm, and why", async () => {
    const { code, stdout, stderr } = await appl("inspect", images.kvm);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(new RegExp(`^${images.kvm}\n {2}ns1@kvm\n {2}recipe {4}${DIGEST}`));
    expect(stdout).toMatch(/^ {2}std\/net\/arp {2}[\d,]+ bytes$/m);
    expect(stdout).toMatch(/std\/net\/ipv4 needs arp: std\/net\.Arp {3}stdlib\/net\/net\.appl:\d+:\d+$/m);
    expect(stdout).toMatch(/^devices and services of the target\n(?: {2}backend\/kvm.*\n)+/m);
    expect(stdout).toMatch(/^memory map\n(?: {2}0x[0-9a-f]{8,} .*\n)+/m);
  });

  test("says what is in a module of host", async () => {
    const { code, stdout } = await appl("inspect", images.host);
    expect(code).toBe(0);
    expect(stdout).toContain("  ns1@host\n");
    expect(stdout).toMatch(/^ {2}std\/dns {2}[\d,]+ bytes$/m);
  });

  test.each([
    ["cut off", (bytes: Uint8Array) => bytes.subarray(0, bytes.length - 5000), /was cut off: it has/],
    ["longer", (bytes: Uint8Array) => Buffer.concat([bytes, bytes]), /has something behind its end/],
    [
      "changed",
      (bytes: Uint8Array) => bytes.map((byte, n) => (n === bytes.length - 1 ? byte ^ 1 : byte)),
      /its bytes were changed/,
    ],
  ])("an image that was %s is told from one as it was built", async (name, change, says) => {
    writeFileSync(at(name), change(readFileSync(images.kvm)));
    const { code, stdout, stderr } = await appl("inspect", at(name));
    expect(code).toBe(1);
    expect(stderr).toMatch(says);
    expect(stdout).toContain("(not as it was built)");
  });

  test.each([
    ["kvm", 100],
    ["kvm", 10],
    ["host", 2000],
    ["host", 0],
  ] as const)("of an image of %s the first %d bytes are no image", async (target, size) => {
    writeFileSync(at("cut"), readFileSync(images[target]).subarray(0, size));
    const { code, stdout, stderr } = await appl("inspect", at("cut"));
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toMatch(/no image made by appl[\s\S]*may have been cut off/);
  });

  test("an image is not taken for a description", async () => {
    const { code, stderr } = await appl("check", images.kvm);
    expect(code).toBe(1);
    expect(stderr).toMatch(/is an image, not a description[\s\S]*appl inspect/);
  });
});

describe("why", () => {
  test("prints the chains down to a module, with positions that can be opened", async () => {
    const { code, stdout, stderr } = await appl("why", `${example}@kvm`, "std/net/arp");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(
      /^std\/net\/arp {2}[\d,]+ bytes of code and [\d,]+ of memory in ns1@kvm\n {2}\(all.*\n\n {2}the description says/,
    );
    const places = [...stdout.matchAll(/ {3}(\S+):(\d+):(\d+)$/gm)];
    expect(places.length).toBeGreaterThan(2);
    for (const [, file, line, column] of places) {
      const text = readFileSync(file!, "utf8").split("\n")[Number(line) - 1]!;
      expect(text.slice(Number(column) - 1)).toMatch(/^\w/);
    }
  });

  test.each([
    ["arp", /did you mean `std\/net\/arp`\?/],
    ["std/net/atp", /did you mean `std\/net\/arp`/],
    ["std/http", /appl why --not std\/http tells why\n {2}(?!did).*modules: .*std\/dns/],
  ])("of %s, which is not there, says what is", async (module, says) => {
    const { code, stdout, stderr } = await appl("why", `${example}@kvm`, module);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain(`\`${module}\` is not in ns1@kvm`);
    expect(stderr).toMatch(says);
  });

  test("--largest has all that is in the image, each below what it is only there for", async () => {
    const { stdout } = await appl("why", `${example}@kvm`, "--largest");
    expect(stdout).toMatch(/^ns1@kvm\n\nbytes of code.*\n {2}[\d,]+ +everything\n[\s\S]*\n\nbytes of memory/);
    expect(stdout).toMatch(/ {2}std\/dns\n +[\d,]+ +std\/net\/tcp\n +[\d,]+ +std\/net\/udp\n/);
  });

  test("--not says why a module is not there, and builds nothing", async () => {
    const { code, stdout } = await appl("why", `${example}@host`, "--not", "std/net/arp");
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^std\/net\/arp is not in ns1@host\n {2}nothing needs it\n {2}would be needed by /,
    );
    expect(await appl("why", `${example}@kvm`, "--not", "std/net/arp")).toMatchObject({
      code: 1,
      stdout: "",
    });
    expect((await appl("why", example, "--not", "std/nothing")).stderr).toContain("no library has a module");
  });

  test("of what cannot be built yet says what is known", async () => {
    writeFileSync(
      at("planned.appl"),
      "appl 1\nuse std/ntp\nuse std/net\nappliance x { net eth0 { address = 10.0.2.15/24 }\n ntp { servers = [192.0.2.1] } }\n",
    );
    const { stdout, stderr } = await appl("why", `${at("planned.appl")}@kvm`, "std/net");
    expect(stderr).toBe("");
    expect(stdout).toMatch(
      /^std\/net {2}(about|nobody)[\s\S]*the description says `ntp`[\s\S]*std\/ntp needs net/,
    );
  });
});

const ajv = new Ajv2020({ strict: true });
const validators = new Map(
  commands.map(({ name }) => [
    name,
    ajv.compile(JSON.parse(readFileSync(`docs/json/${name}.json`, "utf8")) as object),
  ]),
);

/** Runs a command with `--json`; the document, which has the published shape. */
async function ran(
  name: string,
  ...argv: string[]
): Promise<{ code: number; json: Record<string, unknown> }> {
  const { code, stdout } = await appl(name, ...argv, "--json");
  const json = JSON.parse(stdout) as Record<string, unknown>;
  const valid = validators.get(name)!;
  expect(valid(json), JSON.stringify(valid.errors)).toBe(true);
  return { code, json };
}

describe("--json", () => {
  test.each<[string, number, readonly string[], Record<string, unknown>]>([
    [
      "check",
      0,
      [example],
      { ok: true, targets: ["kvm", "xen", "linux", "riscv", "riscv32", "esp32", "esp32c3", "host"] },
    ],
    ["check", 1, [wrong], { ok: false, diagnostics: [expect.objectContaining({ code: "E0101" })] }],
    ["build", 0, [`${example}@kvm`, "-o", images.kvm], { ok: true, appliance: "ns1", target: "kvm" }],
    ["build", 1, [wrong], { ok: false }],
    ["build", 1, [example, "-o", folder], { ok: false, error: expect.objectContaining({ code: 1 }) }],
    ["run", 1, [wrong], { ok: false, target: "kvm" }],
    ["run", 2, [example, "--publish", "x"], { ok: false, error: expect.objectContaining({ code: 2 }) }],
    ["inspect", 0, [images.kvm], { known: true, asBuilt: true, target: "kvm" }],
    ["inspect", 0, [images.host], { known: true, asBuilt: true, target: "host" }],
    ["inspect", 1, [example], { ok: false }],
    ["why", 0, [`${example}@kvm`, "std/net/arp"], { ok: true, module: "std/net/arp" }],
    ["why", 1, [wrong, "std/net/arp"], { ok: false, module: "std/net/arp" }],
    ["why", 1, [example, "arp"], { ok: false, error: expect.objectContaining({ code: 1 }) }],
    ["why", 2, [], { ok: false, error: expect.objectContaining({ code: 2 }) }],
  ])("of %s that ends with %d has the published shape", async (name, code, argv, part) => {
    const done = await ran(name, ...argv);
    expect(done.json).toMatchObject(part);
    expect(done.code).toBe(code);
  });

  test("the shapes are strict enough to refuse other documents", () => {
    for (const valid of validators.values())
      for (const other of [{}, { ok: true }, { ok: false, error: "x" }, []]) expect(valid(other)).toBe(false);
  });
});
