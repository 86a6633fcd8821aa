/** Texts, names, and bytes that are written as texts. */
import { Bytes } from "../bytes";
import { characters } from "./conditions";
import { Declared, Slot } from "./slot";

@final
export class TextSlot extends Slot {
  /** The value. */
  readonly bytes: Bytes;
  private readonly room: Bytes;

  /** Of `most` bytes; `lower`: a name, whose letters become small ones. */
  constructor(
    declared: Declared,
    most: u32,
    private readonly lower: bool,
  ) {
    super(declared);
    const memory = new StaticArray<u8>(<i32>most);
    this.room = new Bytes(memory, 0, most);
    this.bytes = new Bytes(memory, 0, 0);
  }

  take(text: Bytes): bool {
    const count = characters(text);
    if (count < 0 || text.length > this.room.length || !this.allows(0, count, text)) return false;
    for (let n: u32 = 0; n < text.length; n++) {
      const letter = text.u8(n);
      this.room.setU8(n, this.lower && letter >= 65 && letter <= 90 ? letter + 32 : letter);
    }
    this.bytes.window(this.room, 0, text.length);
    return true;
  }
}

@final
export class BytesSlot extends Slot {
  /** The value. */
  readonly bytes: Bytes;
  private readonly room: Bytes;

  constructor(declared: Declared, most: u32) {
    super(declared);
    const memory = new StaticArray<u8>(<i32>most);
    this.room = new Bytes(memory, 0, most);
    this.bytes = new Bytes(memory, 0, 0);
  }

  take(text: Bytes): bool {
    const length = isHexadecimal(text) ? fromHexadecimal(text, this.room) : fromBase64(text, this.room);
    if (length < 0 || !this.allows(0, length, text)) {
      this.room.fill(0, this.room.length, 0);
      return false;
    }
    this.bytes.window(this.room, 0, <u32>length);
    return true;
  }
}

/** `hex:` */
function isHexadecimal(text: Bytes): bool {
  return text.has(0, 4) && text.be32(0) == 0x6865_783a;
}

/** The number of bytes, -1 when it is not hexadecimal or there is no room. */
function fromHexadecimal(text: Bytes, to: Bytes): i64 {
  const digits = text.length - 4;
  if ((digits & 1) != 0 || digits / 2 > to.length) return -1;
  for (let n: u32 = 0; n < digits / 2; n++) {
    const high = digitOf(text.u8(4 + 2 * n));
    const low = digitOf(text.u8(5 + 2 * n));
    if (high > 15 || low > 15) return -1;
    to.setU8(n, (high << 4) | low);
  }
  return digits / 2;
}

function digitOf(letter: u32): u32 {
  if (letter >= 48 && letter <= 57) return letter - 48;
  const small = letter | 32;
  return small >= 97 && small <= 102 ? small - 87 : 255;
}

/** RFC 4648 4, with its padding, and lines as `base64` ends them. Bits that mean nothing are zero. */
function fromBase64(text: Bytes, to: Bytes): i64 {
  let length: u32 = 0;
  let bits: u32 = 0;
  let count: u32 = 0;
  let padding: u32 = 0;
  for (let n: u32 = 0; n < text.length; n++) {
    const letter = text.u8(n);
    if (letter == 10 || letter == 13) continue;
    if (letter == 61) {
      padding++;
      continue;
    }
    const value = sextetOf(letter);
    if (value > 63 || padding > 0) return -1;
    bits = (bits << 6) | value;
    count++;
    if ((count & 3) == 1) continue;
    if (length == to.length) return -1;
    const left = 6 - 2 * ((count - 1) & 3);
    to.setU8(length++, (bits >> left) & 255);
  }
  const rest = count & 3;
  if (rest == 1 || padding != ((4 - rest) & 3)) return -1;
  const unused = rest == 2 ? bits & 15 : rest == 3 ? bits & 3 : 0;
  return unused == 0 ? length : -1;
}

function sextetOf(letter: u32): u32 {
  if (letter >= 65 && letter <= 90) return letter - 65;
  if (letter >= 97 && letter <= 122) return letter - 71;
  if (letter >= 48 && letter <= 57) return letter + 4;
  return letter == 43 ? 62 : letter == 47 ? 63 : 255;
}
