/** Who has sent the question that is being answered. */

import { access, rate, secondary, transfer } from "../parts";

/** Does it matter? */
export const ASKERS: bool = access || rate || secondary || transfer;

/** The address; IPv4 in the lower half. */
export let high: u64 = 0;
export let low: u64 = 0;
/** Number of the key that it is signed with; NO_KEY: it is not. */
export let key: i32 = -1;

export const NO_KEY: i32 = -1;

export function set(newHigh: u64, newLow: u64): void {
  high = newHigh;
  low = newLow;
}

export function setKey(number: i32): void {
  key = number;
}
