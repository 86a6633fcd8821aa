import { Bytes } from "../../core/bytes";
import * as layout from "../layout";
import { HEADER } from "../layout";
import { access, secondary } from "../parts";
import { records } from "../tables";
import { ANY, CNAME, DNAME, DS, NS } from "../types";
import { mayAsk } from "./access";
import { NOERROR, NXDOMAIN, REFUSED, SERVFAIL, YXDOMAIN } from "./codes";
import { exact, found, isUnavailable, lookUp, lookUpHere, node } from "./lookup";
import { setOf, zoneOf } from "./node";
import {
  continueName,
  copyLabels,
  isFirstName,
  isSameName,
  nameLength,
  placeOf,
  redirectName,
} from "./place";
import * as out from "./reply";

/** So many aliases in a row are followed; the asker goes on from there. */
const MOST_ALIASES = 16;
const LONGEST_NAME: u32 = 255;

/** What an answer has besides its records. */
export let rcode: u32 = NOERROR;
export let isAuthoritative: bool = false;
/** The four counts of the header, as they stand there: one question, records in answer, authority and additional section. */
export let counts: u64 = 0;
const ONE_QUESTION: u64 = (<u64>1) << 48;
const ANSWER = 32;
const AUTHORITY = 16;

/** The aliases of this answer: their block, the place of their owner, and for a DNAME that of its value. */
const aliasBlock: StaticArray<u32> = new StaticArray<u32>(MOST_ALIASES);
const aliasOwner: StaticArray<u32> = new StaticArray<u32>(MOST_ALIASES);
const aliasValue: StaticArray<u32> = new StaticArray<u32>(MOST_ALIASES);
let aliases: i32 = 0;

/** A name made by a DNAME. */
const made: Bytes = new Bytes(new StaticArray<u8>(256), 0, 256);

/** Answers for the current name, of `labels` labels and written at `offset` of `bytes`. RFC 1034 4.3.2 with RFC 4592 and 6672. */
export function answer(bytes: Bytes, offset: u32, labels: u32, type: u32, withSoa: bool): void {
  rcode = NOERROR;
  isAuthoritative = false;
  counts = ONE_QUESTION;
  aliases = 0;
  lookUp(bytes, offset, nameLength, labels);
  if (node == 0) rcode = secondary && isUnavailable ? SERVFAIL : REFUSED;
  else while (answerStep(type, withSoa));
}

/** Answers for the node that was found; true if an alias leads on to another. */
function answerStep(type: u32, withSoa: bool): bool {
  if (type == DS && exact) leaveToParent();
  if (access && !mayAsk(records.le32(zoneOf(node) + layout.ZONE_NUMBER))) {
    if (counts == ONE_QUESTION) rcode = REFUSED;
    return false;
  }
  const head = records.le64(node);
  const kind = <u32>(head >> 16) & 0xff;
  const link = <u32>(head >> 32);
  if (kind == layout.CUT && !(type == DS && exact && link == node)) {
    refer(link);
    return false;
  }
  isAuthoritative = true;
  if (exact) return answerFrom(node, head, type, withSoa);
  if (kind == layout.REDIRECTED) return redirect(type);
  if (link != 0) return answerFrom(link, records.le64(link), type, withSoa);
  rcode = NXDOMAIN;
  deny(withSoa);
  return false;
}

/** Answers with the records of `source`: the node itself, or the wildcard that stands for it. `head` is its first 8 bytes. */
function answerFrom(source: u32, head: u64, type: u32, withSoa: bool): bool {
  const length = <u32>head & 0xffff;
  const set = setOf(source, length, type);
  if (set != 0) give(<u32>(set >> 32), length);
  else if ((head & layout.HAS_ALIAS) != 0) return followAlias(source, length);
  else deny(withSoa);
  return false;
}

/** The block of a set that is known to be there. */
function blockOf(source: u32, length: u32, type: u32): u32 {
  return <u32>(setOf(source, length, type) >> 32);
}

/** DS belongs to the zone above the one it describes (RFC 4035 3.1.4.1), if that one is here too. */
function leaveToParent(): void {
  const zone = zoneOf(node);
  const upper = records.le32(zone + layout.ZONE_CUT);
  if (records.le32(zone) == node && upper != 0) found(upper, true);
  else if (secondary && records.le32(zone) == node && isFirstName()) lookUpAbove();
}

