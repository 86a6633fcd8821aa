/**
 * Pools: many things of one kind, one behind the other, that differ by where they point to. An image has only the first of each, and how each word of the
 * next one differs from it; the others are made here, before anything else at every start. `compiler/assemble/progressions.ts` finds them and writes the table.
 */

/** Where the table is; 0 if there is none. Set in the image. */
let table: usize = 0;

/** Of the table: where the first thing is (0 ends it), its size, how many more there are, how many words of it change; then these, each with its place and by how much. */
const HEAD: usize = 16;
const ENTRY: usize = 8;

export function expand(): void {
  let row = table;
  if (row == 0) return;
  for (let at = <usize>load<u32>(row); at != 0; at = <usize>load<u32>(row)) {
    const size = <usize>load<u32>(row, 4);
    const first = row + HEAD;
    const end = first + <usize>load<u32>(row, 12) * ENTRY;
    for (let left = load<u32>(row, 8); left > 0; left--) {
      memory.copy(at + size, at, size);
      at += size;
      for (let entry = first; entry < end; entry += ENTRY) {
        const word = at + <usize>load<u32>(entry);
        store<u32>(word, load<u32>(word) + load<u32>(entry, 4));
      }
    }
    row = end;
  }
}
