/** Sequence numbers: arithmetic modulo 2^32, RFC 9293 3.4. */

export function before(a: u32, b: u32): bool {
  return <i32>(a - b) < 0;
}

export function atMost(a: u32, b: u32): bool {
  return <i32>(a - b) <= 0;
}

/** The one that is later. */
export function later(a: u32, b: u32): u32 {
  return <i32>(a - b) > 0 ? a : b;
}

/** The one that is earlier. */
export function earlier(a: u32, b: u32): u32 {
  return <i32>(a - b) < 0 ? a : b;
}
