/** What addresses and masks may be, whoever tells them. */

/** May a machine have it? RFC 1122 3.2.1.3: not 0/8, not loopback, no group, nothing reserved. */
export function isHost(address: u32): bool {
  const top = address >> 24;
  return top != 0 && top != 127 && top < 224;
}

/** Ones, and then zeros: RFC 1519, 950. At least one of them. */
export function isMask(mask: u32): bool {
  const rest = ~mask;
  return mask != 0 && (rest & (rest + 1)) == 0;
}

/** May a machine of a network with this mask have it? Neither the network itself nor all of its machines, but where there are only two (RFC 3021) or one. */
export function isHostOf(address: u32, mask: u32): bool {
  if (!isHost(address)) return false;
  const rest = ~mask;
  return rest <= 1 || ((address & rest) != 0 && (address & rest) != rest);
}

/** The mask of the class of an address, RFC 791 2.3: for a server that tells none. */
export function classMask(address: u32): u32 {
  const top = address >> 24;
  return top < 128 ? 0xff000000 : top < 192 ? 0xffff0000 : 0xffffff00;
}
