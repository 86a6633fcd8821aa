/** A hash map (open addressing, linear probing) as a benchmark kernel for the code generator: filled, asked, half of it removed, asked again. */

const SLOTS = 8192;
/** Key and value, 4 bytes each; key 0 is a free slot. */
const table: usize = memory.data(65536, 16);
const output: usize = memory.data(32, 16);

export function outputAddress(): usize {
  return output;
}

/** Where the key is, or the free slot where it would be. */
function find(key: u32): usize {
  let slot = (key * 0x9e3779b1) >> 19;
  while (true) {
    const at = table + ((<usize>slot) << 3);
    const found = load<u32>(at);
    if (found == key || found == 0) return at;
    slot = (slot + 1) & (SLOTS - 1);
  }
}

function put(key: u32, value: u32): void {
  const at = find(key);
  store<u32>(at, key, 0);
  store<u32>(at, value, 4);
}

/** What follows a removed entry moves up where its own place allows it (Knuth, algorithm 6.4R). */
function remove(key: u32): void {
  let free = find(key);
  if (load<u32>(free) == 0) return;
  let at = free;
  while (true) {
    at = table + ((at - table + 8) & ((SLOTS << 3) - 1));
    const next = load<u32>(at);
    if (next == 0) break;
    const home = table + ((<usize>((next * 0x9e3779b1) >> 19)) << 3);
    const stays = free <= at ? free < home && home <= at : free < home || home <= at;
    if (stays) continue;
    store<u64>(free, load<u64>(at));
    free = at;
  }
  store<u64>(free, 0);
}

/** `size` keys, `times` times. */
export function run(size: i32, times: i32): void {
  let sum: u32 = 0;
  for (let n = 0; n < times; n++) {
    memory.fill(table, 0, SLOTS << 3);
    let key: u32 = 1 + n;
    for (let i = 0; i < size; i++) {
      key = key * 1664525 + 1013904223;
      put(key | 1, i);
    }
    key = 1 + n;
    for (let i = 0; i < size; i++) {
      key = key * 1664525 + 1013904223;
      sum += load<u32>(find(key | 1), 4);
      if ((i & 1) == 0) remove(key | 1);
    }
    key = 1 + n;
    for (let i = 0; i < size; i++) {
      key = key * 1664525 + 1013904223;
      sum += load<u32>(find(key | 1), 4) ^ load<u32>(find(key & ~1), 4);
    }
  }
  store<u32>(output, sum);
}
