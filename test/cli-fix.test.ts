/** `appl fix` on descriptions that were written for an older version of a package. */
import { execFileSync } from "node:child_process";
import { chmodSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { appl, applJson } from "./command.ts";
import { lock, project } from "./lock-project.ts";

const cache = `appl 1
library pkg/acme/cache

## Keeps answers for a while.
module cache {
  option memory : Size     = 1MiB
  option keep   : Duration = 1h
  option size   : Size     = 1MiB
  renamed lifetime -> keep
  deprecated size -> memory
}
`;
const common = `appl 1
use pkg/acme/cache

fragment slow {
  cache { lifetime   = 2h }  # a long time
}
`;
const box = `use pkg/acme/cache
use "./common.appl"

appliance box {
  include common.slow
  cache { size = 2MiB; assert lifetime > 1h }
}
`;
const fixedCommon = common.replace("lifetime ", "keep ");
const fixedBox = `appl 1\n${box}`.replace("size", "memory").replace("lifetime", "keep");

let folder: string;
const at = (name: string) => join(folder, name);
const text = (name: string) => readFileSync(at(name), "utf8");

beforeEach(async () => {
  const top = project({ "cache/cache.appl": cache, "app/common.appl": common, "app/box.appl": box });
  folder = join(top, "app");
  await lock(folder, "add", "pkg/acme/cache", "path:../cache");
});

test("a description and the files that it uses; the second time there is nothing to do", async () => {
  const lines = [
    `${at("box.appl")}:1:1: write \`appl 1\` as the first line (E0008)`,
    `${at("box.appl")}:6:11: \`size\` is now \`memory\` (W0125)`,
    `${at("box.appl")}:6:31: \`lifetime\` is now \`keep\` (W0124)`,
    `${at("common.appl")}:5:11: \`lifetime\` is now \`keep\` (W0124)`,
    "",
  ].join("\n");
  expect(await appl("fix", "--check", at("box.appl"))).toEqual({ code: 1, stdout: lines, stderr: "" });
  expect([text("box.appl"), text("common.appl")]).toEqual([box, common]);
  expect(await appl("fix", at("box.appl"))).toEqual({ code: 0, stdout: lines, stderr: "" });
  expect([text("box.appl"), text("common.appl")]).toEqual([fixedBox, fixedCommon]);
  expect(readdirSync(folder).toSorted()).toEqual(["appl.lock", "box.appl", "common.appl"]);
  for (const args of [[at("box.appl")], ["--check", folder]])
    expect(await appl("fix", ...args)).toEqual({ code: 0, stdout: "", stderr: "" });
  expect(readFileSync(join(folder, "../cache/cache.appl"), "utf8")).toBe(cache);
});

test("what --diff prints, git applies", async () => {
  const { code, stdout } = await appl("fix", "--diff", folder);
  expect(code).toBe(1);
  expect(text("box.appl")).toBe(box);
  execFileSync("git", ["apply", "-p0", "--unsafe-paths", "--directory=/", "-"], { cwd: "/", input: stdout });
  expect([text("box.appl"), text("common.appl")]).toEqual([fixedBox, fixedCommon]);
});

test("as data; what is left is said, and is an error only if it is one", async () => {
  writeFileSync(at("common.appl"), common.replace("2h", "2h; memry = 3MiB"));
  const { code, stdout, stderr } = await appl("fix", at("box.appl"));
  expect([code, stdout.split("\n").length]).toEqual([1, 5]);
  expect(stderr).toContain("help: did you mean `memory`?");
  expect(text("common.appl")).toBe(fixedCommon.replace("2h", "2h; memry = 3MiB"));
  writeFileSync(at("common.appl"), common);
  const done = await applJson<{ ok: boolean; files: unknown; diagnostics: unknown }>("fix", at("box.appl"));
  expect(done).toEqual({
    ok: true,
    files: [
      { file: at("box.appl"), state: "same", fixes: [] },
      {
        file: at("common.appl"),
        state: "changed",
        fixes: [
          {
            code: "W0124",
            help: "write `keep`",
            line: 5,
            column: 11,
            before: "lifetime",
            replacement: "keep",
          },
        ],
      },
    ],
    diagnostics: [],
  });
});

test("byte order mark, ends of lines, permissions and links stay", async () => {
  const marked = `\ufeff${common}`.replaceAll("\n", "\r\n");
  writeFileSync(at("real"), marked);
  chmodSync(at("real"), 0o640);
  symlinkSync("real", at("link.appl"));
  expect((await appl("fix", at("link.appl"), at("real"))).code).toBe(0);
  expect(text("real")).toBe(marked.replace("lifetime ", "keep "));
  expect(statSync(at("real")).mode & 0o777).toBe(0o640);
});

test("two descriptions share a file: what one of them could not bear is not done", async () => {
  const shared = common.replace("lifetime   = 2h", "default size = 3MiB; lifetime = 2h");
  writeFileSync(at("common.appl"), shared);
  writeFileSync(at("box.appl"), fixedBox.replace("memory = 2MiB; ", ""));
  writeFileSync(at("other.appl"), fixedBox.replace("memory = 2MiB; ", "default memory = 4MiB; "));
  const { code, stderr } = await appl("fix", folder);
  expect(code).toBe(0);
  expect(stderr).toContain("W0125");
  expect(text("common.appl")).toBe(shared.replace("lifetime", "keep"));
});

test("what is not there, what is no text, and what cannot be parsed is as it was", async () => {
  expect(await appl("fix", at("none.appl"))).toMatchObject({
    code: 1,
    stderr: expect.stringContaining("no file"),
  });
  expect((await appl("fix", "--check", "--diff", folder)).code).toBe(2);
  for (const bytes of [
    Buffer.from([0, 1, 2, 255]),
    Buffer.from("appl 1\nappliance a { cache { lifetime = \n"),
  ]) {
    writeFileSync(at("faulty.appl"), bytes);
    expect(await appl("fix", at("faulty.appl"))).toMatchObject({ code: 1, stdout: "" });
    expect(readFileSync(at("faulty.appl"))).toEqual(bytes);
  }
});

test("the manual's example", async () => {
  const section = readFileSync("docs/commands.md", "utf8")
    .split(/^## /m)
    .find((it) => it.startsWith("`appl fix "))!;
  const shown = (language: string) => new RegExp(`\`\`\`${language}\\n([^]*?)\`\`\``).exec(section)![1]!;
  writeFileSync(at("old.appl"), shown("appl"));
  const told = (out: string) => out.replaceAll(at("old.appl"), "old.appl");
  expect(told((await appl("fix", "--diff", at("old.appl"))).stdout)).toBe(shown("diff"));
  expect(told((await appl("fix", at("old.appl"))).stdout)).toBe(shown("text"));
  expect((await appl("check", `${at("old.appl")}@kvm`)).code).toBe(0);
});
