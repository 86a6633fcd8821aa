/** A byte buffer that grows while zones are read. Used by `prepare` only: what lives on is copied out at its exact size. */
@final
export class Growing {
  bytes: StaticArray<u8>;
  length: i32 = 0;

  constructor(capacity: i32 = 64) {
    this.bytes = new StaticArray<u8>(capacity);
  }

  private reserve(more: i32): void {
    const wanted = this.length + more;
    if (wanted <= this.bytes.length) return;
    const larger = new StaticArray<u8>(max(wanted, this.bytes.length * 2));
    copy(larger, 0, this.bytes, 0, this.length);
    this.bytes = larger;
  }

  u8(value: i32): void {
    this.reserve(1);
    this.bytes[this.length++] = <u8>value;
  }

  /** Big-endian, as on the wire. */
  be16(value: i32): void {
    this.u8(value >> 8);
    this.u8(value);
  }

  be32(value: u32): void {
    this.be16(<i32>(value >> 16));
    this.be16(<i32>(value & 0xffff));
  }

  /** Little-endian, as the tables of the server are read. */
  le16(value: i32): void {
    this.u8(value);
    this.u8(value >> 8);
  }

  le32(value: u32): void {
    this.le16(<i32>(value & 0xffff));
    this.le16(<i32>(value >> 16));
  }

  append(from: StaticArray<u8>, offset: i32, count: i32): void {
    this.reserve(count);
    copy(this.bytes, this.length, from, offset, count);
    this.length += count;
  }

  /** The low 8 bits of each character. */
  ascii(text: string): void {
    for (let i = 0; i < text.length; i++) this.u8(text.charCodeAt(i));
  }

  /** Zero bytes up to a multiple of `unit`. */
  align(unit: i32): void {
    while (this.length % unit != 0) this.u8(0);
  }

  setBe16(offset: i32, value: i32): void {
    this.bytes[offset] = <u8>(value >> 8);
    this.bytes[offset + 1] = <u8>value;
  }

  setLe32(offset: i32, value: u32): void {
    for (let i = 0; i < 4; i++) this.bytes[offset + i] = <u8>(value >> (8 * i));
  }

  /** The content at its exact size. */
  exact(): StaticArray<u8> {
    const out = new StaticArray<u8>(this.length);
    copy(out, 0, this.bytes, 0, this.length);
    return out;
  }
}

function copy(to: StaticArray<u8>, at: i32, from: StaticArray<u8>, offset: i32, count: i32): void {
  for (let i = 0; i < count; i++) to[at + i] = from[offset + i];
}
