/** What an image's code was made of, line by line, into the store. */
import { decodeCodeLines } from "../lines/code-lines.ts";
import { encodeLines } from "../lines/document.ts";
import { linesOfCode, linesOfWasm } from "../lines/make.ts";
import { readSourceMap } from "../lines/source-map.ts";
import { canonical } from "../store/canonical.ts";
import type { Digest } from "../store/digest.ts";
import type { Store } from "../store/store.ts";
import type { Code } from "./code.ts";
import type { Program } from "./program.ts";
import { wasmFunctions } from "./wasm-functions.ts";

/** `owners`: folder of sources → module. */
export async function putLines(
  { runtime, map, sources }: Program,
  code: Code | undefined,
  owners: ReadonlyMap<string, string>,
  store: Store,
): Promise<Digest> {
  const inputs = {
    map: map.digest,
    of: code === undefined ? [runtime.digest] : [code.digest, code.lines.digest],
    owners: [...owners],
    sources,
  };
  const { lines } = await store.action("lines", inputs, async () => {
    const known = { map: readSourceMap(new TextDecoder().decode(map.bytes())), owners, sources };
    const made =
      code === undefined
        ? linesOfWasm(wasmFunctions(runtime.bytes()), known)
        : linesOfCode(
            {
              ...code.value,
              names: code.value.functions.map(({ name }) => name),
              lines: decodeCodeLines(code.lines.bytes()),
            },
            known,
          );
    return { lines: canonical(encodeLines(made)) };
  });
  return lines.digest;
}
