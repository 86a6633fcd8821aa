/** What the manuals point to is there: relative links with their headings, files and folders in backquotes, dependencies. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { expect, test } from "vitest";

const listed = (pattern: string) =>
  execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", pattern], {
    encoding: "utf8",
  })
    .split("\n")
    .filter((file) => file !== "" && existsSync(file));

const manuals = listed("*.md");
const everything = listed("*");
const folders = new Set(everything.flatMap((file) => (file.includes("/") ? [file.split("/")[0]!] : [])));
const read = (file: string) => readFileSync(file, "utf8");

test.each(manuals)("links of %s lead somewhere", (file) => {
  expect(brokenLinks(file, read(file))).toEqual([]);
});

test.each(manuals)("paths that %s names are there", (file) => {
  expect(missingPaths(read(file))).toEqual([]);
});

test.each(manuals)("files that %s names are there", (file) => {
  expect(missingFiles(read(file))).toEqual([]);
});

test("manuals that comments refer to are there", () => {
  const missing = listed("*.ts").flatMap((file) =>
    [...read(file).matchAll(/(?<![\w./-])docs\/[a-z-]+\.md\b/g)]
      .filter(([path]) => !existsSync(path))
      .map(([path]) => `${file}: ${path}`),
  );
  expect(missing).toEqual([]);
});

test("the manual says of every dependency why it is there", () => {
  const { dependencies, optionalDependencies, devDependencies } = JSON.parse(read("package.json")) as Record<
    string,
    object
  >;
  const rows = [...read("docs/dependencies.md").matchAll(/^\| `([^`]+)`/gm)].map(([, name]) => name);
  expect(rows.toSorted()).toEqual(
    Object.keys({ ...dependencies, ...optionalDependencies, ...devDependencies }).toSorted(),
  );
});

test("a link to nothing, to a missing heading, and a missing path are found", () => {
  expect(brokenLinks("docs/language.md", "[a](nothing.md) [b](#nowhere) [c](limits.md#nowhere)")).toEqual([
    "nothing.md",
    "#nowhere",
    "limits.md#nowhere",
  ]);
  expect(
    brokenLinks("docs/language.md", "[a](../README.md) [b](limits.md) [c](https://example.org/x)"),
  ).toEqual([]);
  expect(missingFiles("`isa/x64/abi.ts` `isa/x86-64/abi.ts` `NAME/index.ts`")).toEqual(["isa/x64/abi.ts"]);
  expect(
    missingPaths("`lang/nothing/` and `lang/{index,nothing}.ts`, `lang/index.ts`, `stdlib/NAME/x`"),
  ).toEqual(["lang/nothing/", "lang/nothing.ts"]);
});

/** Targets of inline links that are no address of the web. */
function brokenLinks(file: string, text: string): string[] {
  const prose = withoutCode(text).replaceAll(/`[^`\n]*`/g, "code");
  return [...prose.matchAll(/\]\(([^()\s]+)\)/g)]
    .map(([, target]) => target!)
    .filter((target) => !/^[a-z]+:/.test(target))
    .filter((target) => {
      const [path, heading] = target.split("#");
      const place = path === "" ? file : posix.join(posix.dirname(file), path!);
      if (!existsSync(place)) return true;
      return heading !== undefined && !headings(place === file ? text : read(place)).has(heading);
    });
}

/** As GitHub makes anchors of headings. */
function headings(text: string): Set<string> {
  const anchor = (heading: string) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-");
  return new Set([...withoutCode(text).matchAll(/^#+ (.*)$/gm)].map(([, heading]) => anchor(heading!)));
}

const withoutCode = (text: string): string => text.replaceAll(/^```[\s\S]*?^```/gm, "");

/** Code spans that begin with a top-level folder; capitals stand for any name, so such a path is read as far as it goes. */
function missingPaths(text: string): string[] {
  return [...withoutCode(text).matchAll(/`([^`\n]+)`/g)]
    .map(([, code]) => code!)
    .filter((code) => /^[\w.@{},/-]+$/.test(code) && code.includes("/") && folders.has(code.split("/")[0]!))
    .flatMap(alternatives)
    .filter((path) => !existsSync(path.replace(/[^/]*\b[A-Z]{2,}.*$/, "")));
}

/** Code spans that end like a source file: by their last folders, as `isa/x86-64/abi.ts`. Capitals stand for any name. */
function missingFiles(text: string): string[] {
  return [...withoutCode(text).matchAll(/`([\w-]+(?:\/[\w{},.-]+)*\.ts)`/g)]
    .map(([, code]) => code!)
    .filter((code) => !/\b[A-Z]{2,}\b/.test(code))
    .flatMap(alternatives)
    .filter((path) => !everything.some((file) => file === path || file.endsWith(`/${path}`)));
}

/** `a/{b,c}.ts` → `a/b.ts`, `a/c.ts` */
function alternatives(path: string): string[] {
  const found = /^(.*?)\{([^{}]*)\}(.*)$/.exec(path);
  if (found === null) return [path];
  const [, before, inside, after] = found;
  return inside!.split(",").flatMap((each) => alternatives(`${before}${each}${after}`));
}
