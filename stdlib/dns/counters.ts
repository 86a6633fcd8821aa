/** What happened to messages and connections: one number a reason, for logs and monitoring. */

export namespace Dns {
  /** Connections that were taken, that found no place, and that gave theirs to a later one. */
  export const accepted = 0;
  export const refused = 1;
  export const evicted = 2;
  /** Connections that were closed since nothing came, or nothing was taken, for too long. */
  export const expired = 3;
  /** Messages that are too short to be one, or longer than any question. */
  export const badLength = 4;
  /** Messages in pieces that lost their place to later ones. */
  export const noPlace = 5;
  export const count = 6;
}

/** `Dns.count` of them. */
const counts: StaticArray<u64> = [0, 0, 0, 0, 0, 0];

export function count(reason: i32): void {
  counts[reason] += 1;
}

export function counted(reason: i32): u64 {
  return counts[reason];
}
