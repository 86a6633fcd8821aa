import { WasmError } from "./error.ts";
import type { Reader } from "./reader.ts";

/**
 * Function names from the body of a name section (core specification, appendix). A custom section cannot make a
 * module malformed, so whatever cannot be read is left out.
 */
export function functionNames(reader: Reader): ReadonlyMap<number, string> {
  const names = new Map<number, string>();
  try {
    while (!reader.done) {
      const id = reader.byte();
      const body = reader.part(reader.u32());
      if (id === FUNCTIONS) body.list(() => names.set(body.u32(), body.name()));
    }
  } catch (error) {
    if (!(error instanceof WasmError)) throw error;
  }
  return names;
}

const FUNCTIONS = 1;
