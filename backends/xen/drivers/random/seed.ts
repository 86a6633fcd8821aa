/**
 * Unpredictable numbers from a seed that the toolstack wrote into XenStore, for processors without RDRAND: SipHash in counter mode, whose key is replaced
 * again and again so that no earlier number can be found from it. A seed is used once: it is taken away where the guest may, and time is part of the key in any case.
 */
import { siphash } from "../../../../stdlib/core/siphash";
import { kept, load64, rdtsc, store64 } from "../hw";
import { SEED } from "../kept";
import * as store from "./needs/store";

const PLACE = "vm-data/appl-seed";
/** Characters at least: 128 bits even if they are only hexadecimal digits. */
const LEAST: u32 = 32;
/** Numbers of one key. */
const OF_A_KEY: u64 = 64;

let key0: u64 = 0;
let key1: u64 = 0;
let count: u64 = 0;

/** False when there is no seed, or too short a one. */
export function start(): bool {
  const at = kept() + SEED;
  key0 = load64(at);
  key1 = load64(at + 8);
  count = 0;
  if ((key0 | key1) == 0 && !readSeed()) return false;
  absorb(rdtsc());
  store64(at, siphash(key0, key1, 2, 0, 0, 0));
  store64(at + 8, siphash(key0, key1, 3, 0, 0, 0));
  return true;
}

function readSeed(): bool {
  name();
  if (!store.read() || store.length < LEAST) return false;
  for (let n: u32 = 0; n < store.length; n++) {
    absorb(<u64>store.answer[<i32>n]);
    store.answer[<i32>n] = 0;
  }
  name();
  store.remove();
  return true;
}

function name(): void {
  store.begin();
  store.text(PLACE);
}

/** The key becomes another one, of which this is a part. */
function absorb(word: u64): void {
  const next = siphash(key0, key1, 0, word, 0, 0);
  key1 = siphash(key0, key1, 1, word, 0, 0);
  key0 = next;
}

export function take(): u64 {
  if (count == OF_A_KEY) {
    absorb(rdtsc());
    count = 0;
  }
  count += 1;
  return siphash(key0, key1, 4, count, 0, 0);
}
