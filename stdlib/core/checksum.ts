/**
 * The Internet checksum, RFC 1071. Sums are 64 bits wide, either of bytes as `Bytes.sum` takes them, in the order in which they lie in
 * memory, or of numbers; both are folded to the same checksum, by the function for each.
 */

/** A sum of bytes to 16 bits. */
export function folded(sum: u64): u32 {
  return bswap<u16>(<u16>foldedNumber(sum));
}

/** A sum of numbers (of 16 bits, or of 32 bits that are two of them) to 16 bits. */
export function foldedNumber(sum: u64): u32 {
  // The upper half of a number plus the same with its halves exchanged is the sum of both halves with the carry come round.
  const half = <u32>((sum + rotl<u64>(sum, 32)) >> 32);
  return (half + rotl<u32>(half, 16)) >> 16;
}

/** A folded sum of bytes as it counts behind an odd number of other bytes. */
export function turned(sum: u32): u32 {
  return <u32>bswap<u16>(<u16>sum);
}

/** What a number of 64 bits adds to a sum of numbers. */
export function halves(value: u64): u64 {
  return (value & 0xffffffff) + (value >> 32);
}

/** A 16-bit number as it counts in a sum of bytes. */
export function word(value: u32): u64 {
  return <u64>bswap<u16>(<u16>value);
}

/** A 32-bit number as it counts in a sum of bytes. */
export function double(value: u32): u64 {
  return <u64>bswap<u32>(value);
}
