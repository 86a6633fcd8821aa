/** Literals in the one form in which the formatter writes them; the value is the same. */

import { StringToken, type Token } from "../syntax/tokens.ts";
import { formatIp, parseIp6 } from "../values/ip.ts";

/** IPv6 addresses as RFC 5952 wants them, hardware addresses in lower case; all others as they were written. */
export function canonical(kind: string, raw: string): string {
  switch (kind) {
    case "ip6":
      return address(raw);
    case "prefix": {
      const slash = raw.indexOf("/");
      return address(raw.slice(0, slash)) + raw.slice(slash);
    }
    case "socket": {
      const inner = /^\[([^\]]*)\](:\d+)$/.exec(raw);
      return inner ? `[${address(inner[1]!)}]${inner[2]}` : raw;
    }
    case "mac":
      return raw.toLowerCase();
    default:
      return raw;
  }
}

/** What is no address stays as it is: its faults are the checker's. */
function address(raw: string): string {
  if (!raw.includes(":")) return raw;
  const read = parseIp6(raw);
  return read.ok ? formatIp(read.value) : raw;
}

/** The label of a literal's token is the kind of its node. */
export const imageOf = (token: Token): string =>
  token.tokenType === StringToken ? token.image : canonical(token.tokenType.LABEL ?? "", token.image);