/** The same when one of the two zones is a copy: the zone above is looked for, and the name in it. */
function lookUpAbove(): void {
  const child = out.reply.u8(HEADER) + 1;
  if (child == 1) return;
  copyLabels(out.reply, HEADER, made, 0, nameLength);
  const labels = countLabels();
  lookUp(made, child, nameLength - child, labels - 1);
  if (node != 0) lookUpHere(made, 0, nameLength, labels);
  else lookUp(made, 0, nameLength, labels);
}

function give(block: u32, length: u32): void {
  const base = out.at;
  const head = out.putBlock(block, length, 0);
  counts += out.recordsOf(head) << ANSWER;
  if (out.hasExtras(head)) counts += <u64>out.putExtras(block, length, base);
}

function refer(cut: u32): void {
  isAuthoritative = counts != ONE_QUESTION;
  const length: u32 = records.le16(cut);
  const block = blockOf(cut, length, NS);
  const base = out.at;
  const head = out.putBlock(block, length, nameLength - length);
  counts += out.recordsOf(head) << AUTHORITY;
  if (out.hasExtras(head)) counts += <u64>out.putExtras(block, length, base);
}

/** There is no such name, or no such type: RFC 2308 2. */
function deny(withSoa: bool): void {
  if (!withSoa) return;
  const zone = zoneOf(node);
  const length: u32 = records.le16(records.le32(zone));
  const block = records.le32(zone + layout.ZONE_NEGATIVE);
  counts += out.recordsOf(out.putBlock(block, length, nameLength - length)) << AUTHORITY;
}

function followAlias(source: u32, length: u32): bool {
  const block = blockOf(source, length, CNAME);
  if (aliases == MOST_ALIASES || isRepeated(block)) return false;
  noteAlias(block, 0);
  const value = out.at + 12;
  counts += out.recordsOf(out.putBlock(block, length, 0)) << ANSWER;
  const extra = out.extrasOf(block);
  const next = records.le32(extra);
  if (out.truncated || (next == 0 && !secondary)) return false;
  const target: u32 = records.le16(extra + 4);
  const size = out.at - value;
  if (records.le16(block + layout.BLOCK_RELOCATIONS) == 0) redirectName(value, 0, value, target);
  else continueName(value, size - 2, nameLength - (target - (size - 2)), target);
  if (next != 0) {
    found(next, records.le16(extra + 6) != 0);
    return true;
  }
  // Where it leads in a copy, or from zone to zone with copies, nobody has looked before.
  copyLabels(out.reply, placeOf(0), made, 0, target);
  lookUp(made, 0, target, countLabels());
  return node != 0;
}

/** All names below this node are names below another. RFC 6672 3.2. */
function redirect(type: u32): bool {
  const length: u32 = records.le16(node);
  const labels = nameLength - length;
  const block = blockOf(node, length, DNAME);
  const extra = out.extrasOf(block);
  const target: u32 = records.le16(extra + 4);
  if (aliases == MOST_ALIASES || isRepeated(block)) return false;
  let value: u32 = 0;
  for (let i = 0; i < aliases; i++) if (aliasBlock[i] == block) value = aliasValue[i];
  if (value == 0) {
    value = out.at + 12;
    counts += out.recordsOf(out.putBlock(block, length, labels)) << ANSWER;
    if (out.truncated) return false;
  } else if (records.le16(extra + 6) != 0) return false;
  noteAlias(block, value);
  if (labels + target > LONGEST_NAME) {
    rcode = YXDOMAIN;
    return false;
  }
  const alias = out.putAlias(out.reply.be32(value - 6), labels, value);
  if (alias == 0) return false;
  counts += (<u64>1) << ANSWER;
  redirectName(alias, labels, value, labels + target);
  if (type == CNAME) return false;
  copyLabels(out.reply, alias, made, 0, labels);
  made.copy(labels, out.reply, value, target);
  lookUp(made, 0, nameLength, countLabels());
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
  for (let i: u32 = 0; made.u8(i) != 0; i += made.u8(i) + 1) count++;
  return count;
}
