import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { importsOf } from "./imports.ts";

test("the real imports keep to the table of layers", () => {
  const said = execFileSync("npx", ["tsx", "tools/check-layers.ts"], { encoding: "utf8" });
  expect(said).toContain(", 0 breaches");
});

test.each([
  ['import { a } from "./a.ts";', "./a.ts"],
  ['import type { A } from "#lang";', "#lang"],
  ['export * from "./b.ts";', "./b.ts"],
  ['import "./effect.ts";', "./effect.ts"],
  ['import {\n  a,\n  b,\n} from "../core/bytes";', "../core/bytes"],
  ['const asc = await import("assemblyscript/asc");', "assemblyscript/asc"],
])("finds the import in %s", (text, specifier) => {
  expect(importsOf(text).map((found) => found.specifier)).toEqual([specifier]);
});

test("does not take a comment for an import", () => {
  expect(importsOf('// see import "x" below\nconst text = \'from "y"\';')).toEqual([]);
});
