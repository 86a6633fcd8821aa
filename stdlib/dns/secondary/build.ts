/** Makes the table of a zone from the records that have come, some names in each turn, while the table before it is still answered from. */
import { Bytes } from "../../core/bytes";
import { hashFolded } from "../../core/fold";
import * as layout from "../layout";
import { Table } from "../tables";
import * as types from "../types";
import { isSingle, write } from "./block";
import { fillHosts } from "./hosts";
import * as incoming from "./incoming";

export namespace Built {
  export const more: i32 = 0;
  export const done: i32 = 1;
  /** It has no room. */
  export const full: i32 = 2;
  /** It is no zone: no SOA or NS, two aliases of one name, a SOA in its middle. */
  export const unsound: i32 = 3;
  /** What was to be taken away was not there: RFC 1995 4. */
  export const astray: i32 = 4;
}

/** Records and nodes that one turn takes. */
const BUDGET: i32 = 256;
const MOST_LABELS: i32 = 128;
const ZONE = layout.FIRST_ZONE;

let table: Table | null = null;
let out: Bytes = incoming.bytes();
let apex: Bytes = out;
let at: u32 = 0;
let hosts: u32 = 0;
let isFilling: bool = false;
let fault: i32 = Built.more;

/** The names from the zone's to the one that was written last: length of the key, and the node. */
let pathKey: StaticArray<u32> = [];
let pathNode: StaticArray<u32> = [];
let depth: i32 = 0;
/** A record of the name that was written last. */
let before: u32 = 0;

/** In `prepare`. */
export function makePath(): void {
  pathKey = new StaticArray<u32>(MOST_LABELS);
  pathNode = new StaticArray<u32>(MOST_LABELS);
}

/** What has come becomes the zone with this name and place in the description. */
export function begin(into: Table, name: Bytes, number: u32): void {
  table = into;
  out = into.bytes;
  apex = name;
  into.clear();
  at = ZONE + layout.ZONE_SIZE;
  isFilling = false;
  hosts = 0;
  depth = 0;
  fault = Built.more;
  if (!out.has(0, at)) {
    fault = Built.full;
    return;
  }
  out.fill(0, at, 0);
  out.setLe32(ZONE + layout.ZONE_NUMBER, number);
  incoming.close();
}

export function step(): i32 {
  const into = table!;
  for (let left = BUDGET; left > 0 && fault == Built.more; ) {
    if (incoming.isEmpty()) break;
    incoming.takeName();
    if (incoming.isAstray) return Built.astray;
    left -= 1 + incoming.found;
    if (incoming.found > 0) addName();
  }
  if (fault != Built.more || !incoming.isEmpty()) return fault;
  into.length = at;
  if (!isFilling) {
    isFilling = true;
    return isZone() ? Built.more : Built.unsound;
  }
  for (let left = BUDGET; left > 0; left--) {
    if (hosts == into.count) return Built.done;
    fillHosts(into, into.members[hosts], apex);
    hosts++;
  }
  return Built.more;
}

function isZone(): bool {
  if (depth == 0) return false;
  const node = out.le32(ZONE);
  return find(node, types.NS) != 0 && out.le32(ZONE + layout.ZONE_NEGATIVE) != 0;
}

/** The block of a node's set; 0: it has none. */
function find(node: u32, type: u32): u32 {
  let entry = node + layout.NODE_NAME + ((out.le16(node) + 7) & ~7);
  for (let left = out.le32(node + layout.NODE_SETS); left > 0; left--) {
    if (out.le16(entry) == type) return out.le32(entry + 4);
    entry += 8;
  }
  return 0;
}

/** Writes the name that was taken out, with the names above it that have nothing of their own (RFC 8020). */
function addName(): void {
  const raw = incoming.bytes();
  const record = incoming.at(0);
  const key = incoming.keyOf(record);
  const size = incoming.keySizeOf(record);
  if (depth == 0) {
    // The zone's own name comes first.
    if (size != 0) {
      fault = Built.unsound;
      return;
    }
    addNode(record, 0, 0);
  } else {
    let level = common(raw, key, size);
    while (level < size) {
      level += raw.u8(key + level) + 1;
      addNode(record, level, level == size ? 0 : 1);
      if (fault != Built.more) return;
    }
  }
  before = record;
}

/** Leaves the names that this one is not below; gives how much of its key it shares with the last. */
function common(raw: Bytes, key: u32, size: u32): u32 {
  const last = incoming.keyOf(before);
  while (depth > 1) {
    const shared = pathKey[depth - 1];
    if (shared <= size && raw.equals(last, raw, key, shared)) break;
    depth--;
  }
  return pathKey[depth - 1];
}

