import { expect, test } from "vitest";
import { parseModule } from "./decode.ts";
import { WasmError } from "./error.ts";
import { hasSpec, specFiles, warnWithoutSpec } from "./testing/spec-files.ts";
import { readSpec } from "./testing/spec-suite.ts";
import { validate } from "./validate.ts";

warnWithoutSpec("on decoder and validator");

test.skipIf(!hasSpec)("every valid module of the specification's suite decodes and validates", () => {
  const refused: string[] = [];
  for (const name of specFiles.names)
    for (const { module, file, line } of readSpec(specFiles, name).modules)
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

test.skipIf(!hasSpec)("every malformed or invalid module of the suite is refused", () => {
  const accepted: string[] = [];
  let count = 0;
  for (const name of specFiles.names)
    for (const { bytes, file, line, kind, text } of readSpec(specFiles, name).refusals) {
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
