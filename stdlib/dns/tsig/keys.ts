/** Keys that this server shares with others: RFC 8945. */
import { Bytes } from "../../core/bytes";
import { Hmac } from "../../core/hash/hmac";
import { BytesSlot } from "../../core/slots/text";
import { NO_KEY } from "../server/asker";

@final
export class Key {
  constructor(
    /** Of the key and of its algorithm, in wire form and small letters. */
    public name: Bytes,
    public algorithm: Bytes,
    public code: Hmac,
    /** For a stream of answers, between which others are asked. */
    public running: Hmac,
    public secret: BytesSlot,
  ) {}

  /** Bytes of a message authentication code. */
  get size(): u32 {
    return this.code.hash.size;
  }

  /** Bytes of its record: RFC 8945 4.2. */
  get record(): u32 {
    return this.name.length + 10 + this.algorithm.length + 16 + this.size + 6;
  }
}

let keys: StaticArray<Key> = [];

/** In `prepare`. */
export function set(made: Array<Key>): void {
  keys = StaticArray.fromArray(made);
}

export function keyOf(number: i32): Key {
  return keys[number];
}

/** The number of the key with this name and algorithm; NO_KEY: there is none. */
export function find(name: Bytes, length: u32, algorithm: Bytes, algorithmLength: u32): i32 {
  for (let n = 0; n < keys.length; n++) {
    const key = keys[n];
    if (isName(key.name, name, length) && isName(key.algorithm, algorithm, algorithmLength)) return n;
  }
  return NO_KEY;
}

function isName(known: Bytes, name: Bytes, length: u32): bool {
  return known.length == length && known.equals(0, name, 0, length);
}
