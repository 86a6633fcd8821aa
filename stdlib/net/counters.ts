/** What happened to packets: one number a reason, for logs and monitoring. */
import { Measures } from "../core/measures";

export namespace Counter {
  export const framesIn = 0;
  export const framesOut = 1;
  export const notForUs = 2;
  export const unknownType = 3;
  export const tooShort = 4;
  export const noBuffer = 5;
  export const arpIgnored = 6;
  export const arpConflict = 7;
  export const ipBadHeader = 8;
  export const ipBadChecksum = 9;
  export const ipBadSource = 10;
  export const ipSourceRoute = 11;
  export const ipUnknownProtocol = 12;
  export const fragmentDropped = 13;
  export const fragmentTimeout = 14;
  export const icmpIgnored = 15;
  export const icmpLimited = 16;
  export const icmpBadChecksum = 17;
  export const udpBadLength = 18;
  export const udpBadChecksum = 19;
  export const udpNoPort = 20;
  export const udpNoAnswer = 21;
  export const udpIn = 22;
  export const udpOut = 23;
  export const noRoute = 24;
  export const unresolved = 25;
  export const ip6BadHeader = 26;
  export const ip6Unusable = 27;
  export const ip6Conflict = 28;
  export const ndpIgnored = 29;
  export const routerIgnored = 30;
  export const tooBigIn = 31;
  /** What a device said made no sense; frames from it that no buffer takes, or with an error; frames that it did not take. */
  export const linkNonsense = 32;
  export const linkRefused = 33;
  export const linkLost = 34;
  export const count = 35;
}

/** `Counter.count` of them. As a literal it lies at an address that is known when the program is compiled. */
const counts: StaticArray<u64> = [
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
];

export function count(reason: i32): void {
  counts[reason] += 1;
}

export function counted(reason: i32): u64 {
  return counts[reason];
}

/** In the family that was named last. */
export function show(to: Measures, labels: string, reason: i32): void {
  to.entry(labels, counts, reason);
}

/** Begins the family of all that was thrown away: its labels are `layer` and `reason`. */
export function showDrops(to: Measures): void {
  to.counter("net_dropped", "Packets that were thrown away, by layer and reason.");
}
