/** What happened to messages and addresses: one number a reason, for logs and monitoring. */
import { Measures } from "../../core/measures";

export namespace Dhcp6 {
  export const messagesIn = 0;
  export const messagesOut = 1;
  /** Malformed, or for somebody else. */
  export const ignored = 2;
  /** Not what was asked for, or saying what cannot be. */
  export const unexpected = 3;
  export const refusals = 4;
  export const conflicts = 5;
  export const renewals = 6;
  export const expiries = 7;
  export const count = 8;
}

/** `Dhcp6.count` of them. */
const counts: StaticArray<u64> = [0, 0, 0, 0, 0, 0, 0, 0];

export function count(reason: i32): void {
  counts[reason] += 1;
}

/** In the family that was named last. */
function tell(to: Measures, labels: string, reason: i32): void {
  to.entry(labels, counts, reason);
}

/** What is counted: see `core/measures.ts`. */
export function measure(to: Measures): void {
  to.counter("dhcp6_messages_received", "Messages of DHCPv6 servers.");
  tell(to, "", Dhcp6.messagesIn);
  to.counter("dhcp6_messages_sent", "Messages to DHCPv6 servers.");
  tell(to, "", Dhcp6.messagesOut);
  to.counter("dhcp6_messages_ignored", "Messages of DHCPv6 servers that were not used.");
  tell(to, 'reason="unusable"', Dhcp6.ignored);
  tell(to, 'reason="unexpected"', Dhcp6.unexpected);
  to.counter("dhcp6_leases", "What became of addresses of DHCPv6 servers.");
  tell(to, 'event="renewed"', Dhcp6.renewals);
  tell(to, 'event="expired"', Dhcp6.expiries);
  tell(to, 'event="refused"', Dhcp6.refusals);
  tell(to, 'event="declined"', Dhcp6.conflicts);
}
