/** What others must not be able to guess: SipHash-2-4 under a key of this start. */
import { random } from "./needs/random";

let key0: u64 = 0;
let key1: u64 = 0;
let factor: u64 = 1;

/** At every start. */
export function begin(): void {
  key0 = random();
  key1 = random();
  factor = random() | 1;
}

/** Which connection this is, for tables: quick, and nobody knows who shares a place with whom. */
export function placed(high: u64, low: u64, ports: u32): u32 {
  let mixed = (low ^ ((<u64>ports) << 32) ^ key1) * factor;
  mixed = (mixed ^ (mixed >> 32) ^ high ^ key0) * factor;
  return <u32>(mixed >> 32);
}

// biome-ignore-start lint/correctness/noPrecisionLoss: u64 in AssemblyScript
let v0: u64 = 0;
let v1: u64 = 0;
let v2: u64 = 0;
let v3: u64 = 0;

/** SipHash-2-4 of four words, for `purpose` (each has values of its own). */
export function hashed(purpose: u64, a: u64, b: u64, c: u64): u64 {
  v0 = key0 ^ 0x736f6d6570736575;
  v1 = key1 ^ 0x646f72616e646f6d;
  v2 = key0 ^ 0x6c7967656e657261;
  v3 = key1 ^ 0x7465646279746573;
  absorb(purpose);
  absorb(a);
  absorb(b);
  absorb(c);
  absorb((<u64>32) << 56);
  v2 ^= 0xff;
  round();
  round();
  round();
  round();
  return v0 ^ v1 ^ v2 ^ v3;
}
// biome-ignore-end lint/correctness/noPrecisionLoss: u64 in AssemblyScript

function absorb(word: u64): void {
  v3 ^= word;
  round();
  round();
  v0 ^= word;
}

function round(): void {
  v0 += v1;
  v2 += v3;
  v1 = rotl<u64>(v1, 13) ^ v0;
  v3 = rotl<u64>(v3, 16) ^ v2;
  v0 = rotl<u64>(v0, 32);
  v2 += v1;
  v0 += v3;
  v1 = rotl<u64>(v1, 17) ^ v2;
  v3 = rotl<u64>(v3, 21) ^ v0;
  v2 = rotl<u64>(v2, 32);
}

/** For tests against the published vectors. */
export function useKey(first: u64, second: u64): void {
  key0 = first;
  key1 = second;
}
