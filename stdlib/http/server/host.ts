/** Names of hosts in requests. */
import { Bytes } from "../../core/bytes";
import { Request } from "../request/request";

/** Is the request for this name, which is in small letters? A last point says only that the name is whole. */
export function sameHost(request: Request, name: Bytes): bool {
  const bytes = request.bytes;
  const at = request.hostAt;
  let length = request.hostLength;
  if (length > 1 && bytes.u8(at + length - 1) == 46) length -= 1;
  if (length != name.length) return false;
  for (let n: u32 = 0; n < length; n++) {
    const c = bytes.u8(at + n);
    if ((c >= 65 && c <= 90 ? c + 32 : c) != name.u8(n)) return false;
  }
  return true;
}
