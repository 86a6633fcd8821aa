/** Copies of zones for other servers: RFC 5936, and RFC 1995 as far as a server that has one version of a zone can. */
import * as layout from "../layout";
import { course } from "../server/course";
import { apexOf, lengthOf, setOf } from "../server/node";
import * as out from "../server/reply";
import { memberAt, membersOf, records } from "../tables";
import { SOA } from "../types";

/**
 * A message of a transfer is as long as compression pointers reach; one set that is longer has a message of its own, in which it is
 * compressed within its first part.
 */
const USUAL: u32 = 16000;

/** Records of the message that was written. */
export let count: u32 = 0;

/** Writes the SOA alone, and gives the end of the message: there is nothing later (RFC 1995 2 and 4). */
export function putSoa(zone: u32): u32 {
  const apex = apexOf(zone);
  count = 0;
  put(setOf(apex, lengthOf(apex), SOA), apex, lengthOf(apex), layout.HEADER);
  return out.at;
}

/**
 * Writes the next message behind the question: the SOA, all other sets, the SOA again (RFC 5936 2.2). Where it begins is in `course`: in the upper
 * part one more than the number of a node among those of the zone, in the lower that of a set.
 */
export function putNext(zone: u32): void {
  const from = course().from;
  const end = membersOf(zone);
  const apex = apexOf(zone);
  const apexLength = lengthOf(apex);
  const soa = setOf(apex, apexLength, SOA);
  count = 0;
  course().rest = 0;
  if (from == 0) put(soa, apex, apexLength, layout.HEADER);
  let set = <u32>from & 0xffff;
  for (let each: u32 = from == 0 ? 0 : <u32>(from >> 16) - 1; each < end; each++) {
    const node = memberAt(zone, each);
    const length = lengthOf(node);
    const list = node + layout.NODE_NAME + ((length + 7) & ~7);
    const sets = records.le32(node + layout.NODE_SETS);
    let owner: u32 = node == apex ? layout.HEADER : 0;
    for (; set < sets; set++) {
      const entry = records.le64(list + 8 * set);
      if (node == apex && (<u32>entry & 0xffff) == SOA) continue;
      if (isFull(entry, length)) {
        course().rest = ((<u64>each + 1) << 16) | <u64>set;
        return;
      }
      owner = put(entry, node, apexLength, owner);
    }
    set = 0;
  }
  if (isFull(soa, apexLength)) course().rest = (<u64>end + 1) << 16;
  else put(soa, apex, apexLength, layout.HEADER);
}

/** Is there something in the message already that leaves no room for this set? */
function isFull(set: u64, length: u32): bool {
  return count > 0 && out.at + length + records.le16(<u32>(set >> 32)) > USUAL;
}

function put(set: u64, node: u32, apexLength: u32, owner: u32): u32 {
  const block = <u32>(set >> 32);
  count += records.le16(block + layout.BLOCK_RECORDS);
  return out.putOwned(block, node, apexLength, owner);
}
