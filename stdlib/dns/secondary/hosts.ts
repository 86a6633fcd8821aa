/** Finds the addresses of the hosts that records of a zone name, when all names of the zone are there. */
import { Bytes } from "../../core/bytes";
import * as layout from "../layout";
import { exact, node as found, lookUpHere } from "../server/lookup";
import { setOf } from "../server/node";
import { extrasOf } from "../server/reply";
import { Table, useTable } from "../tables";
import * as types from "../types";
import { MOST_EXTRAS } from "./block";
import * as incoming from "./incoming";
import { targetOf } from "./values";

/** A pointer that is moved must stay below 2^14. */
const FARTHEST: u32 = 0x3f00;

/** Of the set that is filled: where among what came in its hosts are named, and where in a message. */
let names: StaticArray<u32> = [];
let places: StaticArray<u32> = [];

/** In `prepare`. */
export function makeHosts(): void {
  names = new StaticArray<u32>(<i32>MOST_EXTRAS);
  places = new StaticArray<u32>(<i32>MOST_EXTRAS);
}

/** For all sets of a node. */
export function fillHosts(table: Table, node: u32, apex: Bytes): void {
  const out = table.bytes;
  let entry = node + layout.NODE_NAME + ((out.le16(node) + 7) & ~7);
  for (let left = out.le32(node + layout.NODE_SETS); left > 0; left--) {
    const type = out.le16(entry);
    if (targetOf(type) >= 0) fill(table, node, type, out.le32(entry + 4), apex);
    entry += 8;
  }
}

function fill(table: Table, node: u32, type: u32, block: u32, apex: Bytes): void {
  const out = table.bytes;
  useTable(table);
  const list = extrasOf(block);
  const count: u32 = out.le16(block + layout.BLOCK_EXTRAS);
  for (let n: u32 = 0; n < count; n++) {
    names[n] = out.le32(list + n * layout.EXTRA_SIZE);
    places[n] = out.le16(list + n * layout.EXTRA_SIZE + 4);
  }
  let written: u32 = 0;
  for (let family = 0; family < 2; family++) {
    for (let n: u32 = 0; n < count && places[n] < FARTHEST && written < MOST_EXTRAS; n++) {
      const below = lookUp(out, names[n], type, apex);
      if (host == 0) continue;
      const set = setOf(host, out.le16(host), family == 0 ? types.A : types.AAAA);
      const addresses = <u32>(set >> 32);
      if (addresses == 0 || isThere(out, list, written, addresses, places[n])) continue;
      const entry = list + written * layout.EXTRA_SIZE;
      const isGlue = type == types.NS && below == node;
      out.setLe32(entry, addresses);
      out.setLe16(entry + 4, places[n]);
      out.setLe16(entry + 6, (family == 1 ? layout.EXTRA_AAAA : 0) | (isGlue ? layout.EXTRA_GLUE : 0));
      written++;
    }
  }
  out.setLe16(block + layout.BLOCK_EXTRAS, written);
}

/** The node that has the addresses; 0: none of this zone. */
let host: u32 = 0;

/** Looks for the host that is named at `name` of what came in; gives the delegation that it is below, 0 if none. */
function lookUp(out: Bytes, name: u32, type: u32, apex: Bytes): u32 {
  const raw = incoming.bytes();
  let end = name;
  let labels: u32 = 0;
  for (; raw.u8(end) != 0; end += raw.u8(end) + 1) labels++;
  const length = end + 1 - name;
  host = 0;
  let from = name;
  while (name + length - from > apex.length) from += raw.u8(from) + 1;
  if (name + length - from != apex.length || !raw.equals(from, apex, 0, apex.length)) return 0;
  lookUpHere(raw, name, length, labels);
  if (found == 0) return 0;
  const kind = out.u8(found + 2);
  const below = kind == layout.CUT ? out.le32(found + 4) : 0;
  if (below != 0 && type != types.NS) return below;
  if (exact) host = found;
  else if (kind != layout.CUT) host = out.le32(found + 4);
  return below;
}

/** Two records may name the same host; a wildcard's addresses belong to each name once. */
function isThere(out: Bytes, list: u32, count: u32, addresses: u32, place: u32): bool {
  for (let n: u32 = 0; n < count; n++) {
    const entry = list + n * layout.EXTRA_SIZE;
    if (out.le32(entry) == addresses && (exact || out.le16(entry + 4) == place)) return true;
  }
  return false;
}
