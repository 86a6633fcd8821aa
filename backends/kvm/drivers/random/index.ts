/** Unpredictable numbers: from the processor (RDRAND), else from the host (virtio entropy device, Virtual I/O Device 1.2, 5.4). */
import { cpuid, pause, physical, rdrand, rdtsc } from "../hw";
import { Queue, WRITE } from "../virtio/queue";
import { claim } from "./needs/virtio";

const ENTROPY: u32 = 4;
const EVENT_INDEX: u64 = 1 << 29;
const RDRAND: u32 = 1 << 30;
/** Bytes asked for at a time, and words of them. */
const SUPPLY: u32 = 256;
const WORDS: u32 = SUPPLY / 8;
/** How often the hardware is asked again, and how long (in rounds of waiting) the host may take. */
const TRIES = 16;
const PATIENCE: u32 = 10_000_000;

const supply = new StaticArray<u64>(<i32>(2 * WORDS));
const queue = new Queue();
let first: usize = 0;
let left: u32 = 0;
let processor = false;
let device = false;
/** Where there is no source: the time, mixed. Good against accidents, not against an enemy: no secret may be made of it. */
let state: u64 = 0;

export function start(): void {
  processor = (cpuid(1, 0, 2) & RDRAND) != 0;
  device = false;
  left = 0;
  state = rdtsc();
  if (!processor) openDevice();
}

function openDevice(): void {
  const transport = claim(ENTROPY);
  if (transport == null) return;
  const agreed = transport.begin(EVENT_INDEX);
  if (agreed == 0) return;
  if (!queue.open(transport, 0, 8, (agreed & EVENT_INDEX) != 0, false)) return;
  // A multiple of its size: it does not cross a page.
  first = (changetype<usize>(supply) + SUPPLY - 1) & ~(SUPPLY - 1);
  queue.describe(0, physical(first), SUPPLY, WRITE);
  transport.go();
  device = true;
}

export function random(): u64 {
  if (processor)
    for (let n = 0; n < TRIES; n++) {
      const value = rdrand();
      if (value != 0) return value;
    }
  if (left == 0 && device) refill();
  if (left > 0) {
    left -= 1;
    const at = first + 8 * left;
    const value = load<u64>(at);
    store<u64>(at, 0);
    return value;
  }
  return mixed();
}

/** The host answers at once, or it is asked no more. */
function refill(): void {
  queue.give(0);
  queue.publish();
  for (let patience = PATIENCE; !queue.hasUsed(); patience--) {
    if (patience == 0) {
      device = false;
      return;
    }
    pause();
  }
  left = min(queue.usedLength(), SUPPLY) / 8;
  queue.take();
}

/** SplitMix64 (Steele, Lea, Flood 2014) over the time stamp counter. */
function mixed(): u64 {
  state += wide(0x9e37_79b9, 0x7f4a_7c15) + rdtsc();
  let z = state;
  z = (z ^ (z >> 30)) * wide(0xbf58_476d, 0x1ce4_e5b9);
  z = (z ^ (z >> 27)) * wide(0x94d0_49bb, 0x1331_11eb);
  return z ^ (z >> 31);
}

function wide(high: u64, low: u64): u64 {
  return (high << 32) | low;
}
