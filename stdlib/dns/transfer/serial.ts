/** Serial numbers of zones. */
import { Bytes } from "../../core/bytes";
import * as layout from "../layout";
import { afterName } from "../server/names";
import { apexOf, lengthOf, setOf } from "../server/node";
import { records } from "../tables";
import { SOA } from "../types";

/** The last five numbers of a SOA are of a fixed length; its serial is the first of them. RFC 1035 3.3.13. */
export const NUMBERS: u32 = 20;

/** The serial number of a zone. */
export function serialOf(zone: u32): u32 {
  const apex = apexOf(zone);
  const block = <u32>(setOf(apex, lengthOf(apex), SOA) >> 32);
  return records.be32(block + layout.BLOCK_WIRE + records.le16(block) - NUMBERS);
}

/** Is `serial` later than `other`? RFC 1982 3.2. */
export function isLater(serial: u32, other: u32): bool {
  return <i32>(serial - other) > 0;
}

/** What `readSerial` has read. */
export let serial: u32 = 0;

/** The serial number in the SOA record that begins at `at` of a message; false if it is none, or not all there. */
export function readSerial(message: Bytes, at: u32): bool {
  const record = afterName(message, at);
  if (record == 0 || !message.has(record, 10) || message.be16(record) != SOA) return false;
  const end = record + 10 + message.be16(record + 8);
  const mname = afterName(message, record + 10);
  const numbers = mname == 0 ? 0 : afterName(message, mname);
  if (numbers == 0 || numbers + NUMBERS != end || !message.has(numbers, NUMBERS)) return false;
  serial = message.be32(numbers);
  return true;
}
