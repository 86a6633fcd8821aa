/** Groups of the link that modules listen to, on all interfaces: 224.0.0.0/24 and ff02::/64. Null, and known to be to the compiler, where nobody does. */

export class Groups {
  /** Addresses of IPv4. */
  readonly four: Array<u32> = [];
  /** Lower halves of addresses of IPv6. */
  readonly six: Array<u64> = [];
}

let groups: Groups | null = null;

/** In `prepare`. */
export function join(four: u32, six: u64): void {
  if (groups == null) groups = new Groups();
  const all = groups!;
  if (!all.four.includes(four)) all.four.push(four);
  if (!all.six.includes(six)) all.six.push(six);
}

export function isJoined4(address: u32): bool {
  const all = groups;
  if (all == null) return false;
  for (let n = 0; n < all.four.length; n++) if (all.four[n] == address) return true;
  return false;
}

/** Does anybody listen to a group? Routers are told then, and ask: RFC 3376. */
export function hasGroups(): bool {
  return groups != null;
}

/** Of ff02::/64. */
export function isJoined6(low: u64): bool {
  for (let n = 0; n < count6(); n++) if (group6(n) == low) return true;
  return false;
}

export function count6(): i32 {
  const all = groups;
  return all == null ? 0 : all.six.length;
}

export function group6(n: i32): u64 {
  return groups!.six[n];
}

export function count4(): i32 {
  const all = groups;
  return all == null ? 0 : all.four.length;
}

export function group4(n: i32): u32 {
  return groups!.four[n];
}
