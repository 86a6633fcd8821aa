/** Writes sets of records into a table as `layout.ts` describes them: what `zone/block.ts` does while an image is built, in memory that is there. */

import { Bytes } from "../../core/bytes";
import { isSmall } from "../../core/machine";
import {
  AFTER_NAME,
  BLOCK_EXTRAS,
  BLOCK_RECORDS,
  BLOCK_RELOCATIONS,
  BLOCK_WIRE,
  EXTRA_SIZE,
  HEADER,
  NODE_NAME,
  OWNER,
} from "../layout";
import { CLASS_IN, CNAME, DNAME, SOA } from "../types";
import * as incoming from "./incoming";
import { isCompressed, namesAt, namesOf, targetOf } from "./values";

/** Names that later ones may be compressed to; more than a real set has. */
const MOST_ANCHORS: i32 = 64;
/** A pointer reaches 2^14; the offsets of a block move with the question. */
const FARTHEST: u32 = 0x2000;
const MOST_RELOCATIONS: i32 = isSmall ? 1024 : 8192;
/** Hosts of one set whose addresses answers bring along, and so many addresses. */
export const MOST_EXTRAS: u32 = 128;
/** A set is at most this long, to fit into a message. */
const LONGEST_SET: u32 = isSmall ? 16000 : 65000;
const LABEL_STAR = 0x012a;

/** For each name that was written: whether it lies among what came in (or in the table), where there, its length, and its place in a message. */
let anchorIncoming: StaticArray<bool> = [];
let anchorFrom: StaticArray<u32> = [];
let anchorLength: StaticArray<u32> = [];
let anchorAt: StaticArray<u32> = [];
let anchors: i32 = 0;
let relocations: StaticArray<u32> = [];
let relocated: i32 = 0;

let table: Bytes = incoming.bytes();
let at: u32 = 0;
let begin: u32 = 0;
let base: u32 = 0;

/** In `prepare`. */
export function makeBlocks(): void {
  anchorIncoming = new StaticArray<bool>(MOST_ANCHORS);
  anchorFrom = new StaticArray<u32>(MOST_ANCHORS);
  anchorLength = new StaticArray<u32>(MOST_ANCHORS);
  anchorAt = new StaticArray<u32>(MOST_ANCHORS);
  relocations = new StaticArray<u32>(MOST_RELOCATIONS);
}

/**
 * Writes the records `from` to `to` of the name that was taken out last, all of one type, at `where` (a multiple of 8) for the node at `node`. Gives the
 * end, 0 if there is no room. `ttl`: that of all.
 */
export function write(into: Bytes, where: u32, node: u32, from: i32, to: i32, ttl: u32): u32 {
  table = into;
  const raw = incoming.bytes();
  const length: u32 = table.le16(node);
  const type = incoming.typeOf(incoming.at(from));
  begin = where + BLOCK_WIRE;
  at = begin;
  base = HEADER + length + AFTER_NAME;
  relocated = 0;
  beginAnchors(node, length);
  const target = targetOf(type);
  const hosts = target < 0 ? 0 : min(<u32>(to - from), MOST_EXTRAS);
  for (let n = from; n < to; n++) {
    const record = incoming.at(n);
    const value = incoming.valueAt(record);
    const size = incoming.sizeOf(record);
    if (!table.has(at, 12 + size) || at - begin + 12 + size > LONGEST_SET) return 0;
    table.setBe16(at, OWNER);
    table.setBe16(at + 2, type);
    table.setBe16(at + 4, CLASS_IN);
    table.setBe32(at + 6, ttl);
    const sizeAt = at + 10;
    at += 12;
    if (isCompressed(type)) compress(raw, value, size, type);
    else {
      table.copy(at, raw, value, size);
      at += size;
    }
    table.setBe16(sizeAt, at - sizeAt - 2);
  }
  const wire = at - begin;
  at = (at + 3) & ~3;
  if (!table.has(at, <u32>relocated * 2 + 8)) return 0;
  table.fill(begin + wire, at - begin - wire, 0);
  for (let n = 0; n < relocated; n++) table.setLe16(at + 2 * n, relocations[n]);
  if ((relocated & 1) != 0) table.setLe16(at + 2 * relocated, 0);
  at = (at + 2 * relocated + 3) & ~3;
  table.setLe16(where, wire);
  table.setLe16(where + BLOCK_RELOCATIONS, relocated);
  table.setLe16(where + BLOCK_EXTRAS, hosts);
  table.setLe16(where + BLOCK_RECORDS, to - from);
  return extras(raw, node, from, type, target, hosts) ? (at + 7) & ~7 : 0;
}

