/** Message authentication with a hash: RFC 2104. */
import { Bytes } from "../bytes";
import { Digest } from "./digest";

const INNER: u32 = 0x36;
const OUTER: u32 = 0x5c;
/** The largest block and the largest result of a hash. */
const MOST: u32 = 128;
const RESULT: u32 = 64;

/** One at a time for each hash: `begin`, what is to be authenticated in parts, `finish`. */
@final
export class Hmac {
  private readonly key: Bytes = new Bytes(new StaticArray<u8>(0), 0, 0);
  private readonly pad: Bytes = new Bytes(new StaticArray<u8>(<i32>MOST), 0, MOST);
  private readonly inner: Bytes = new Bytes(new StaticArray<u8>(<i32>RESULT), 0, RESULT);

  constructor(readonly hash: Digest) {}

  /** Of a key that is no longer than a block of the hash. */
  begin(key: Bytes): void {
    assert(key.length <= this.hash.block);
    this.key.window(key, 0, key.length);
    this.open(INNER);
  }

  private open(mask: u32): void {
    const size = this.hash.block;
    const pad = this.pad;
    pad.fill(0, size, mask);
    for (let n: u32 = 0; n < this.key.length; n++) pad.setU8(n, this.key.u8(n) ^ mask);
    this.hash.begin();
    this.hash.update(pad, 0, size);
    pad.fill(0, size, 0);
  }

  update(bytes: Bytes, from: u32, count: u32): void {
    this.hash.update(bytes, from, count);
  }

  /** Writes as many bytes as the hash has. */
  finish(out: Bytes, at: u32): void {
    const size = this.hash.size;
    this.hash.finish(this.inner, 0);
    this.open(OUTER);
    this.hash.update(this.inner, 0, size);
    this.hash.finish(out, at);
  }
}

/** Do `count` bytes agree? Takes as long whether they do or not. */
export function isSame(a: Bytes, atA: u32, b: Bytes, atB: u32, count: u32): bool {
  let different: u32 = 0;
  for (let n: u32 = 0; n < count; n++) different |= a.u8(atA + n) ^ b.u8(atB + n);
  return different == 0;
}
