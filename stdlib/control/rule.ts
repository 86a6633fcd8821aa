/** What all rules have: something to do when a signal has changed, and when a time has come. */

export const NEVER: u64 = u64.MAX_VALUE;

/** What becomes of the output while the signal is not known. */
export namespace Unknown {
  export const safe: u32 = 0;
  export const keep: u32 = 1;
}

export abstract class Rule {
  /** The appliance has started. */
  abstract start(now: u64): void;
  abstract poll(now: u64): void;
  /** When it wants to be polled at the latest; 0: at once, since its signal has changed behind its back. */
  abstract deadline(): u64;
}

/** In the order of the description, those of a kind together. */
export const rules: Array<Rule> = [];
