/** IP options, RFC 791 3.1: all are skipped, but for source routes, which nobody honest uses (RFC 7126 4.3, 4.4). */
import { Bytes } from "../../core/bytes";
import { IP, IP_HEADER } from "../datagrams";

const END: u32 = 0;
const NO_OPERATION: u32 = 1;
const LOOSE_ROUTE: u32 = 131;
const STRICT_ROUTE: u32 = 137;

/** What `checkOptions` found, if it is not the offset in the header of an option that does not parse. */
export namespace Options {
  export const fine: u32 = 0;
  export const sourceRoute: u32 = 1;
}

export function checkOptions(bytes: Bytes, headerLength: u32): u32 {
  let at = IP + IP_HEADER;
  const end = IP + headerLength;
  while (at < end) {
    const kind = bytes.u8(at);
    if (kind == END) return Options.fine;
    if (kind == NO_OPERATION) {
      at += 1;
      continue;
    }
    if (kind == LOOSE_ROUTE || kind == STRICT_ROUTE) return Options.sourceRoute;
    if (at + 1 >= end) return at - IP;
    const length = bytes.u8(at + 1);
    if (length < 2 || at + length > end) return at - IP;
    at += length;
  }
  return Options.fine;
}
