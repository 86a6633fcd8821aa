/** runtime.wasm → machine code. Depends on the program alone: no setting changes it. */
import { encodeCodeLines } from "../lines/code-lines.ts";
import type { Digest } from "../store/digest.ts";
import type { Done, Store } from "../store/store.ts";
import type { ImageMaker } from "./backend.ts";
import type { Steps } from "./build.ts";
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
  { isa }: ImageMaker,
  store: Store,
  steps: Steps,
): Promise<Code | undefined> {
  if (isa === undefined) return undefined;
  const { code, lines } = await steps.action("code", () =>
    store.action("code", { isa, runtime: runtime.digest }, async () => {
      const { compile } = await import("#codegen");
      const compiled = compile(runtime.bytes(), isa);
      return { code: encodeCode(compiled), lines: encodeCodeLines(compiled.lines) };
    }),
  );
  return { digest: code.digest, value: decodeCode(code.bytes()), lines };
}
