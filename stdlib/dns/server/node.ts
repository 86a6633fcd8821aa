/** Nodes of a table, as far as more than one part of the server looks into them (`layout.ts`). */
import { NODE_NAME, NODE_SETS, NODE_ZONE } from "../layout";
import { records } from "../tables";
import { ANY } from "../types";

/** The apex of a zone. */
export function apexOf(zone: u32): u32 {
  return records.le32(zone);
}

export function zoneOf(node: u32): u32 {
  return records.le32(node + NODE_ZONE);
}

/** Length of the name of a node. */
export function lengthOf(node: u32): u32 {
  return records.le16(node);
}

/** The entry of a node's set of this type, or 0; its first for ANY (RFC 8482 4.1). `length` is that of its name. */
export function setOf(node: u32, length: u32, type: u32): u64 {
  let at = node + NODE_NAME + ((length + 7) & ~7);
  for (let left = records.le32(node + NODE_SETS); left > 0; left--) {
    const set = records.le64(at);
    if ((<u32>set & 0xffff) == type || type == ANY) return set;
    at += 8;
  }
  return 0;
}
