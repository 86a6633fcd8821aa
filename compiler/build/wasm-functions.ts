/** Names, places and sizes of the functions of a WebAssembly module. Core specification 5.5.13 (code section) and 7.4.1 (function names). */
import { SectionReader } from "../assemble/section-reader.ts";
import type { FileSection } from "./backend.ts";

const section = { custom: 0, import: 2, code: 10 } as const;
const FUNCTION_NAMES = 1;
const FUNCTION_IMPORT = 0;

export function wasmFunctions(wasm: Uint8Array): FileSection[] {
  const names = new Map<number, string>();
  let bodies: { readonly offset: number; readonly size: number }[] = [];
  let imported = 0;
  const reader = new SectionReader(wasm);
  while (reader.at < wasm.length) {
    const id = reader.byte();
    const end = reader.unsigned() + reader.at;
    if (id === section.import) imported = countImports(reader);
    else if (id === section.code) bodies = bodiesIn(reader);
    else if (id === section.custom && reader.text() === "name") readNames(reader, end, names);
    reader.at = end;
  }
  return bodies.map((body, n) => ({ name: names.get(imported + n) ?? `function ${imported + n}`, ...body }));
}

/** Only functions are imported by what we make. */
function countImports(reader: SectionReader): number {
  const count = reader.unsigned();
  for (let n = 0; n < count; n++) {
    reader.text();
    reader.text();
    if (reader.byte() !== FUNCTION_IMPORT) throw new Error("BUG: an import that is no function");
    reader.unsigned();
  }
  return count;
}

/** With the size before each. */
function bodiesIn(reader: SectionReader): { readonly offset: number; readonly size: number }[] {
  return Array.from({ length: reader.unsigned() }, () => {
    const offset = reader.at;
    const size = reader.unsigned();
    reader.at += size;
    return { offset, size: reader.at - offset };
  });
}

function readNames(reader: SectionReader, end: number, into: Map<number, string>): void {
  while (reader.at < end) {
    const id = reader.byte();
    const next = reader.unsigned() + reader.at;
    if (id === FUNCTION_NAMES)
      for (let left = reader.unsigned(); left > 0; left--) into.set(reader.unsigned(), reader.text());
    reader.at = next;
  }
}
