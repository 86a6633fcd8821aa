/**
 * The addresses of IPv6 that this appliance has: RFC 4862 5. Each is nobody's until its link has been asked whether somebody else has it
 * (duplicate address detection).
 *
 *   free ──add──> tentative ──nobody answers──> ready ──valid time is over──> free
 *                     │ ^ └──somebody has it──> duplicate ─┐
 *                     │ └──────────── later ───────────────┘
 */
import { isJoined6 } from "../groups";
import { common, isLinkLocal, LINK_GROUPS, solicitedGroup } from "../header6";
import { Nic } from "../nic";
import { Address, NEVER, Own } from "../own";

/** Of all interfaces together. */
const MOST = 32;

const table = new StaticArray<Own>(MOST);
for (let n = 0; n < MOST; n++) table[n] = new Own();

export function each(index: i32): Own {
  return table[index];
}

export function places(): i32 {
  return MOST;
}

/** A new one, tentative; null when there is no place. */
export function add(nic: Nic, high: u64, low: u64): Own | null {
  for (let n = 0; n < MOST; n++) {
    const own = table[n];
    if (own.state != Address.free) continue;
    own.state = Address.tentative;
    own.nic = nic;
    own.high = high;
    own.low = low;
    own.isMade = false;
    own.conflicts = 0;
    own.preferredUntil = NEVER;
    own.validUntil = NEVER;
    own.at = 0;
    return own;
  }
  return null;
}

/** Whatever its state. */
export function find(nic: Nic, high: u64, low: u64): Own | null {
  for (let n = 0; n < MOST; n++) {
    const own = table[n];
    if (own.low == low && own.high == high && own.nic == nic && own.state != Address.free) return own;
  }
  return null;
}

/** The one that was made of this prefix of 64 bits, whatever its state. */
export function findMade(nic: Nic, high: u64): Own | null {
  for (let n = 0; n < MOST; n++) {
    const own = table[n];
    if (own.isMade && own.high == high && own.nic == nic && own.state != Address.free) return own;
  }
  return null;
}

/** Is it one of ours on this interface, and may it be used? */
export function isReady(nic: Nic, high: u64, low: u64): bool {
  const own = find(nic, high, low);
  return own != null && own.state == Address.ready;
}

/** Is it a group that this interface listens to: all nodes, or those in which one of its addresses is asked for? */
export function isListening(nic: Nic, high: u64, low: u64): bool {
  if (high != LINK_GROUPS) return false;
  if (low == 1 || isJoined6(low)) return true;
  for (let n = 0; n < MOST; n++) {
    const own = table[n];
    if (own.nic == nic && own.state != Address.free && solicitedGroup(own.low) == low) return true;
  }
  return false;
}

/** What packets to this address come from: RFC 6724 5, rules 1 to 3 and 8. Null: there is none. */
export function select(nic: Nic, high: u64, low: u64, now: u64): Own | null {
  let best: Own | null = null;
  let bestRank: u32 = 0;
  for (let n = 0; n < MOST; n++) {
    const own = table[n];
    if (own.state != Address.ready || own.nic != nic) continue;
    // Rule 1 is the longest prefix there can be. Rule 2: the scope; rule 3: not what is about to go.
    let rank = common(own.high, own.low, high, low) + 1;
    if (now < own.preferredUntil) rank += 256;
    if (isLinkLocal(own.high) == isLinkLocal(high)) rank += 512;
    if (rank > bestRank) {
      best = own;
      bestRank = rank;
    }
  }
  return best;
}

/** The address of this link that is ready; null if there is none. */
export function linkLocal(nic: Nic): Own | null {
  for (let n = 0; n < MOST; n++) {
    const own = table[n];
    if (own.state == Address.ready && own.nic == nic && isLinkLocal(own.high)) return own;
  }
  return null;
}
