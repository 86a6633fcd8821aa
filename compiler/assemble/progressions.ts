/**
 * Pools in a snapshot: things of one size side by side, in which every word differs from that of the thing before by the same number, which is 0 for most and
 * for pointers the size. A server with thousands of places for connections is made of little else. Of each pool the first thing stays, the others become
 * zeros, and `stdlib/core/expand.ts` makes them at every start from a table that is written behind all else.
 */

/** The global in which that file keeps the address of the table. */
export const TABLE = "stdlib/core/expand/table";

interface Progression {
  /** In words, as all here. */
  readonly at: number;
  readonly size: number;
  /** Things behind the first one. */
  readonly more: number;
  readonly changes: readonly (readonly [place: number, by: number])[];
}

/** A thing may be of so many blocks. */
const MOST_BLOCKS = 64;
/** Fewer are no pool. */
const LEAST_MORE = 7;
/** Words that are worth a row. */
const LEAST_SAVED = 128;
const HEAD = 4;
const WORD = 4;

/** Where blocks of memory begin, ascending, and how large they are: two lists, since there may be millions. */
export interface Blocks {
  readonly at: number[];
  readonly size: number[];
}

/** Zeroes what can be made again; gives the table, as words. All blocks lie below `end`; in bytes. */
export function takeProgressions(words: Uint32Array, blocks: Blocks, end: number): Uint32Array {
  const found = progressionsIn(words, blocks, Math.floor(end / WORD));
  const table: number[] = [];
  for (const { at, size, more, changes } of found) {
    table.push(at * WORD, size * WORD, more, changes.length);
    for (const [place, by] of changes) table.push(place * WORD, by);
    words.fill(0, at + size, at + size * (more + 1));
  }
  return Uint32Array.from(found.length === 0 ? [] : [...table, 0]);
}

function progressionsIn(words: Uint32Array, blocks: Blocks, end: number): Progression[] {
  const found: Progression[] = [];
  let behind = 0;
  const take = (progression: Progression | undefined): boolean => {
    if (progression === undefined) return false;
    found.push(progression);
    behind = progression.at + progression.size * (progression.more + 1);
    return true;
  };
  for (let n = 0; n < blocks.at.length; n++) {
    const at = blocks.at[n]! / WORD;
    if (at < behind) continue;
    if (take(poolAt(words, blocks, n, end))) continue;
    // Within one block: numbers or pointers in a row.
    const last = Math.min(at + 1 + Math.floor(blocks.size[n]! / WORD), end);
    for (let from = at + 1; last - from >= LEAST_SAVED; ) {
      from = take(progressionAt(words, from, 1, last)) ? behind : from + lengthAt(words, from, 1, last) - 1;
    }
  }
  return found;
}

/** The pool whose first thing begins with block `n`. */
function poolAt(words: Uint32Array, blocks: Blocks, n: number, end: number): Progression | undefined {
  const at = blocks.at[n]! / WORD;
  const last = Math.min(n + MOST_BLOCKS, blocks.at.length - 1);
  for (let next = n + 1; next <= last; next++) {
    if (blocks.size[next] !== blocks.size[n]) continue;
    const progression = progressionAt(words, at, blocks.at[next]! / WORD - at, end);
    if (progression !== undefined) return progression;
  }
  return undefined;
}

function progressionAt(words: Uint32Array, at: number, size: number, end: number): Progression | undefined {
  const more = Math.floor(lengthAt(words, at, size, end) / size) - 1;
  if (more < LEAST_MORE) return undefined;
  const changes: [number, number][] = [];
  let used = 0;
  for (let place = 0; place < size; place++) {
    const by = (words[at + size + place]! - words[at + place]!) >>> 0;
    if (by !== 0) changes.push([place, by]);
    if (by !== 0 || words[at + place] !== 0) used++;
  }
  if (used * more - HEAD - 2 * changes.length < LEAST_SAVED) return undefined;
  return { at, size, more, changes };
}

/** How many words from `at` on follow from the first two things. */
function lengthAt(words: Uint32Array, at: number, size: number, end: number): number {
  let n = at + 2 * size;
  while (n < end && words[n]! - words[n - size]! === words[n - size]! - words[n - 2 * size]!) n++;
  return Math.min(n, end) - at;
}
