/**
 * Addresses that are made here: RFC 7217. The lower half is a hash of the prefix, the hardware address and how many of them were taken; so it stays
 * the same on every start in one network, and says nothing of the machine to others. What RFC 7217 calls the secret is a constant of the
 * standard library: an image has none of its own, and a random one would be another one at every start. So who knows the hardware address can tell
 * which addresses it has; who sees an address cannot tell the hardware address but by trying all there are.
 */
import { siphash } from "../../core/siphash";
import { Nic } from "../nic";

// biome-ignore-start lint/correctness/noPrecisionLoss: u64 in AssemblyScript
/** The bytes of "appl IPv6 identi" */
const KEY0: u64 = 0x6170706c20495076;
const KEY1: u64 = 0x36206964656e7469;
// biome-ignore-end lint/correctness/noPrecisionLoss: u64 in AssemblyScript
/** RFC 5453: of these no host has any. Subnet-router anycast; what was reserved for anycast; IANA's own. */
function isReserved(low: u64): bool {
  return low == 0 || ~low >> 7 == 0x4000000000000 || low >> 24 == 0x02005efffe;
}

/** The lower half of an address in a prefix of 64 bits, after so many that were taken. */
export function identify(nic: Nic, high: u64, conflicts: u32): u64 {
  let low: u64 = 0;
  for (let n: u64 = 0; isReserved(low); n++) low = siphash(KEY0, KEY1, high, nic.mac, <u64>conflicts, n);
  return low;
}
