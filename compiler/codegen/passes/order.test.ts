import { expect, test } from "vitest";
import { passes } from "./index.ts";

const claims = passes.flatMap(({ name, after = {} }, at) =>
  Object.entries(after).map(([before, reason]) => ({ name, at, before, reason })),
);

test.each(claims)("$name runs after $before: $reason", ({ at, before }) => {
  expect(passes.slice(0, at).map(({ name }) => name)).toContain(before);
});

test("machine code gets split edges and an order of blocks, and nothing undoes them", () => {
  expect(passes.slice(-2).map(({ name }) => name)).toEqual(["critical-edges", "layout"]);
});
