/** Our own descriptions are in the one style: `npm run fix`. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { format } from "#lang";
import { descriptionsOf } from "../cli/descriptions.ts";

const texts = descriptionsOf(["stdlib", "backends", "examples", "test"]).map(
  (path) => [path, readFileSync(path, "utf8")] as const,
);
const shown = ["README.md", "docs/tutorial.md"].flatMap((page) =>
  [...readFileSync(page, "utf8").matchAll(/^```appl\n(appl 1\n[\s\S]*?)^```/gm)].map(
    ([, text], n) => [`${page}, ${n + 1}`, text!] as const,
  ),
);

test.each([...texts, ...shown])("%s", (path, text) => {
  expect(format(path, text).text).toBe(text);
});
