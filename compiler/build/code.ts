/** runtime.wasm → machine code. Depends on the program alone: no setting changes it. */
import type { IsaName } from "#codegen";
import { encodeCodeLines } from "../lines/code-lines.ts";
import type { Digest } from "../store/digest.ts";
import type { Done, Store } from "../store/store.ts";
import type { Compiled, Edges, Steps } from "./build.ts";
import { FunctionPacks } from "./function-pack.ts";
import { decodeCode, encodeCode, type MachineCode } from "./machine-code.ts";
import type { Program } from "./program.ts";

export interface Code {
  readonly digest: Digest;
  readonly value: MachineCode;
  /** What it was made of: `encodeCodeLines`. No image depends on it. */
  readonly lines: Done;
}

export async function codeFor(
  { runtime }: Program,
  isa: IsaName | undefined,
  { crew }: Edges,
  store: Store,
  steps: Steps,
): Promise<Code | undefined> {
  if (isa === undefined) return undefined;
  let functions: Compiled | undefined;
  const { code, lines } = await steps.action(
    "code",
    () =>
      store.action("code", { isa, runtime: runtime.digest }, async () => {
        const { compileWith } = await import("#codegen");
        const cache = new FunctionPacks(store, isa);
        const compiled = await compileWith(runtime.bytes(), isa, { cache, crew });
        cache.keep();
        functions = { compiled: compiled.compiled, all: compiled.functions.length };
        return { code: encodeCode(compiled), lines: encodeCodeLines(compiled.lines) };
      }),
    () => functions,
  );
  return { digest: code.digest, value: decodeCode(code.bytes()), lines };
}
