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

/** A module of integers only; the same for the same seed and version of Binaryen. */
export function binaryenModule(seed: number): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), "appl-fuzz-"));
  try {
    const random = new Random(seed);
    writeFileSync(
      join(folder, "in"),
      Uint8Array.from({ length: INPUT }, () => random.below(256)),
    );
    // Without a pass it warns that there is nothing to do.
    execFileSync(tool, ["-ttf", "in", ...options, "-o", "out.wasm"], { cwd: folder, stdio: "pipe" });
    return withoutFloats(readFileSync(join(folder, "out.wasm")));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
