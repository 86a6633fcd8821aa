/** Names and sizes of the functions of a WebAssembly module. Core specification 5.5.13 (code section) and 7.4.1 (function names). */
import type { SizedFunction } from "./sizes.ts";

const section = { custom: 0, import: 2, code: 10 } as const;
const FUNCTION_NAMES = 1;
const FUNCTION_IMPORT = 0;

export function wasmFunctions(wasm: Uint8Array): SizedFunction[] {
  const names = new Map<number, string>();
  let bodies: number[] = [];
  let imported = 0;
  const reader = new Reader(wasm);
  for (reader.at = 8; reader.at < wasm.length; ) {
    const id = reader.byte();
    const end = reader.unsigned() + reader.at;
    if (id === section.import) imported = countImports(reader);
    else if (id === section.code) bodies = sizesOfBodies(reader);
    else if (id === section.custom && reader.text() === "name") readNames(reader, end, names);
    reader.at = end;
  }
  return bodies.map((bytes, n) => ({ name: names.get(imported + n) ?? `function ${imported + n}`, bytes }));
}

/** Only functions are imported by what we make. */
function countImports(reader: Reader): number {
  const count = reader.unsigned();
  for (let n = 0; n < count; n++) {
    reader.text();
    reader.text();
    if (reader.byte() !== FUNCTION_IMPORT) throw new Error("BUG: an import that is no function");
    reader.unsigned();
  }
  return count;
}

function sizesOfBodies(reader: Reader): number[] {
  return Array.from({ length: reader.unsigned() }, () => {
    const start = reader.at;
    const size = reader.unsigned();
    reader.at += size;
    return reader.at - start;
  });
}

function readNames(reader: Reader, end: number, into: Map<number, string>): void {
  while (reader.at < end) {
    const id = reader.byte();
    const next = reader.unsigned() + reader.at;
    if (id === FUNCTION_NAMES)
      for (let left = reader.unsigned(); left > 0; left--) into.set(reader.unsigned(), reader.text());
    reader.at = next;
  }
}

class Reader {
  readonly #bytes: Uint8Array;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  byte(): number {
    return this.#bytes[this.at++]!;
  }

  unsigned(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if ((byte & 0x80) === 0) return value;
    }
  }

  text(): string {
    const length = this.unsigned();
    this.at += length;
    return new TextDecoder().decode(this.#bytes.subarray(this.at - length, this.at));
  }
}
