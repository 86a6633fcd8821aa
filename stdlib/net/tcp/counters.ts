/** What happened to segments and connections: one number a reason, for logs and monitoring. */
import { Measures } from "../../core/measures";

export namespace Tcp {
  export const segmentsIn = 0;
  export const segmentsOut = 1;
  export const badHeader = 2;
  export const badChecksum = 3;
  export const noListener = 4;
  export const accepted = 5;
  export const refused = 6;
  export const full = 7;
  export const cookiesSent = 8;
  export const cookiesTaken = 9;
  export const retransmitted = 10;
  export const timeouts = 11;
  export const probes = 12;
  export const recoveries = 13;
  export const outOfOrder = 14;
  export const outOfWindow = 15;
  export const noMemory = 16;
  export const challenges = 17;
  export const paws = 18;
  export const resetsIn = 19;
  export const resetsOut = 20;
  export const perSource = 21;
  export const badAck = 22;
  export const recycled = 23;
  export const noBuffer = 24;
  export const duplicates = 25;
  export const abandoned = 26;
  export const unbelieved = 27;
  export const shortened = 28;
  export const count = 29;
}

/** `Tcp.count` of them. */
const counts: StaticArray<u64> = [
  0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
];

export function count(reason: i32): void {
  counts[reason] += 1;
}

export function counted(reason: i32): u64 {
  return counts[reason];
}

/** In the family that was named last. */
export function tell(to: Measures, labels: string, reason: i32): void {
  to.entry(labels, counts, reason);
}
