/**
 * The options of a message, RFC 2131 4.1: in their field, and in those of the file and the server's name if option 52 says so. An option may come in pieces
 * that belong together, RFC 3396.
 */
import { Bytes } from "../../core/bytes";
import { Field, Option } from "./message";

/** The longest option, put together. */
const MOST: u32 = 512;
const IN_FILE: u32 = 1;
const IN_SERVER_NAME: u32 = 2;
/** There is no such option, or it is longer than any should be. */
export const NONE: u32 = u32.MAX_VALUE;

@final
export class Options {
  /** What `gather` has found. */
  content: Bytes = new Bytes(new StaticArray<u8>(<i32>MOST), 0, MOST);
  private overload: u32 = 0;

  /** False if they are malformed: an option is longer than what is left, or the fields that hold options are none. */
  open(message: Bytes): bool {
    this.overload = 0;
    if (!isWhole(message, Field.options, message.length)) return false;
    const length = this.gather(message, Option.overload);
    if (length == NONE) return true;
    const overload = length == 1 ? this.content.u8(0) : 0;
    if (overload == 0 || overload > (IN_FILE | IN_SERVER_NAME)) return false;
    this.overload = overload;
    if (!isWhole(message, Field.file, Field.cookie) && (overload & IN_FILE) != 0) return false;
    return (overload & IN_SERVER_NAME) == 0 || isWhole(message, Field.serverName, Field.file);
  }

  /** Puts all pieces of an option into `content`, and gives their length. */
  gather(message: Bytes, code: u32): u32 {
    let length = this.add(message, Field.options, message.length, code, NONE);
    if ((this.overload & IN_FILE) != 0) length = this.add(message, Field.file, Field.cookie, code, length);
    if ((this.overload & IN_SERVER_NAME) != 0)
      length = this.add(message, Field.serverName, Field.file, code, length);
    return length > MOST ? NONE : length;
  }

  /** An option that is one number of four bytes; 0 if it is not there, or is something else. */
  number(message: Bytes, code: u32): u32 {
    return this.gather(message, code) == 4 ? this.content.be32(0) : 0;
  }

  /** Of one field; what has been found before is `length` long. Longer than MOST is found, and not kept. */
  private add(message: Bytes, from: u32, to: u32, code: u32, length: u32): u32 {
    let found = length;
    for (let at = from; at < to; ) {
      const each = message.u8(at);
      if (each == Option.end) break;
      if (each == Option.pad) {
        at += 1;
        continue;
      }
      const size = message.u8(at + 1);
      if (each == code) {
        const before: u32 = found == NONE ? 0 : found;
        if (before + size <= MOST) this.content.copy(before, message, at + 2, size);
        found = min(before + size, MOST + 1);
      }
      at += 2 + size;
    }
    return found;
  }
}

/** Is each option all in the field? That it ends with option 255 is not asked for: the field's end is an end. */
function isWhole(message: Bytes, from: u32, to: u32): bool {
  let at = from;
  while (at < to) {
    const code = message.u8(at);
    if (code == Option.end) return true;
    if (code == Option.pad) at += 1;
    else if (at + 1 < to) at += 2 + message.u8(at + 1);
    else return false;
  }
  return at == to;
}