/** What follows a block: of an alias where it leads, of others the hosts, to be looked for when all names are there (`hosts.ts`). */
function extras(raw: Bytes, node: u32, from: i32, type: u32, target: i32, hosts: u32): bool {
  const record = incoming.at(from);
  if (type == CNAME || type == DNAME) {
    if (!table.has(at, EXTRA_SIZE)) return false;
    const size = incoming.sizeOf(record);
    table.setLe32(at, 0);
    table.setLe16(at + 4, size);
    table.setLe16(at + 6, type == DNAME && isBelow(raw, incoming.valueAt(record), size, node) ? 1 : 0);
    at += EXTRA_SIZE;
    return true;
  }
  // Each has an address of either family.
  const room = min(2 * hosts, MOST_EXTRAS) * EXTRA_SIZE;
  if (!table.has(at, room)) return false;
  let place = begin;
  for (let n: u32 = 0; n < hosts; n++) {
    const each = incoming.at(from + <i32>n);
    const entry = at + n * EXTRA_SIZE;
    table.setLe32(entry, incoming.valueAt(each) + <u32>target);
    table.setLe16(entry + 4, placeOf(place + 12 + <u32>target));
    table.setLe16(entry + 6, 0);
    place += 12 + table.be16(place + 10);
  }
  at += room;
  return true;
}

/** Where a name that is written at `from` can be found in a message: there, or where it leads at once. */
function placeOf(from: u32): u32 {
  const label = table.u8(from);
  return label >= 0xc0 ? table.be16(from) & 0x3fff : base + from - begin;
}

function isBelow(raw: Bytes, name: u32, size: u32, node: u32): bool {
  const length: u32 = table.le16(node);
  let from = name;
  while (name + size - from > length) from += raw.u8(from) + 1;
  return name + size - from == length && raw.equals(from, table, node + NODE_NAME, length);
}

/** The parts of the owner's name. A wildcard stands for other names, so only what follows its `*` is sure to be there. */
function beginAnchors(node: u32, length: u32): void {
  const name = node + NODE_NAME;
  anchors = 0;
  let from: u32 = length > 2 && table.be16(name) == LABEL_STAR ? 2 : 0;
  for (; from < length - 1; from += table.u8(name + from) + 1)
    anchor(false, name + from, length - from, HEADER + from);
}

function anchor(isIncoming: bool, from: u32, length: u32, place: u32): void {
  if (anchors == MOST_ANCHORS || place >= FARTHEST) return;
  anchorIncoming[anchors] = isIncoming;
  anchorFrom[anchors] = from;
  anchorLength[anchors] = length;
  anchorAt[anchors] = place;
  anchors++;
}

function compress(raw: Bytes, value: u32, size: u32, type: u32): void {
  let from = value + namesAt(type);
  table.copy(at, raw, value, namesAt(type));
  at += namesAt(type);
  for (let left = namesOf(type); left > 0; left--) {
    let end = from;
    while (raw.u8(end) != 0) end += raw.u8(end) + 1;
    writeName(raw, from, end + 1 - from);
    from = end + 1;
  }
  const rest = value + size - from;
  table.copy(at, raw, from, rest);
  at += rest;
}

/** A name as labels and a pointer. */
function writeName(raw: Bytes, from: u32, length: u32): void {
  let done: u32 = 0;
  while (done < length - 1) {
    const known = find(raw, from + done, length - done);
    if (known != 0 && relocated < MOST_RELOCATIONS) {
      relocations[relocated++] = at - begin;
      table.setBe16(at, 0xc000 | known);
      at += 2;
      return;
    }
    anchor(true, from + done, length - done, base + at - begin);
    const label = raw.u8(from + done) + 1;
    table.copy(at, raw, from + done, label);
    at += label;
    done += label;
  }
  table.setU8(at, 0);
  at += 1;
}

/** The place of a name that was written before; 0: there is none. */
function find(raw: Bytes, from: u32, length: u32): u32 {
  for (let n = 0; n < anchors; n++) {
    if (anchorLength[n] != length) continue;
    if ((anchorIncoming[n] ? raw : table).equals(anchorFrom[n], raw, from, length)) return anchorAt[n];
  }
  return 0;
}

/** Does this type keep its set from being more than one record? */
export function isSingle(type: u32): bool {
  return type == SOA || type == CNAME || type == DNAME;
}
