/**
 * Patterns of paths and regular expressions as programs that `match.ts` runs. An instruction is two numbers: what it does with a first
 * argument above it, and a second argument.
 */

export namespace Op {
  /** One byte that is in set A. */
  export const set: u32 = 0;
  /** Go on at A and, if that leads to nothing, at B. */
  export const split: u32 = 1;
  export const jump: u32 = 2;
  /** Only at the beginning. */
  export const start: u32 = 3;
  export const end: u32 = 4;
  /** Between a letter, digit or `_` and what is none; A is 1: not there. */
  export const boundary: u32 = 5;
  /** Notes the place as number A. */
  export const save: u32 = 6;
  export const match: u32 = 7;
}

/** Things that a pattern can catch, at most. */
export const CAUGHT: u32 = 16;
/** Places that are noted: two of each. */
export const PLACES: u32 = 2 * CAUGHT;

@final
export class Program {
  constructor(
    public code: StaticArray<u32>,
    /** Two words of 64 bits each: the bytes below 128 that belong to it. Paths have no others. */
    public sets: StaticArray<u64>,
    /** Of instructions. */
    public size: u32,
  ) {}
}
