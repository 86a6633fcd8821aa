/** What a machine is given when it starts. A driver that offers `Given` exports the functions that `./slots` calls; these are the words for them. */
import { isSmall } from "./machine";

/** How a text says what it gives. */
export namespace Form {
  /** Words between blanks, `appl.SLOT=VALUE`; others are somebody else's. */
  export const words: i32 = 0;
  /** Lines, `SLOT=VALUE`; those that are empty or begin with `#` say nothing. */
  export const lines: i32 = 1;
  /** `SLOT=` and behind it, to the end, the value of this one slot. */
  export const value: i32 = 2;
}

/** No text may be longer: what is read is held in memory once. */
export const LONGEST_TEXT: u32 = isSmall ? 8192 : 65_536;
