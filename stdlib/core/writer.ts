/** Puts texts together in one buffer. What finds no room is left out, and said. */
import { Bytes } from "./bytes";

@final
export class Writer {
  /** Bytes that are there. */
  length: u32 = 0;
  /** Something has found no room. */
  isFull: bool = false;

  constructor(readonly bytes: Bytes) {}

  begin(): void {
    this.length = 0;
    this.isFull = false;
  }

  character(code: u32): void {
    if (this.length >= this.bytes.length) {
      this.isFull = true;
      return;
    }
    this.bytes.setU8(this.length, code);
    this.length += 1;
  }

  /** The low 8 bits of each character: texts of the standard library are ASCII. */
  text(value: string): void {
    for (let n = 0; n < value.length; n++) this.character(<u32>value.charCodeAt(n));
  }

  put(from: Bytes, offset: u32, count: u32): void {
    if (this.bytes.length - this.length < count) {
      this.isFull = true;
      return;
    }
    this.bytes.copy(this.length, from, offset, count);
    this.length += count;
  }

  number(value: u64): void {
    let unit: u64 = 1;
    while (value / unit >= 10) unit *= 10;
    while (unit > 0) {
      this.character(48 + <u32>((value / unit) % 10));
      unit /= 10;
    }
  }

  /** So many decimal digits. */
  digits(value: u64, count: i32): void {
    let unit: u64 = 1;
    for (let n = 1; n < count; n++) unit *= 10;
    while (unit > 0) {
      this.character(48 + <u32>((value / unit) % 10));
      unit /= 10;
    }
  }
}
