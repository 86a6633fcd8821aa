/** The virtio devices that were found, and their queues while the machine sleeps. */
import { Queue } from "./queue";
import { CHANGED, Kind, Transport } from "./transport";

const MOST_DEVICES = 8;
export const transports = new StaticArray<Transport>(MOST_DEVICES);
for (let n = 0; n < MOST_DEVICES; n++) transports[n] = new Transport();
let count = 0;

const watched = new StaticArray<Queue | null>(MOST_DEVICES);
let watching = 0;

/** Nobody drives them yet. `found`: how many of `transports` are devices. */
export function begin(found: i32): void {
  watching = 0;
  count = found;
}

/** The next device of this type that nobody drives yet. */
export function claim(type: u32): Transport | null {
  for (let n = 0; n < count; n++) {
    const transport = transports[n];
    if (transport.type != type || transport.claimed) continue;
    transport.claimed = true;
    return transport;
  }
  return null;
}

/** What the device uses in this queue ends sleep. */
export function watch(queue: Queue): void {
  watched[watching++] = queue;
}

/** Before sleep: every watched queue will interrupt. False when there is something to do already. */
export function rest(): bool {
  for (let n = 0; n < watching; n++) if (!watched[n]!.rest()) return false;
  return true;
}

/** After sleep: the devices behind these interrupts let go of their lines, and are quiet until `rest`. */
export function woken(bits: u64): void {
  for (let n = 0; n < watching; n++) {
    const queue = watched[n]!;
    const transport = queue.transport!;
    if ((transport.bits & bits) == 0) continue;
    if (transport.kind != Kind.mmio) {
      if ((transport.configBits & bits) != 0) transport.changed = true;
    } else if (queue.hasUsed()) transport.settleUsed();
    else if ((transport.settle() & CHANGED) != 0) transport.changed = true;
    queue.quiet();
  }
}
