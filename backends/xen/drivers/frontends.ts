/** Drivers of devices whose other sides are in other domains: whichever are in an image, the loop serves them all. */

export abstract class Frontends {
  /** After sleep: these watches have fired in XenStore. */
  abstract serve(fired: u64): void;
  /** Before sleep: every device will have an event. False when there is something to do already. */
  abstract rest(): bool;
}

const MOST_KINDS = 2;
const kinds = new StaticArray<Frontends | null>(MOST_KINDS);
let count = 0;

/** In `prepare`. */
export function add(frontends: Frontends): void {
  kinds[count++] = frontends;
}

export function serve(fired: u64): void {
  for (let n = 0; n < count; n++) kinds[n]!.serve(fired);
}

export function rest(): bool {
  for (let n = 0; n < count; n++) if (!kinds[n]!.rest()) return false;
  return true;
}
