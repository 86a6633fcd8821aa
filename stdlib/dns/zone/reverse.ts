import { Ip, Prefix } from "../../core/values";
import { Growing } from "./growing";
import { Name, OK } from "./name";

/** The name in `in-addr.arpa` or `ip6.arpa` that stands for the first `length` bits of an address. RFC 1035 3.5, RFC 3596 2.5. */
export function reverseName(ip: Ip, length: i32, out: Name): void {
  const text = new Growing(80);
  const four = ip.family == 4;
  const step = four ? 8 : 4;
  for (let bit = length - step; bit >= 0; bit -= step) {
    const byte = <i32>ip.bytes[bit >> 3];
    if (four) text.ascii(byte.toString());
    else text.ascii((bit % 8 == 0 ? byte >> 4 : byte & 15).toString(16));
    text.u8(0x2e);
  }
  text.ascii(four ? "in-addr.arpa." : "ip6.arpa.");
  assert(out.parse(text.bytes, 0, text.length, null) == OK);
}

/** Whether a prefix ends between two labels of its reverse name. */
export function isReversible(prefix: Prefix): bool {
  return <i32>prefix.length % (prefix.ip.family == 4 ? 8 : 4) == 0;
}
