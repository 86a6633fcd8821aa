import { resolve } from "node:path";
import { defineConfig } from "vitest/config";
import { ClosingLine } from "./tools/closing-line.ts";
import { LongestFirst } from "./tools/longest-first.ts";

export default defineConfig({
  test: {
    include: ["**/*.test.ts"],
    exclude: ["node_modules/**", "dist/**"],
    pool: "threads",
    isolate: false,
    sequence: { sequencer: LongestFirst },
    // Unasked, it leaves one processor to itself; on two of them nothing would run side by side.
    maxWorkers: "100%",
    // What the tests build is kept for the next test, apart from what the user builds.
    env: { APPL_CACHE: resolve("node_modules/.cache/appl-tests") },
    testTimeout: 300_000,
    hookTimeout: 300_000,
    reporters: process.env["CI"] ? [new ClosingLine(true)] : ["default", new ClosingLine(false)],
  },
});
