/** The static objects of a module. WebAssembly core specification 5.5.14: data section, active segments in memory 0. */
import { SectionReader } from "./section-reader.ts";

export interface DataSegment {
  readonly offset: number;
  readonly size: number;
  /** The first four bytes as a number. */
  readonly first: number;
}

const DATA = 11;
const I32_CONST = 0x41;

/** In ascending order. */
export function dataSegments(wasm: Uint8Array): DataSegment[] {
  const reader = new SectionReader(wasm);
  while (reader.at < wasm.length) {
    const id = reader.byte();
    const end = reader.unsigned() + reader.at;
    if (id === DATA) return segmentsOf(reader).toSorted((a, b) => a.offset - b.offset);
    reader.at = end;
  }
  return [];
}

function segmentsOf(reader: SectionReader): DataSegment[] {
  return Array.from({ length: reader.unsigned() }, () => {
    const mode = reader.unsigned();
    const code = reader.byte();
    if (mode !== 0 || code !== I32_CONST) throw new Error("BUG: a data segment without a constant address");
    const offset = reader.signed() >>> 0;
    reader.byte();
    const size = reader.unsigned();
    const bytes = reader.bytes.subarray(reader.at, reader.at + size);
    reader.at += size;
    return { offset, size, first: bytes.slice(0, 4).reduceRight((sum, byte) => sum * 256 + byte, 0) };
  });
}
