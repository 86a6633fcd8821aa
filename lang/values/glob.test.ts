import fc from "fast-check";
import { expect, test } from "vitest";
import { compileGlob, type Glob } from "./glob.ts";

function glob(text: string): Glob {
  const made = compileGlob(text);
  if (!made.ok) throw new Error(made.fault.reason);
  return made.value;
}

test.each([
  ["*.html", ["index.html", ".html", "dir.html/inside.js"], ["a/index.html", "index.htm", "xhtml"]],
  ["**/*.map", ["a.map", "js/a.map", "js/x/a.map"], ["a.map.js", "map"]],
  ["**", ["a", "a/b", ".git/config"], []],
  ["**/*", ["a", "a/b", ".well-known/x"], []],
  [".git/**", [".git/config", ".git/objects/ab"], [".gitignore", "x/.git/config"]],
  ["assets", ["assets", "assets/a.css", "assets/x/y"], ["assets2", "x/assets"]],
  ["a/**/z", ["a/z", "a/b/z", "a/b/c/z"], ["az", "a/bz"]],
  ["?.txt", ["a.txt", "é.txt"], ["ab.txt", ".txt"]],
  ["*.{css,js}", ["a.css", "b.js"], ["a.cssx", "a.c"]],
  ["{a,b/**}/*.txt", ["a/x.txt", "b/c/x.txt", "b/c/d/x.txt"], ["c/x.txt"]],
  ["{a,{b,c}}", ["a", "b", "c"], ["d"]],
  ["a+b (1).txt", ["a+b (1).txt"], ["aab (1).txt"]],
  ["a,b", ["a,b"], ["a"]],
])("%s", (pattern, yes, no) => {
  expect(yes.filter((path) => !glob(pattern).takes(path))).toEqual([]);
  expect(no.filter((path) => glob(pattern).takes(path))).toEqual([]);
});

test("what is wrong with a pattern is said where it is", () => {
  const said = (text: string) => {
    const made = compileGlob(text);
    return made.ok ? "" : `${text.slice(made.fault.start, made.fault.end)}: ${made.fault.reason}`;
  };
  expect(
    ["", "./a", "/a", "../a", "a/./b", "a/", "a//b", "a**", "{a", "a}", "[ab]", "a\\b"].map(said),
  ).toMatchInlineSnapshot(`
    [
      ": a pattern is not empty",
      "./: patterns begin inside of the folder",
      "/: patterns begin inside of the folder",
      "../: patterns have no \`.\` or \`..\` between two \`/\`",
      "/./: patterns have no \`.\` or \`..\` between two \`/\`",
      "/: a folder is named without a \`/\` at the end",
      "//: there is nothing between two \`/\`",
      "**: \`**\` stands alone between two \`/\`",
      "{: this \`{\` is not closed",
      "}: no \`{\` belongs to this \`}\`",
      "[: there are no sets in \`[…]\`: write \`{a,b}\`, or \`?\` for any character",
      "\\: folders are separated by \`/\`",
    ]
  `);
  expect(said("x".repeat(501))).toContain("at most 500 characters");
  expect(said(`${"{".repeat(11)}a${"}".repeat(11)}`)).toContain("too many braces");
});

test("a folder is looked into only if something in it may be taken, and not if all of it is skipped", () => {
  expect(glob("*.html").mayTakeFrom("node_modules")).toBe(false);
  expect(glob("docs/*.html").mayTakeFrom("docs")).toBe(true);
  expect(glob("docs/*.html").mayTakeFrom("docs/x")).toBe(false);
  expect(glob("docs").mayTakeFrom("docs/x/y")).toBe(true);
  expect(glob("**/*.html").mayTakeFrom("a/b/c")).toBe(true);
  expect([".git/**", ".git/*", ".git", "**"].every((it) => glob(it).takesAllOf(".git"))).toBe(true);
  expect([".git/x", "**/*.map", "git"].some((it) => glob(it).takesAllOf(".git"))).toBe(false);
});

const piece = fc.constantFrom("*", "**", "?", "{", "}", ",", "/", "a", "b", ".", "é", "[", "\\", "+", "(");

test("no pattern makes it throw or takes long, and what may not be looked into holds nothing that is taken", () => {
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 40 }).map((it) => it.join("")),
      fc
        .array(fc.constantFrom("a", "b", ".", "é", "/"), { minLength: 1, maxLength: 60 })
        .map((it) => it.join("")),
      (pattern, text) => {
        const path = text
          .split("/")
          .filter((name) => name !== "")
          .join("/");
        const made = compileGlob(pattern);
        if (!made.ok) return made.fault.start <= pattern.length;
        const folder = path.slice(0, Math.max(path.lastIndexOf("/"), 0));
        const taken = made.value.takes(path);
        if (folder === "") return true;
        return (!taken || made.value.mayTakeFrom(folder)) && (!made.value.takesAllOf(folder) || taken);
      },
    ),
    { numRuns: 3000 },
  );
});
