/** Names in messages, RFC 1035 4.1.4: compared and passed over where they stand. Nothing that a message says leads outside of it, or round in circles. */
import { Bytes } from "../core/bytes";

/** RFC 1035 2.3.4. */
export const NAME_MOST: u32 = 255;
const POINTER: u32 = 0xc0;
/** Of small letters. */
const CASE: u32 = 32;

@final
export class Name {
  readonly bytes: Bytes = new Bytes(new StaticArray<u8>(<i32>NAME_MOST), 0, NAME_MOST);
  /** With the zero at its end. */
  length: u32 = 0;

  clear(): void {
    this.length = 0;
  }

  /** One more label, which finds room: names are made of ours alone. */
  label(from: Bytes, at: u32, count: u32): void {
    this.bytes.setU8(this.length, count);
    this.bytes.copy(this.length + 1, from, at, count);
    this.length += 1 + count;
  }

  /** The labels of another name behind it, and its end. */
  append(other: Name): void {
    this.bytes.copy(this.length, other.bytes, 0, other.length);
    this.length += other.length;
  }

  /** In `prepare`: `_http._tcp.local`. */
  static of(text: string): Name {
    const name = new Name();
    const labels = text.split(".");
    for (let n = 0; n < labels.length; n++) {
      const bytes = utf8(labels[n]);
      name.label(bytes, 0, bytes.length);
    }
    name.bytes.setU8(name.length, 0);
    name.length += 1;
    return name;
  }
}

/** In `prepare`. */
export function utf8(text: string): Bytes {
  const all = Uint8Array.wrap(String.UTF8.encode(text));
  const bytes = new StaticArray<u8>(all.length);
  for (let n = 0; n < all.length; n++) bytes[n] = all[n];
  return new Bytes(bytes, 0, <u32>bytes.length);
}

/** What stands behind the name at `at`; 0 if it has no end in the message. */
export function behind(message: Bytes, at: u32): u32 {
  let place = at;
  while (message.has(place, 1)) {
    const size = message.u8(place);
    if (size == 0) return place + 1;
    if (size >= POINTER) return message.has(place, 2) ? place + 2 : 0;
    if (size > 63 || place - at > NAME_MOST) return 0;
    place += 1 + size;
  }
  return 0;
}

/** Is the name at `at` the one that stands at `from` in another place? Letters have no case: RFC 6762 16. */
export function same(message: Bytes, at: u32, name: Bytes, from: u32): bool {
  let place = at;
  let other = from;
  // A pointer leads to what comes before it.
  let limit = at;
  while (message.has(place, 1)) {
    const size = message.u8(place);
    if (size >= POINTER) {
      if (!message.has(place, 2)) return false;
      const to = message.be16(place) & 0x3fff;
      if (to >= limit) return false;
      limit = to;
      place = to;
      continue;
    }
    if (size > 63 || size != name.u8(other) || !message.has(place, 1 + size)) return false;
    if (size == 0) return true;
    for (let n: u32 = 1; n <= size; n++)
      if (small(message.u8(place + n)) != small(name.u8(other + n))) return false;
    place += 1 + size;
    other += 1 + size;
  }
  return false;
}

function small(letter: u32): u32 {
  return letter >= 65 && letter <= 90 ? letter | CASE : letter;
}
