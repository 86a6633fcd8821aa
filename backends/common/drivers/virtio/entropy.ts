/** Unpredictable numbers from the host: the virtio entropy device (Virtual I/O Device 1.2, 5.4). */
import { fence, physical } from "../hw";
import { claim } from "./devices";
import { Queue, WRITE } from "./queue";

const ENTROPY: u32 = 4;
const EVENT_INDEX: u64 = 1 << 29;
/** Bytes asked for at a time, and words of them. */
const SUPPLY: u32 = 256;
const WORDS: u32 = SUPPLY / 8;
/** How long (in rounds of waiting) the host may take. */
const PATIENCE: u32 = 10_000_000;

const supply = new StaticArray<u64>(<i32>(2 * WORDS));
const queue = new Queue();
let first: usize = 0;
let left: u32 = 0;
let device = false;

/** Looks for the device, which is then reset: nothing that it gave before is used any more. */
export function open(): void {
  device = false;
  left = 0;
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

/** Is there a number to take? */
export function ready(): bool {
  if (left == 0 && device) refill();
  return left > 0;
}

/** After `ready`. */
export function take(): u64 {
  left -= 1;
  const at = first + 8 * left;
  const value = load<u64>(at);
  store<u64>(at, 0);
  return value;
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
    fence();
  }
  left = min(queue.usedLength(), SUPPLY) / 8;
  queue.take();
}