/** The node whose key is the first `level` bytes of the record's; `empty`: 1 if it only stands between others. */
function addNode(record: u32, level: u32, empty: i32): void {
  const into = table!;
  const node = (at + 7) & ~7;
  const length = apex.length + level;
  const sets = empty != 0 ? 0 : countSets();
  const list = node + layout.NODE_NAME + ((length + 7) & ~7);
  if (into.count == <u32>into.members.length || !out.has(node, list - node + 8 * sets)) {
    fault = Built.full;
    return;
  }
  out.fill(at, list - at, 0);
  writeName(incoming.bytes(), incoming.keyOf(record), level, node + layout.NODE_NAME);
  const above = depth == 0 ? 0 : pathNode[depth - 1];
  let kind: u32 = layout.NORMAL;
  let link: u32 = 0;
  if (above != 0 && out.u8(above + 2) == layout.CUT) {
    kind = layout.CUT;
    link = out.le32(above + 4);
  } else if (above != 0 && empty == 0 && has(types.NS)) {
    kind = layout.CUT;
    link = node;
  } else if (empty == 0 && has(types.DNAME)) kind = layout.REDIRECTED;
  out.setLe16(node, length);
  out.setU8(node + 2, kind);
  out.setU8(node + 3, empty == 0 && has(types.CNAME) ? 1 : 0);
  out.setLe32(node + 4, link);
  out.setLe32(node + layout.NODE_ZONE, ZONE);
  out.setLe32(node + layout.NODE_SETS, sets);
  const isStar = length > apex.length && out.be16(node + layout.NODE_NAME) == 0x012a;
  if (isStar && out.u8(above + 2) != layout.CUT) out.setLe32(above + 4, node);
  if (above == 0) out.setLe32(ZONE, node);
  enter(into, node, length);
  pathKey[depth] = level;
  pathNode[depth] = node;
  depth++;
  into.deepest = max(into.deepest, labelsOf(node));
  at = list + 8 * sets;
  if (empty == 0) addSets(node, list);
}

/** The labels of the key stand the other way round in the name. */
function writeName(raw: Bytes, key: u32, level: u32, to: u32): void {
  let end = to + level;
  out.copy(end, apex, 0, apex.length);
  for (let from = key; from < key + level; ) {
    const label = raw.u8(from) + 1;
    end -= label;
    out.copy(end, raw, from, label);
    from += label;
  }
}

function labelsOf(node: u32): i32 {
  let count = 0;
  for (let from = node + layout.NODE_NAME; out.u8(from) != 0; from += out.u8(from) + 1) count++;
  return count;
}

function enter(into: Table, node: u32, length: u32): void {
  const hash = hashFolded(out, node + layout.NODE_NAME, length);
  const mask = <u64>(into.slots.length - 1);
  let slot = hash & mask;
  while (into.slots[<i32>slot] != 0) slot = (slot + 1) & mask;
  into.slots[<i32>slot] = ((hash >> 32) << 32) | <u64>node;
  into.members[into.count] = node;
  into.count += 1;
}

function has(type: u32): bool {
  for (let n = 0; n < incoming.found; n++) if (incoming.typeOf(incoming.at(n)) == type) return true;
  return false;
}

function countSets(): u32 {
  let count: u32 = 0;
  for (let n = 0; n < incoming.found; n++)
    if (n == 0 || incoming.typeOf(incoming.at(n)) != incoming.typeOf(incoming.at(n - 1))) count++;
  return count;
}

/** Writes all sets of the node; the one for ANY (RFC 8482 4.1) is the first of the list. */
function addSets(node: u32, list: u32): void {
  const preferred = preferredType();
  let entry = list + 8;
  for (let from = 0; from < incoming.found && fault == Built.more; ) {
    const type = incoming.typeOf(incoming.at(from));
    let to = from;
    let ttl = u32.MAX_VALUE;
    for (; to < incoming.found && incoming.typeOf(incoming.at(to)) == type; to++)
      ttl = min(ttl, incoming.ttlOf(incoming.at(to)));
    const place = type == preferred ? list : entry;
    if (place == entry) entry += 8;
    const block = add(node, from, to, ttl);
    out.setLe16(place, type);
    out.setLe16(place + 2, min(to - from, 0xffff));
    out.setLe32(place + 4, block);
    if (isSingle(type) && to - from > 1) fault = Built.unsound;
    if (type == types.SOA) addNegative(node, from, ttl);
    from = to;
  }
}

function add(node: u32, from: i32, to: i32, ttl: u32): u32 {
  const block = (at + 7) & ~7;
  const end = out.has(block, 16) ? write(out, block, node, from, to, ttl) : 0;
  if (end == 0) fault = Built.full;
  else at = end;
  return block;
}

/** The SOA with the TTL that negative answers have: RFC 2308 3. */
function addNegative(node: u32, from: i32, ttl: u32): void {
  if (out.le32(ZONE) != node) {
    fault = Built.unsound;
    return;
  }
  const record = incoming.at(from);
  const minimum = incoming.bytes().be32(incoming.valueAt(record) + incoming.sizeOf(record) - 4);
  out.setLe32(ZONE + layout.ZONE_NEGATIVE, add(node, from, from + 1, min(ttl, minimum)));
}

/** A popular type that is small, else the last, but for keys. */
function preferredType(): u32 {
  let last: u32 = 0;
  for (let n = 0; n < incoming.found; n++) {
    const type = incoming.typeOf(incoming.at(n));
    const isPopular =
      type == types.A || type == types.AAAA || type == types.SOA || type == types.MX || type == types.PTR;
    if (isPopular) return type;
    if (type != types.DNSKEY || last == 0) last = type;
  }
  return last;
}
