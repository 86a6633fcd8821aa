/** Machine code as a blob. */

import { decode, encode } from "cborg";
import type { CompiledModule } from "#codegen";

export type MachineCode = Pick<CompiledModule, "code" | "data" | "functions" | "undefinedSymbols">;

export function encodeCode({ code, data, functions, undefinedSymbols }: MachineCode): Uint8Array {
  return encode({ code, data, functions, undefinedSymbols: [...undefinedSymbols] });
}

export function decodeCode(bytes: Uint8Array): MachineCode {
  const code = decode(bytes) as Omit<MachineCode, "undefinedSymbols"> & { undefinedSymbols: string[] };
  return { ...code, undefinedSymbols: new Set(code.undefinedSymbols) };
}
