/** Texts that are put together while the image is built. */
import { Bytes } from "../../core/bytes";

@final
export class Text {
  private bytes: u8[] = [];

  add(text: string): Text {
    const encoded = Uint8Array.wrap(String.UTF8.encode(text));
    for (let n = 0; n < encoded.length; n++) this.bytes.push(encoded[n]);
    return this;
  }

  byte(value: u32): void {
    this.bytes.push(<u8>value);
  }

  get length(): u32 {
    return <u32>this.bytes.length;
  }

  /** What there is so far. */
  all(): Bytes {
    const copy = StaticArray.fromArray(this.bytes);
    return new Bytes(copy, 0, <u32>copy.length);
  }
}

export function bytesOf(text: string): Bytes {
  return new Text().add(text).all();
}
