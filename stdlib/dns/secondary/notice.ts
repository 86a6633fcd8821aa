/** Being told that a zone has changed: RFC 1996 3.7, 3.10. */
import { Bytes } from "../../core/bytes";
import { AFTER_NAME, HEADER } from "../layout";
import { FORMERR, NOERROR, NOTAUTH, REFUSED } from "../server/codes";
import { afterName, NAME_LIMIT } from "../server/names";
import { isLater, readSerial, serial } from "../transfer/serial";
import { CLASS_IN, SOA } from "../types";
import { named } from "./copies";
import { told } from "./keeper";

/** Where the question of the message ends, 0 if it has none. */
export let end: u32 = 0;

/** Takes a message of `size` bytes; gives the code of the answer. */
export function receive(message: Bytes, size: u32): u32 {
  end = 0;
  if (message.be16(4) != 1) return FORMERR;
  const type = afterName(message, HEADER);
  if (type == 0 || type + AFTER_NAME > size || type - HEADER > NAME_LIMIT || isCompressed(message))
    return FORMERR;
  end = type + AFTER_NAME;
  if (message.be32(type) != ((SOA << 16) | CLASS_IN)) return NOTAUTH;
  const copy = named(message, HEADER, type - HEADER);
  if (copy == null) return NOTAUTH;
  // RFC 1996 3.10: from a server of the zone, and signed if it has a key.
  if (!copy.servers.includes()) return REFUSED;
  const isKnown = copy.current != null && !copy.isExpired;
  const isHinted = message.be16(6) == 1 && readSerial(message, end);
  if (!isKnown || !isHinted || isLater(serial, copy.serial)) told(copy);
  return NOERROR;
}

function isCompressed(message: Bytes): bool {
  let at = HEADER;
  for (; message.u8(at) != 0; at += message.u8(at) + 1) if (message.u8(at) > 63) return true;
  return false;
}
