/** IP options, RFC 791 3.1: skipped, but for source routes, which nobody honest uses (RFC 7126 4.3, 4.4). */
import { Bytes } from "../../core/bytes";
import { IP, IP_HEADER } from "../datagrams";

const END: u32 = 0;
const NO_OPERATION: u32 = 1;
const LOOSE_ROUTE: u32 = 131;
const STRICT_ROUTE: u32 = 137;

/** True also for a list that does not parse: such a packet is as little wanted. */
export function isSourceRouted(bytes: Bytes, headerLength: u32): bool {
  let at = IP + IP_HEADER;
  const end = IP + headerLength;
  while (at < end) {
    const kind = bytes.u8(at);
    if (kind == END) return false;
    if (kind == NO_OPERATION) {
      at += 1;
      continue;
    }
    if (kind == LOOSE_ROUTE || kind == STRICT_ROUTE || at + 1 >= end) return true;
    const length = bytes.u8(at + 1);
    if (length < 2 || at + length > end) return true;
    at += length;
  }
  return false;
}
