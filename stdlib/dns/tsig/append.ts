/** Writes TSIG records: RFC 8945 4.2. */
import { Bytes } from "../../core/bytes";
import { CLASS_ANY, TSIG } from "../types";

/** RFC 8945 10: five minutes. */
export const FUDGE: u32 = 300;

/** Where the code of the record is that was written. */
export let macAt: u32 = 0;

/**
 * Writes the record behind `end` bytes of a message, with room for a code of `size` bytes, and counts it in the header. Gives the length of the
 * message then. `other`: none, or the time as 6 bytes.
 */
export function append(
  message: Bytes,
  end: u32,
  name: Bytes,
  nameLength: u32,
  algorithm: Bytes,
  algorithmLength: u32,
  time: u64,
  size: u32,
  id: u32,
  error: u32,
  other: u64,
): u32 {
  let at = end;
  message.copy(at, name, 0, nameLength);
  at += nameLength;
  message.setBe32(at, (TSIG << 16) | CLASS_ANY);
  message.setBe32(at + 4, 0);
  const otherSize: u32 = other == 0 ? 0 : 6;
  message.setBe16(at + 8, algorithmLength + 16 + size + otherSize);
  at += 10;
  message.copy(at, algorithm, 0, algorithmLength);
  at += algorithmLength;
  message.setBe48(at, time);
  message.setBe16(at + 6, FUDGE);
  message.setBe16(at + 8, size);
  macAt = at + 10;
  at = macAt + size;
  message.setBe16(at, id);
  message.setBe16(at + 2, error);
  message.setBe16(at + 4, otherSize);
  if (other != 0) message.setBe48(at + 6, other);
  message.setBe16(10, message.be16(10) + 1);
  return at + 6 + otherSize;
}
