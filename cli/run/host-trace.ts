/** Where a program of the `host` target was when V8 ended it: the innermost function first. */
import { findCode, foundText, type Lines, wasmFunctions } from "#compiler";

/** A frame of `Error.stack` in WebAssembly. Its offset is one in the module. */
const FRAME = /wasm-function\[\d+\]:0x([0-9a-f]+)/;

/** One line for each frame; empty if there are none, or if nothing is known of the code. */
export function hostTrace(stack: string, wasm: Uint8Array, lines: Lines | undefined): string {
  if (lines === undefined) return "";
  const functions = wasmFunctions(wasm);
  const found = stack.split("\n").flatMap((frame) => {
    const [, digits] = FRAME.exec(frame) ?? [];
    if (digits === undefined) return [];
    const at = Number.parseInt(digits, 16);
    const number = functions.findIndex(({ offset, size }) => at >= offset && at < offset + size);
    const known =
      number < 0 ? undefined : findCode(lines, { function: number, offset: at - functions[number]!.offset });
    return known === undefined ? [] : [`  at ${foundText(known)}\n`];
  });
  return found.join("");
}
