/**
 * One family on one interface. RFC 6762 8: it asks three times whether its names are free, then tells all that it has, twice; after that it answers.
 *
 *   off ──address, carrier──> probing ──nobody has it──> telling ──twice──> answering
 *    ^ └─ gone ─────────────────┴──────────────────────────┘
 */
import { MOST_RECORDS } from "./records";

export const NEVER: u64 = u64.MAX_VALUE;

export namespace State {
  export const off: u32 = 0;
  export const probing: u32 = 1;
  export const telling: u32 = 2;
  export const answering: u32 = 3;
}

@final
export class Lane {
  state: u32 = State.off;
  /** Probes, or announcements, that were sent. */
  sent: u32 = 0;
  /** When the next of them is due. */
  at: u64 = NEVER;
  /** Addresses when it began: others are told anew. */
  addresses: u64 = 0;
  /** What is to be answered to all, and when. */
  pending: u64 = 0;
  pendingAt: u64 = NEVER;
  /** Who has said that more of what he knows will come: RFC 6762 7.2. */
  waitsForHigh: u64 = 0;
  waitsForLow: u64 = 0;
  /** When each record was last told to all. */
  readonly toldAt: StaticArray<u64> = new StaticArray<u64>(MOST_RECORDS);
  /** Answers to one alone that may still be given in this second. */
  tokens: u32 = 0;
  tokensAt: u64 = 0;

  constructor(
    readonly index: i32,
    readonly isIpv6: bool,
  ) {}

  reset(): void {
    this.state = State.off;
    this.at = NEVER;
    this.pending = 0;
    this.pendingAt = NEVER;
    this.waitsForHigh = 0;
    this.waitsForLow = 0;
    this.tokens = 0;
    this.tokensAt = 0;
    for (let n = 0; n < MOST_RECORDS; n++) this.toldAt[n] = 0;
  }

  probe(at: u64): void {
    this.state = State.probing;
    this.sent = 0;
    this.at = at;
    this.pending = 0;
    this.pendingAt = NEVER;
  }

  deadline(): u64 {
    return min(this.at, this.pendingAt);
  }
}
