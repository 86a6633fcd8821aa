/**
 * Grants, version 1 (Xen, include/public/grant_table.h): which pages another domain may use. A grant stays with its page for as long as the guest runs:
 * what is granted are buffers and rings, whose content the other side may know anyway.
 */
import { mapFrame, Space } from "./calls";
import { fence, store16, store32 } from "./hw";

/** Frames of the table, behind the shared information. */
const TABLE: u64 = 0xfef0_1000;
const PAGE: u64 = 4096;
const MOST_FRAMES: u32 = 4;
const ENTRY: u32 = 8;
/** The first entries are the toolstack's. */
const FIRST: u32 = 8;

const ACCESS: u32 = 1;
const READ_ONLY: u32 = 4;

/** No grant. */
export const NONE: u32 = 0;

let next: u32 = FIRST;
let end: u32 = 0;

/** Maps the table. */
export function start(): void {
  next = FIRST;
  let frames: u32 = 0;
  while (frames < MOST_FRAMES && mapFrame(Space.grantTable, <u64>frames, (TABLE >> 12) + <u64>frames))
    frames++;
  end = (frames * <u32>PAGE) / ENTRY;
}

/** A number for a grant; NONE when there is none left. */
export function take(): u32 {
  return next < end ? next++ : NONE;
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
