import { defineConfig } from "vitest/config";
import { ClosingLine } from "./tools/closing-line.ts";

export default defineConfig({
  test: {
    include: ["**/*.test.ts"],
    exclude: ["node_modules/**", "dist/**"],
    pool: "threads",
    isolate: false,
    testTimeout: 120_000,
    hookTimeout: 180_000,
    reporters: process.env["CI"] ? [new ClosingLine()] : ["default", new ClosingLine()],
  },
});
