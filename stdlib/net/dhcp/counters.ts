/** What happened to messages and leases: one number a reason, for logs and monitoring. */
import { Measures } from "../../core/measures";

export namespace Dhcp {
  export const messagesIn = 0;
  export const messagesOut = 1;
  /** Malformed, for somebody else, or saying what cannot be. */
  export const ignored = 2;
  /** Not what was asked for. */
  export const unexpected = 3;
  export const refusals = 4;
  export const conflicts = 5;
  export const renewals = 6;
  export const expiries = 7;
  export const count = 8;
}

/** `Dhcp.count` of them. */
const counts: StaticArray<u64> = [0, 0, 0, 0, 0, 0, 0, 0];

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
