/**
 * Answers that one network is given over UDP, where everybody can ask in another's name: as many as `rate` says at once, then one in its share
 * of the time. Of what is too much, every second question gets an answer that sends whoever it was to TCP.
 */
import { isSmall } from "../../core/machine";
import { siphash } from "../../core/siphash";
import { now } from "../needs/clock";
import * as random from "../needs/random";
import { high, low } from "./asker";

/** Networks that fall together share a limit: with a key that nobody knows, so that nobody chooses with whom. */
const BUCKETS: i32 = isSmall ? 256 : 4096;
/** Of each the time at which all that it was given is paid for. */
let due: StaticArray<u64> = [];
let key0: u64 = 0;
let key1: u64 = 0;
/** Nanoseconds for one answer, and for as many as there may be at once. */
let share: u64 = 0;
let burst: u64 = 0;
let refused: u32 = 0;

/** In `prepare`. */
export function setRate(count: u64, per: u64): void {
  share = max<u64>(per / max<u64>(count, 1), 1);
  burst = max<u64>(per, share);
  due = new StaticArray<u64>(BUCKETS);
}

export function start(): void {
  key0 = random.random();
  key1 = random.random();
  for (let n = 0; n < due.length; n++) due[n] = 0;
}

/** May whoever asks be given an answer? IPv4 /24, IPv6 /56. */
export function mayAnswer(): bool {
  const network = high == 0 ? low >> 8 : high >> 8;
  const bucket = <i32>(siphash(key0, key1, network, high == 0 ? 4 : 6, 0, 0) & <u64>(BUCKETS - 1));
  const at = now();
  const next = max(due[bucket], at) + share;
  if (next - at > burst) return false;
  due[bucket] = next;
  return true;
}

/** Is this one of the answers that are refused told to ask over TCP? */
export function isTold(): bool {
  refused += 1;
  return (refused & 1) == 0;
}
