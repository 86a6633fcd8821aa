/**
 * Grants, version 1 (Xen, include/public/grant_table.h): which pages another domain may use. A grant stays with its page for as long as the guest runs:
 * what is granted are buffers and rings, whose content the other side may know anyway; only pages of tails are granted for a while.
 *
 * Version 2 has frames of 64 bits, and bytes instead of pages: a guest has its frames below 2^32, and every Xen that runs PVH guests has version 1.
 */
import { mapFrame, Space } from "./calls";
import { exchange, fence, load16, store16, store32 } from "./hw";

/** Frames of the table, behind the shared information. */
const TABLE: u64 = 0xfef0_1000;
const PAGE: u64 = 4096;
const MOST_FRAMES: u32 = 4;
const ENTRY: u32 = 8;
/** The first entries are the toolstack's. */
const FIRST: u32 = 8;

const ACCESS: u32 = 1;
const READ_ONLY: u32 = 4;
/** Set by the hypervisor while somebody reads or writes. */
const IN_USE: u32 = 8 | 16;

/** No grant. */
export const NONE: u32 = 0;

let next: u32 = FIRST;
let limit: u32 = 0;

/** Maps the table. */
export function start(): void {
  next = FIRST;
  let frames: u32 = 0;
  while (frames < MOST_FRAMES && mapFrame(Space.grantTable, <u64>frames, (TABLE >> 12) + <u64>frames))
    frames++;
  limit = (frames * <u32>PAGE) / ENTRY;
}

/** A number for a grant; NONE when there is none left. */
export function take(): u32 {
  return next < limit ? next++ : NONE;
}

/** `domain` may use the page at this address. */
export function allow(reference: u32, domain: u32, address: u64, readOnly: bool): void {
  const entry = TABLE + <u64>(reference * ENTRY);
  store16(entry, 0);
  fence();
  store16(entry + 2, domain);
  store32(entry + 4, <u32>(address >> 12));
  fence();
  store16(entry, ACCESS | (readOnly ? READ_ONLY : 0));
}

/** The page may not be used any more. False: somebody still uses it, and neither the page nor the grant is to be given again until this is true. */
export function end(reference: u32): bool {
  const entry = TABLE + <u64>(reference * ENTRY);
  if ((load16(entry) & IN_USE) != 0) return false;
  const used = <u32>exchange(entry, 0) & IN_USE;
  if (used == 0) return true;
  // Between both somebody began. If he ends before this is written again, the page is never given again, which costs a page and no more.
  store16(entry, used);
  return false;
}
