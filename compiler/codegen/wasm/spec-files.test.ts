import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseModule } from "./decode.ts";
import { WasmError } from "./error.ts";
import { readSpec, type SpecFiles } from "./spec-suite.ts";
import { validate } from "./validate.ts";

const folder = new URL("../../../../shared/wasm-spec/json/", import.meta.url);
const present = existsSync(folder);
const files: SpecFiles = {
  names: present
    ? readdirSync(folder)
        .filter((name) => name.endsWith(".json"))
        .sort()
    : [],
  read: (name) => readFileSync(new URL(name, folder)),
};
if (!present)
  console.warn(
    "SKIPPED: the WebAssembly test suite. Put the output of wast2json for github.com/WebAssembly/spec test/core into ../shared/wasm-spec/json.",
  );

test.skipIf(!present)("every valid module of the specification's suite decodes and validates", () => {
  const refused: string[] = [];
  for (const name of files.names)
    for (const { module, file, line } of readSpec(files, name).modules)
      try {
        validate(module);
      } catch (error) {
        if (!(error instanceof WasmError)) throw error;
        refused.push(`${file}:${line} ${error.message}`);
      }
  expect(refused).toEqual([]);
});

// These modules are wrong in both ways; we see the other one first.
const otherKind = ["binary:1817", "memory_init:190"];

test.skipIf(!present)("every malformed or invalid module of the suite is refused", () => {
  const accepted: string[] = [];
  let count = 0;
  for (const name of files.names)
    for (const { bytes, file, line, kind, text } of readSpec(files, name).refusals) {
      count++;
      try {
        validate(parseModule(bytes));
        accepted.push(`${file}:${line} ${kind} ${text}`);
      } catch (error) {
        if (!(error instanceof WasmError)) throw error;
        if (error.kind !== kind && !otherKind.includes(`${file}:${line}`))
          accepted.push(`${file}:${line} ${kind} ${text} but ${error.message}`);
      }
    }
  expect(accepted).toEqual([]);
  expect(count).toBeGreaterThan(2000);
});
