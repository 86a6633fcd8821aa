/** What others must not be able to guess: SipHash-2-4 under a key of this start. */
import { siphash } from "../../core/siphash";
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

/** A hash of three words for `purpose` (each has values of its own). */
export function hashed(purpose: u64, a: u64, b: u64, c: u64): u64 {
  return siphash(key0, key1, purpose, a, b, c);
}

/** For tests against the published vectors. */
export function useKey(first: u64, second: u64): void {
  key0 = first;
  key1 = second;
}
