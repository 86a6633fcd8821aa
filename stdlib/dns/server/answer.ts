import { Bytes } from "../../core/bytes";
import * as layout from "../layout";
import { records } from "../tables";
import { ANY, CNAME, DNAME, DS } from "../types";
import { exact, found, lookUp, node } from "./lookup";
import { continueName, copyLabels, isSameName, nameLength, placeOf, redirectName } from "./place";
import * as out from "./reply";

export const NOERROR = 0;
export const NXDOMAIN = 3;
export const REFUSED = 5;
export const YXDOMAIN = 6;

/** So many aliases in a row are followed; the asker goes on from there. */
const MOST_ALIASES = 16;
const LONGEST_NAME: u32 = 255;

/** What an answer has besides its records. */
export let rcode: u32 = NOERROR;
export let isAuthoritative: bool = false;
export let answers: u32 = 0;
export let authorities: u32 = 0;
export let additionals: u32 = 0;

/** The aliases of this answer: their block, the place of their owner, and for a DNAME that of its value. */
const aliasBlock: StaticArray<u32> = new StaticArray<u32>(MOST_ALIASES);
const aliasOwner: StaticArray<u32> = new StaticArray<u32>(MOST_ALIASES);
const aliasValue: StaticArray<u32> = new StaticArray<u32>(MOST_ALIASES);
let aliases: i32 = 0;

/** A name made by a DNAME, from byte 8 on: `lookUp` wants 8 bytes before a name's end. */
const made: Bytes = new Bytes(new StaticArray<u8>(8 + 256), 0, 8 + 256);

/** Answers for the current name, of `labels` labels and written at `offset` of `bytes`. RFC 1034 4.3.2 with RFC 4592 and 6672. */
export function answer(bytes: Bytes, offset: u32, labels: u32, type: u32, withSoa: bool): void {
  rcode = NOERROR;
  isAuthoritative = false;
  answers = 0;
  authorities = 0;
  additionals = 0;
  aliases = 0;
  lookUp(bytes, offset, nameLength, labels);
  if (node == 0) rcode = REFUSED;
  else while (answerStep(type, withSoa));
}

/** Answers for the node that was found; true if an alias leads on to another. */
function answerStep(type: u32, withSoa: bool): bool {
  if (type == DS && exact) leaveToParent();
  const kind = records.u8(node + 2);
  const link = records.le32(node + layout.NODE_LINK);
  if (kind == layout.CUT && !(type == DS && exact && link == node)) {
    refer(link);
    return false;
  }
  isAuthoritative = true;
  let source = node;
  if (!exact) {
    if (kind == layout.REDIRECTED) return redirect(type);
    if (link == 0) {
      rcode = NXDOMAIN;
      deny(withSoa);
      return false;
    }
    source = link;
  }
  const set = findSet(source, type);
  if (set != 0) {
    give(source, records.le32(set + 4));
    return false;
  }
  if (records.u8(source + 3) != 0) return followAlias(source);
  deny(withSoa);
  return false;
}

/** The entry of a node's set of this type, or 0; its first for ANY (RFC 8482 4.1). */
function findSet(source: u32, type: u32): u32 {
  const count = records.le32(source + layout.NODE_SETS);
  let set = source + layout.NODE_NAME + ((records.le16(source) + 7) & ~7);
  for (let i: u32 = 0; i < count; i++) {
    if (records.le16(set) == type || type == ANY) return set;
    set += 8;
  }
  return 0;
}

/** DS belongs to the zone above the one it describes (RFC 4035 3.1.4.1), if that one is here too. */
function leaveToParent(): void {
  const zone = records.le32(node + layout.NODE_ZONE);
  const upper = records.le32(zone + layout.ZONE_CUT);
  if (records.le32(zone) == node && upper != 0) found(upper, true);
}

function give(source: u32, block: u32): void {
  const length: u32 = records.le16(source);
  const base = out.at;
  answers += out.putBlock(block, length, 0);
  if (!out.truncated) additionals += out.putExtras(block, length, base);
}

function refer(cut: u32): void {
  isAuthoritative = answers > 0;
  const length: u32 = records.le16(cut);
  const set = findSet(cut, 2);
  const block = records.le32(set + 4);
  const base = out.at;
  authorities += out.putBlock(block, length, nameLength - length);
  if (!out.truncated) additionals += out.putExtras(block, length, base);
}

/** There is no such name, or no such type: RFC 2308 2. */
function deny(withSoa: bool): void {
  if (!withSoa) return;
  const zone = records.le32(node + layout.NODE_ZONE);
  const length: u32 = records.le16(records.le32(zone));
  authorities += out.putBlock(records.le32(zone + layout.ZONE_NEGATIVE), length, nameLength - length);
}

function followAlias(source: u32): bool {
  const block = records.le32(findSet(source, CNAME) + 4);
  const length: u32 = records.le16(source);
  if (aliases == MOST_ALIASES || isRepeated(block)) return false;
  noteAlias(block, 0);
  const base = out.at;
  answers += out.putBlock(block, length, 0);
  const extra = out.extrasOf(block);
  const next = records.le32(extra);
  if (out.truncated || next == 0) return false;
  const target: u32 = records.le16(extra + 4);
  const value = base + 12;
  const size = out.at - value;
  if (records.le16(block + layout.BLOCK_RELOCATIONS) == 0) redirectName(value, 0, value, target);
  else continueName(value, size - 2, nameLength - (target - (size - 2)), target);
  found(next, records.le16(extra + 6) != 0);
  return true;
}

/** All names below this node are names below another. RFC 6672 3.2. */
function redirect(type: u32): bool {
  const block = records.le32(findSet(node, DNAME) + 4);
  const length: u32 = records.le16(node);
  const labels = nameLength - length;
  const extra = out.extrasOf(block);
  const target: u32 = records.le16(extra + 4);
  if (aliases == MOST_ALIASES || isRepeated(block)) return false;
  let value: u32 = 0;
  for (let i = 0; i < aliases; i++) if (aliasBlock[i] == block) value = aliasValue[i];
  if (value == 0) {
    value = out.at + 12;
    answers += out.putBlock(block, length, labels);
    if (out.truncated) return false;
  } else if (records.le16(extra + 6) != 0) return false;
  noteAlias(block, value);
  if (labels + target > LONGEST_NAME) {
    rcode = YXDOMAIN;
    return false;
  }
  const alias = out.putAlias(out.reply.be32(value - 6), labels, value);
  if (alias == 0) return false;
  answers++;
  redirectName(alias, labels, value, labels + target);
  if (type == CNAME) return false;
  copyLabels(out.reply, alias, made, 8, labels);
  made.copy(8 + labels, out.reply, value, target);
  lookUp(made, 8, nameLength, countLabels());
  return node != 0;
}

/** Whether this alias was followed for this very name: it leads round in a circle. */
function isRepeated(block: u32): bool {
  for (let i = 0; i < aliases; i++) {
    if (aliasBlock[i] == block && isSameName(out.reply, aliasOwner[i], placeOf(0))) return true;
  }
  return false;
}

function noteAlias(block: u32, value: u32): void {
  aliasBlock[aliases] = block;
  aliasOwner[aliases] = placeOf(0);
  aliasValue[aliases] = value;
  aliases++;
}

function countLabels(): u32 {
  let count: u32 = 0;
  for (let i: u32 = 8; made.u8(i) != 0; i += made.u8(i) + 1) count++;
  return count;
}
