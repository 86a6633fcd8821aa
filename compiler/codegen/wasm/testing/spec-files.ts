/** Where the tests find the WebAssembly test suite: `shared/wasm-spec/json` beside the checkout, in the form that wast2json writes. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import type { SpecFiles } from "./spec-suite.ts";

const folder = new URL("../../../../../shared/wasm-spec/json/", import.meta.url);
const only = process.env["SPEC_FILE"];

export const hasSpec = existsSync(folder);
/** One file alone with SPEC_FILE=NAME. */
export const isWholeSpec = only === undefined;
export const specFiles: SpecFiles = {
  names: hasSpec
    ? readdirSync(folder)
        .filter((name) => name.endsWith(".json") && (only === undefined || name === `${only}.json`))
        .sort()
    : [],
  read: (name) => readFileSync(new URL(name, folder)),
};

/** Says it loudly; `what` is what the caller would have tested. */
export function warnWithoutSpec(what: string): void {
  if (!hasSpec)
    console.warn(
      `SKIPPED: the WebAssembly test suite ${what}. Put the output of wast2json for github.com/WebAssembly/testsuite into ../shared/wasm-spec/json.`,
    );
}
