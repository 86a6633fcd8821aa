/** `appl build --check` finds what a build should not depend on: copies of the command that do are caught. */
import { execFileSync, spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { temporaryFolder } from "./appliance.ts";
import { applProcess, requireBundle } from "./cli-process.ts";
import { cloneOf } from "./clone.ts";
import { applJson } from "./command.ts";

interface Leak {
  readonly file: string;
  readonly text: string;
  readonly leaks: string;
  readonly target: string;
  /** What is said to differ, by layer and name. */
  readonly says: readonly (readonly [layer: string, name: RegExp])[];
}

const leaks: Readonly<Record<string, Leak>> = {
  "the day": {
    file: "backends/wasm-image.ts",
    text: "appendContents(embedSnapshot(runtime, snapshot), contents)",
    leaks:
      "appendContents(embedSnapshot(runtime, { ...snapshot, pages: (Math.floor(Date.now() / 86_400_000) & 127) + 1 }), contents)",
    target: "host",
    says: [
      ["digest", /^contents$/],
      ["digest", /^image$/],
      ["document", /^contents frame$/],
      ["section", /^memories$/],
    ],
  },
  "the path of the project and the order of a folder": {
    file: "compiler/build/recipe.ts",
    text: 'appl: "recipe@1",',
    leaks:
      'appl: "recipe@1", leak: [request.origin ?? "", ...(request.libraries.list("stdlib/dns") ?? []).map(({ name }) => name)],',
    target: "kvm",
    says: [
      ["digest", /^recipe$/],
      ["digest", /^manifest$/],
      ["document", /^recipe leak\[0\]$/],
      ["document", /^recipe leak\[[1-9]\d*\]$/],
    ],
  },
  "the name of the machine, in a bill of materials": {
    file: "compiler/supply/cyclonedx.ts",
    text: 'property("file", output.name),',
    leaks: 'property("file", output.name + (process.env["HOSTNAME"] ?? "")),',
    target: "host",
    says: [
      ["document", /^cdx metadata\.component\.properties\[\d\]\.value$/],
      ["document", /^provenance predicate\.runDetails\.byproducts\[3\]\.digest\.sha256$/],
    ],
  },
  "the day, in the code of one function": {
    file: "backends/native/program.ts",
    text: "return { code, memory,",
    leaks: `const day = {
    ...code,
    code: code.code.map((section, n) =>
      n === 3 ? { ...section, bytes: section.bytes.map((byte, at) => (at === 2 ? (Date.now() / 86_400_000) & 255 : byte)) } : section,
    ),
  };
  return { code: day, memory,`,
    target: "kvm",
    says: [
      ["digest", /^image$/],
      ["symbol", /^program [\w/~#]+/],
    ],
  },
};

describe("a build that depends on", () => {
  let clone: string;
  beforeAll(() => {
    clone = cloneOf(".", "leaking");
  });

  test.each(Object.entries(leaks))(
    "%s is not the same again",
    (_, { file, text, leaks: leaking, target, says }) => {
      const path = join(clone, file);
      const sound = readFileSync(path, "utf8");
      expect(sound).toContain(text);
      writeFileSync(path, sound.replace(text, leaking));
      execFileSync(process.execPath, ["tools/bundle.mjs"], { cwd: clone });
      writeFileSync(path, sound);
      const folder = temporaryFolder();
      const image = join(folder, "image");
      const { status, stdout } = spawnSync(
        process.execPath,
        [
          join(clone, "dist/appl.js"),
          "build",
          resolve(`test/tap.appl@${target}`),
          "--check",
          "--json",
          "-o",
          image,
        ],
        { encoding: "utf8", env: { ...process.env, APPL_CACHE: join(folder, "cache"), TMPDIR: folder } },
      );
      const json = JSON.parse(stdout) as {
        reproduced: boolean;
        differences: { layer: string; name: string }[];
      };
      expect({ status, reproduced: json.reproduced }).toEqual({ status: 1, reproduced: false });
      for (const [layer, name] of says)
        expect(json.differences).toContainEqual(
          expect.objectContaining({ layer, name: expect.stringMatching(name) }),
        );
      expect(readdirSync(folder).filter((each) => each.startsWith("appl-"))).toEqual([]);
    },
  );
});

const examples = readdirSync("examples", { recursive: true, encoding: "utf8" })
  .filter((path) => path.endsWith(".appl"))
  .map((path) => `examples/${path}`);

/** Appliances of which all modules have code, each once; with those targets that no other has, on these too. */
async function buildable(): Promise<string[]> {
  const found: string[] = [];
  const seen = new Set<string>();
  for (const path of examples) {
    const { targets, planned, withoutBackend } = await applJson<Checked>("check", path);
    if (planned.length + withoutBackend.length > 0) continue;
    for (const [, name] of readFileSync(path, "utf8").matchAll(/^appliance (\w+)/gm))
      for (const [n, target] of targets.entries()) {
        if (n > 0 && seen.has(target)) continue;
        seen.add(target);
        found.push(`${path}:${name}@${target}`);
      }
  }
  return found;
}

type Checked = Readonly<
  Record<"targets", readonly string[]> & Record<"planned" | "withoutBackend", readonly unknown[]>
>;

test.each(await buildable())("%s is the same again", (reference) => {
  requireBundle();
  const image = join(temporaryFolder(), "image");
  const { code, stdout, stderr } = applProcess(["build", reference, "--check", "-o", image]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toContain("built again elsewhere, without the cache: the same bytes");
});
