/** The Internet checksum, RFC 1071: sums as `Bytes.sum` makes them, in the order of bytes in memory. */

/** A 64-bit sum to 16 bits, in network order. */
export function folded(sum: u64): u32 {
  let rest = (sum & 0xffffffff) + (sum >> 32);
  rest = (rest & 0xffff) + ((rest >> 16) & 0xffff) + (rest >> 32);
  rest = (rest & 0xffff) + (rest >> 16);
  rest = (rest & 0xffff) + (rest >> 16);
  return bswap<u16>(<u16>rest);
}

/** A 16-bit number as it counts in a sum. */
export function word(value: u32): u64 {
  return <u64>bswap<u16>(<u16>value);
}

/** A 32-bit number as it counts in a sum. */
export function double(value: u32): u64 {
  return <u64>bswap<u32>(value);
}
