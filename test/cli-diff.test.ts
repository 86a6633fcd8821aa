/** `appl diff` as a command: what may stand on each side, and how it ends. What it finds is in compiler/diff. */
import { copyFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { temporaryFolder } from "./appliance.ts";
import { appl, applJson } from "./command.ts";

const folder = temporaryFolder();
const at = (name: string) => join(folder, name);
const [one, other] = [at("one.appl"), at("other.appl")];
const image = at("one.wasm");
interface Digests {
  readonly digests: { readonly recipe: string; readonly contents: string; readonly image: string };
}
let digests: Digests["digests"];

beforeAll(async () => {
  const text = readFileSync("examples/ns1/ns1.appl", "utf8");
  copyFileSync("examples/ns1/example.org.zone", at("example.org.zone"));
  writeFileSync(one, text);
  writeFileSync(other, text.replace("ttl = 5min", "ttl = 1min"));
  writeFileSync(
    at("net.appl"),
    "appl 1\nuse std/net\nappliance ns1 { net eth0 { address = 10.0.2.15/24 } }\n",
  );
  digests = (await applJson<Digests>("build", `${one}@host`, "-o", image)).digests;
});

test("an image, its description, and each digest of it are the same", async () => {
  const sides = [image, `${one}@host`, digests.recipe, digests.contents.slice(7, 30), digests.image];
  for (const side of sides)
    expect(await applJson("diff", image, side)).toMatchObject({ verdict: "identical", causes: [] });
});

test("a difference ends with 1; each place is one that can be opened from here", async () => {
  const { code, stdout, stderr } = await appl("diff", digests.recipe, `${other}@host`, "--json");
  expect({ code, stderr }).toEqual({ code: 1, stderr: "" });
  const { verdict, causes, sections } = JSON.parse(stdout);
  expect({ verdict, sections }).toEqual({ verdict: "different", sections: ["data"] });
  expect(causes).toMatchObject([{ kind: "setting", from: "5min", to: "1min" }]);
  expect(causes[0].places.b).toEqual({ file: other, line: 22, column: 38 });
});

test("bytes are named by section and function, with their offsets", async () => {
  const { stdout } = await appl("diff", image, `${other}@host`, "--bytes", "--json");
  const { bytes } = JSON.parse(stdout) as {
    bytes: { section: string; a: { offset: number }; first: number }[];
  };
  expect(bytes.map(({ section }) => section)).toEqual(["data", "custom appl"]);
  const { stdout: all } = await appl("diff", image, at("net.appl@host"), "--bytes", "--all");
  expect(all).toMatch(/code {2}stdlib\/dns\/server\/lookup\/lookUp {2}removed, \d+ bytes/);
});

test.each([
  [["nothing.appl", "x"], /there is no file `nothing\.appl`/],
  [["10.9.0.53", "x"], /address of a device, which cannot be asked yet/],
  [["0123456789", "x"], /no object `0123456789` in this machine's cache/],
])("what cannot be had ends with 2: %s", async (sides, says) => {
  const { code, stderr } = await appl("diff", ...sides);
  expect(code).toBe(2);
  expect(stderr).toMatch(says);
});

test("a description with mistakes: they are said, and there is nothing to compare", async () => {
  writeFileSync(at("wrong.appl"), readFileSync(one, "utf8").replace("ttl = 5min", "ttl = 300"));
  const { code, stderr } = await appl("diff", at("wrong.appl"), image);
  expect(code).toBe(2);
  expect(stderr).toMatch(/^error\[E\d+\][\s\S]*cannot be built/);
});

test("an image from elsewhere is compared by what it carries", async () => {
  const bytes = readFileSync(image);
  bytes[bytes.length - 1] = bytes.at(-1) === 0x30 ? 0x31 : 0x30;
  writeFileSync(at("strange.wasm"), bytes);
  const { code, stdout } = await appl("diff", image, at("strange.wasm"));
  expect(code).toBe(1);
  expect(stdout).toContain("the causes cannot be told");
});

test("a number that the lock counts follows from what was changed, and only a build writes it down", async () => {
  const counted = readFileSync(one, "utf8").replace("at(2026112101)", "auto");
  writeFileSync(at("counted.appl"), counted);
  const image = at("counted.wasm");
  await appl("build", `${at("counted.appl")}@host`, "-o", image);
  const lock = readFileSync(at("appl.lock"), "utf8");
  writeFileSync(at("counted.appl"), counted.replace("ttl = 5min", "ttl = 2min"));
  const { stdout } = await appl("diff", image, `${at("counted.appl")}@host`, "--json");
  const { causes } = JSON.parse(stdout);
  expect(causes).toMatchObject([
    {
      what: 'dns.zone["example.com"].primary.host["www"].ttl',
      consequences: [{ what: 'dns.zone["example.com"].primary.soa.serial', change: "changed" }],
    },
  ]);
  expect(readFileSync(at("appl.lock"), "utf8")).toBe(lock);
});
