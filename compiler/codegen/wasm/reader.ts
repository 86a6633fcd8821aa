import { WasmError } from "./error.ts";

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Reads the binary format's primitives (core specification 5.2) within [at, end); anything else is a WasmError. */
export class Reader {
  readonly bytes: Uint8Array;
  /** Offset of the next byte in the module. */
  at: number;
  readonly end: number;

  constructor(bytes: Uint8Array, at = 0, end: number = bytes.length) {
    this.bytes = bytes;
    this.at = at;
    this.end = end;
  }

  get done(): boolean {
    return this.at >= this.end;
  }

  fail(what: string, offset: number = this.at): never {
    throw new WasmError("malformed", offset, what);
  }

  byte(): number {
    if (this.at >= this.end) this.fail("unexpected end");
    return this.bytes[this.at++]!;
  }

  peek(): number {
    return this.at < this.end ? this.bytes[this.at]! : -1;
  }

  slice(length: number): Uint8Array {
    if (length > this.end - this.at) this.fail("length out of bounds");
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  /** A reader of the next `length` bytes, which are skipped here. */
  part(length: number): Reader {
    if (length > this.end - this.at) this.fail("length out of bounds");
    this.at += length;
    return new Reader(this.bytes, this.at - length, this.at);
  }

  u32(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      if (shift === 28 && (byte & 0xf0) !== 0)
        this.fail(byte & 0x80 ? "integer representation too long" : "integer too large", this.at - 1);
      value |= (byte & 0x7f) << shift;
      if ((byte & 0x80) === 0) return value >>> 0;
    }
  }

  /** Signed LEB128 of at most 32 bits. */
  s32(): number {
    return Number(this.#signed(32));
  }
  /** Signed LEB128 of 33 bits: block types (5.3.5). */
  s33(): number {
    return Number(this.#signed(33));
  }
  s64(): bigint {
    return this.#signed(64);
  }

  f32(): bigint {
    return this.#little(4);
  }
  f64(): bigint {
    return this.#little(8);
  }

  name(): string {
    const start = this.at;
    const bytes = this.slice(this.u32());
    try {
      return utf8.decode(bytes);
    } catch {
      return this.fail("malformed UTF-8 encoding", start);
    }
  }

  /** A count, then that many items. */
  list<T>(item: () => T): T[] {
    const start = this.at;
    const count = this.u32();
    // Every item takes a byte at least; a greater count would only make us allocate.
    if (count > this.end - this.at) this.fail("length out of bounds", start);
    const items: T[] = [];
    for (let index = 0; index < count; index++) items.push(item());
    return items;
  }

  #little(length: number): bigint {
    let value = 0n;
    this.slice(length).forEach((byte, index) => {
      value |= BigInt(byte) << BigInt(8 * index);
    });
    return value;
  }

  #signed(bits: number): bigint {
    let low = 0; // the first 28 bits as a number: most constants are short
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.byte();
      low |= (byte & 0x7f) << shift;
      if ((byte & 0x80) === 0) return BigInt((low << (25 - shift)) >> (25 - shift));
    }
    let value = BigInt(low);
    for (let shift = 28; ; shift += 7) {
      const byte = this.byte();
      const left = bits - shift;
      if (left < 7) this.#checkLast(byte, left);
      value |= BigInt(byte & 0x7f) << BigInt(shift);
      if ((byte & 0x80) === 0) return BigInt.asIntN(Math.min(shift + 7, bits), value);
    }
  }

  /** The last byte of the longest form has `left` bits of value; the other bits must repeat the sign. */
  #checkLast(byte: number, left: number): void {
    if (byte & 0x80) this.fail("integer representation too long", this.at - 1);
    const top = byte >> (left - 1);
    if (top !== 0 && top !== 0x7f >> (left - 1)) this.fail("integer too large", this.at - 1);
  }
}
