/** The static objects of a module. WebAssembly core specification 5.5.14: data section, active segments in memory 0. */

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
  const reader = new Reader(wasm, 8);
  while (reader.at < wasm.length) {
    const id = reader.byte();
    const end = reader.unsigned() + reader.at;
    if (id === DATA) return segmentsOf(reader).toSorted((a, b) => a.offset - b.offset);
    reader.at = end;
  }
  return [];
}

function segmentsOf(reader: Reader): DataSegment[] {
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

class Reader {
  readonly bytes: Uint8Array;
  at: number;

  constructor(bytes: Uint8Array, at: number) {
    this.bytes = bytes;
    this.at = at;
  }

  byte(): number {
    return this.bytes[this.at++]!;
  }

  /** LEB128 of at most 32 bits. */
  unsigned(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value += (byte & 0x7f) * 2 ** shift;
      if ((byte & 0x80) === 0) return value;
    }
  }

  signed(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value |= shift < 32 ? (byte & 0x7f) << shift : 0;
      if ((byte & 0x80) !== 0) continue;
      return shift + 7 < 32 && (byte & 0x40) !== 0 ? value | (-1 << (shift + 7)) : value;
    }
  }
}
