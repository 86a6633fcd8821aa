/** What happened to messages and connections: one number a reason, for logs and monitoring. */
import { Bytes } from "../core/bytes";
import { Measures } from "../core/measures";

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
  /** Questions over UDP above the limit of their network. */
  export const limited = 6;
  /** Copies of zones that were given, and that were refused. */
  export const copied = 7;
  export const copyRefused = 8;
  /** Signatures that were not right. */
  export const badSignature = 9;
  /** Servers that have not answered to what they were told. */
  export const notifyUnanswered = 10;
  /** Zones that have come from other servers, attempts that came to nothing, and zones that became too old. */
  export const zonesTaken = 11;
  export const zonesFailed = 12;
  export const expiredZones = 13;
  /** What follows is counted only where somebody shows it: messages by transport, those without an answer, answers by their code up to 6 (RFC 2136 2.2), and all others. */
  export const overUdp = 14;
  export const overTcp = 15;
  export const unanswered = 16;
  export const responses = 17;
  export const OTHER = 7;
  export const count = 25;
}

/** `Dns.count` of them. */
const counts: StaticArray<u64> = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

export function count(reason: i32): void {
  counts[reason] += 1;
}

export function counted(reason: i32): u64 {
  return counts[reason];
}

/** A message has come by `transport`, and `size` bytes of `reply` are the answer. */
export function countAnswer(transport: i32, reply: Bytes, size: u32): void {
  count(transport);
  if (size == 0) count(Dns.unanswered);
  else count(Dns.responses + <i32>min<u32>(reply.u8(3) & 15, Dns.OTHER));
}

/** In the family that was named last. */
export function tell(to: Measures, labels: string, reason: i32): void {
  to.entry(labels, counts, reason);
}
