/** Modules of Binaryen's own fuzzer (`wasm-opt -ttf`), for tests. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Random } from "./random.ts";
import { withoutFloats } from "./without-floats.ts";

const tool = join(import.meta.dirname, "../../../../node_modules/.bin/wasm-opt");
const options = [
  "--mvp-features",
  "--enable-bulk-memory",
  "--enable-sign-ext",
  "--enable-mutable-globals",
  "--enable-multivalue",
];
/** Bytes that the fuzzer makes a module of. */
const INPUT = 3000;

/**
 * A module of integers only, or one with floats, where Binaryen has then put 0 in the place of all that is no number: engines choose its bits. The same
 * for the same seed and version of Binaryen.
 */
export function binaryenModule(seed: number, floats = false): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), "appl-fuzz-"));
  try {
    const random = new Random(seed);
    writeFileSync(
      join(folder, "in"),
      Uint8Array.from({ length: INPUT }, () => random.below(256)),
    );
    // Without a pass it warns that there is nothing to do.
    const passes = floats ? ["--denan"] : [];
    execFileSync(tool, ["-ttf", "in", ...options, ...passes, "-o", "out.wasm"], {
      cwd: folder,
      stdio: "pipe",
    });
    const bytes = readFileSync(join(folder, "out.wasm"));
    return floats ? bytes : withoutFloats(bytes);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
